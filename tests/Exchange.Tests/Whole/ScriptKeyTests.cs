using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Ivr;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Keys and menus on a call from a peer exchange, and what a script asks for that is not there.</summary>
public sealed class ScriptKeyTests : ScriptTests
{
    [Theory]
    [InlineData(false, "key ?", "entered ?")]
    [InlineData(true, "key 1", "entered 1")]
    public async Task A_key_stops_the_prompt_its_choice_is_heard_and_the_trace_shows_the_key_only_when_it_may(bool shown, string key, string entry)
    {
        Loopback.Ports.ShowsKeys = shown;
        await File.WriteAllBytesAsync(Loopback.Prompts.At("menu.wav"), WavFiles.Sine(30, 800));
        await File.WriteAllBytesAsync(Loopback.Prompts.At("one.wav"), WavFiles.Sine(0.5, 1200));
        Scripts.With(Url, Menu("1", new Verb.Play("one.wav", Repeat: false, Timeout: null, Line: 3)) with
        {
            Prompts = [new Verb.Play("menu.wav", Repeat: true, Timeout: null, Line: 2)],
        });
        var call = await CallAsync();
        await Audio.HearToneAsync(800);

        await Audio.SendDigitAsync('1');
        await Audio.HearToneAsync(1200);

        await call.ExpectByeAsync();
        await Loopback.QuietAsync();
        var trace = Loopback.Ports.Find(Loopback.Ports.Ended.Single().Id)!.Where(e => e.Kind == "script").Select(e => e.Summary);
        Assert.Equal(["UserInput, line 1", "Play, line 2", key, entry, "Play, line 3"], trace);
    }

    [Fact]
    public async Task A_long_entry_goes_to_its_address_with_every_key_once_and_repeated_ones_twice()
    {
        Scripts.With("pin", new Verb.HangUp(null, Line: 7))
            .With(Url, Menu("1") with { MinDigits = 5, MaxDigits = 5, Url = "pin", FirstDigit = TimeSpan.FromSeconds(30), InterDigit = TimeSpan.FromSeconds(30) });
        var call = await CallAsync();

        foreach (var key in "11*#7")
            await Audio.SendDigitAsync(key);

        await call.ExpectByeAsync();
        var asked = Scripts.Asked.Last();
        Assert.Equal((ScriptOccasion.DtmfEntered, "11*#7", Url), (asked.Occasion, asked.Entry?.Digits, asked.Base));
        await Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_menu_nobody_answers_is_left()
    {
        Scripts.With(Url, Menu("1") with { FirstDigit = TimeSpan.FromMilliseconds(50) }, new Verb.HangUp(null, Line: 9));

        var call = await CallAsync();

        await call.ExpectByeAsync();
        Assert.Equal("script (Hangup, line 9) NORMAL_CLEARING", Loopback.Why(await Loopback.EndedAsync()));
        await Loopback.QuietAsync();
    }

    [Fact]
    public async Task Keys_and_a_beep_reach_the_party()
    {
        Scripts.With(Url, new Verb.Delay(TimeSpan.FromMilliseconds(300), Line: 1), new Verb.Beep(Line: 2), new Verb.SendDigits("42#", Line: 3), new Verb.Delay(TimeSpan.FromSeconds(1), Line: 4));

        var call = await CallAsync();
        await Audio.HearToneAsync(1000);

        await call.ExpectByeAsync();
        Assert.Equal("42#", Audio.Digits());
        await Loopback.QuietAsync();
    }

    [Fact]
    public async Task What_the_server_cannot_do_is_reported_and_the_script_goes_on()
    {
        Scripts.With(
            Url,
            new Verb.SendMessage("sms", null, "hi", Line: 3),
            new Verb.WaitForMessage("sms", null, TimeSpan.FromMinutes(1), [], [], [], Line: 4),
            new Verb.Transfer(["555"], TimeSpan.FromSeconds(5), null, Line: 5),
            new Verb.Order("Call", new CallCommand.Originate { Dialect = "ozeki", Account = "demo", Caller = new Party("900"), Dialed = "555", Then = new OnAnswer.Wait() }, Line: 6),
            new Verb.Delay(TimeSpan.FromSeconds(1), Line: 7),
            new Verb.HangUp(null, Line: 8));

        var call = await CallAsync();

        await call.ExpectByeAsync();
        Assert.Equal("script (Hangup, line 8) NORMAL_CLEARING", Loopback.Why(await Loopback.EndedAsync()));
        await Loopback.QuietAsync();
        Assert.Equal(
            [
                "BlindTransfer failed: UnallocatedNumber", "Call was refused: NoRoute",
                "SendMsg is not available", "WaitForMsg is not available",
            ],
            Loopback.Ports.Events.OfType<ScriptFailed>().Select(f => f.Message).Order(StringComparer.Ordinal));
    }

    private static Verb.Gather Menu(string key, params Verb[] verbs) =>
        new("UserInput", [], 1) { FirstDigit = TimeSpan.FromSeconds(30), Choices = [new GatherChoice(key, [.. verbs])] };
}
