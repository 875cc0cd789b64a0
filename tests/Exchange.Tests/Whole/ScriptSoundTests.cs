using Switchhook.Calls.Audio;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Ivr;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Scripts that record their party and put it into a conference.</summary>
public sealed class ScriptSoundTests : ScriptTests
{
    [Fact]
    public async Task A_recording_ends_at_its_key_and_its_address_is_told()
    {
        Scripts.With(Url, new Verb.Record("wav", null, null, "#", "http://127.0.0.1/done", null, Line: 1)).With("http://127.0.0.1/done", new Verb.HangUp(null, Line: 9));
        var call = await CallAsync();
        await Loopback.Ports.EventAsync(e => e is RecordingStarted);

        await Audio.SendDigitAsync('#');

        await call.ExpectByeAsync();
        var asked = Scripts.Asked.Last();
        Assert.Equal(ScriptOccasion.RecordCompleted, asked.Occasion);
        Assert.EndsWith("-1.wav", asked.Recording!.Url, StringComparison.Ordinal);
        await Loopback.QuietAsync();
    }

    [Theory]
    [InlineData("vm/601", true)]
    [InlineData("../outside", false)]
    public async Task A_recording_goes_into_the_folder_of_the_script_too_unless_it_leads_out(string folder, bool copied)
    {
        Scripts.With(Url, new Verb.Record("wav", null, null, "#", "http://127.0.0.1/done", folder, Line: 1)).With("http://127.0.0.1/done", new Verb.HangUp(null, Line: 9));
        var call = await CallAsync();
        await Loopback.Ports.EventAsync(e => e is RecordingStarted);

        await Audio.SendDigitAsync('#');
        await call.ExpectByeAsync();
        await Loopback.QuietAsync();

        string[] Copies() => [.. Directory.EnumerateFiles(Loopback.Prompts.Path, "*-1.wav", SearchOption.AllDirectories).Where(f => f.Contains(Path.GetFullPath(Path.Combine(Loopback.Prompts.At("recordings"), folder)), StringComparison.Ordinal))];
        if (copied)
            await TestKit.Timing.Eventually.TrueAsync(() => Copies().Length == 1, "the copy", TimeSpan.FromSeconds(30));
        else
            Assert.Empty(Copies());
    }

    [Theory]
    [InlineData("taken", "taken")]
    [InlineData("../outside", "'../outside' is outside the recordings")]
    public async Task A_copy_of_a_recording_that_cannot_be_made_is_in_the_trace_of_its_call(string folder, string why)
    {
        Directory.CreateDirectory(Loopback.Prompts.At("recordings"));
        await File.WriteAllTextAsync(Loopback.Prompts.At("recordings/taken"), "a file where the folder would be");
        Scripts.With(Url, new Verb.Record("wav", null, null, "#", "http://127.0.0.1/done", folder, Line: 1)).With("http://127.0.0.1/done", new Verb.HangUp(null, Line: 9));
        var call = await CallAsync();
        var started = await Loopback.Ports.EventAsync(e => e is RecordingStarted);

        await Audio.SendDigitAsync('#');
        await call.ExpectByeAsync();

        await TestKit.Timing.Eventually.TrueAsync(
            () => Loopback.Ports.Find(started.Call.Id)!.Any(t => t is { Kind: "note" } && t.Summary.StartsWith("the recording was not copied: ", StringComparison.Ordinal) && t.Summary.Contains(why, StringComparison.Ordinal)),
            "the line of the trace", TimeSpan.FromSeconds(30));
        Assert.Contains(Scripts.Asked, r => r.Recording?.Url is not null);
        await Loopback.QuietAsync();
    }

    [Theory]
    [InlineData("/done?job=7", "http://127.0.0.1/done?job=7")]
    [InlineData("https://app.test/done", "https://app.test/done")]
    [InlineData("file:///etc/passwd", null)]
    [InlineData(null, null)]
    public async Task Who_is_told_of_a_recording_after_a_crash_is_kept_with_it(string? finishedUrl, string? kept)
    {
        Scripts.With(Url, new Verb.Record("wav", null, null, "#", finishedUrl, null, Line: 1));
        var call = await CallAsync();
        await Loopback.RecordingFileAsync();

        var terms = Assert.Single(Loopback.Exchange.Live()[0].Audio.Recordings).Terms;
        await call.HangUpAsync();

        Assert.Equal((null, kept), (terms.Callback, terms.CallbackAfterCrash?.Url));
        await Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_caller_who_hangs_up_while_recorded_has_left_a_recording_all_the_same()
    {
        Scripts.With(Url, new Verb.Record("wav", null, null, "#", "http://127.0.0.1/done", null, Line: 1));
        var call = await CallAsync();
        await Loopback.RecordingFileAsync();

        await call.HangUpAsync();

        var ended = (RecordingEnded)await Loopback.Ports.EventAsync(e => e is RecordingEnded);
        Assert.Equal(RecordingEnding.HungUp, ended.Outcome.Ending);
        await TestKit.Timing.Eventually.GetAsync(
            () => Task.FromResult(Scripts.Asked.Any(r => r.Occasion == ScriptOccasion.RecordCompleted && r.Recording?.Url is not null)), told => told, "the address of the recording is told");
        await Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_script_puts_its_party_into_a_conference_until_the_party_hangs_up()
    {
        Scripts.With(Url, new Verb.Conference("R1", Muted: true, Line: 1));
        var call = await CallAsync();
        var joined = (ConferenceJoined)await Loopback.Ports.EventAsync(e => e is ConferenceJoined);

        await call.HangUpAsync();

        await Loopback.Ports.EventAsync(e => e is ConferenceLeft { Why: ConferenceLeaving.HungUp });
        Assert.Equal(new RoomName("demo", "R1"), joined.Room);
        await Loopback.QuietAsync();
    }
}
