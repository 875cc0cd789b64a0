using Switchhook.Calls.Causes;
using Switchhook.Ivr.Simulation;

namespace Switchhook.Dialects.Tests.Catapult.Bxml;

/// <summary>Whole calls steered by documents, run by the real interpreter on virtual time.</summary>
public sealed class BxmlStoryTests
{
    private readonly SimulatedWeb _web = new();

    [Fact]
    public async Task A_menu_is_walked_by_keys_from_document_to_document()
    {
        _web.Answer(BxmlWorld.Url, "<Response><Gather requestUrl='/menu' maxDigits='1'><SpeakSentence>For sales press one.</SpeakSentence></Gather></Response>")
            .Answer("http://pbx.example.org/menu", "<Response><SpeakSentence>Sales is closed.</SpeakSentence><Hangup/></Response>");

        var story = await PlayAsync("1@500ms");

        Assert.Equal(["\"For sales press one.\"", "\"Sales is closed.\""], story.Of(SimulationKind.Hears));
        Assert.Collection(
            story.Of(SimulationKind.Request),
            r => Assert.StartsWith($"GET {BxmlWorld.Url}?eventType=incomingcall&", r, StringComparison.Ordinal),
            r => Assert.StartsWith($"GET {BxmlWorld.Url}?eventType=answer&", r, StringComparison.Ordinal),
            r => Assert.StartsWith("GET http://pbx.example.org/menu?eventType=gather&state=completed&reason=max-digits&digits=1&", r, StringComparison.Ordinal));
        Assert.Equal((SimulationEnd.ScriptHungUp, 0), (story.End, story.Errors));
    }

    [Fact]
    public async Task Nothing_pressed_at_the_last_Gather_is_told_and_without_a_document_the_call_ends_after_half_a_minute()
    {
        _web.Answer(BxmlWorld.Url, "<Response><Gather requestUrl='/menu' interDigitTimeout='4'/></Response>").Answer("http://pbx.example.org/menu", "");

        var story = await PlayAsync("");

        Assert.Contains("reason=inter-digit-timeout&digits=&", story.Of(SimulationKind.Request).Last(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(34), story.At);
    }

    [Fact]
    public async Task A_Gather_before_another_verb_tells_what_was_entered_and_goes_on_and_nothing_is_not_told()
    {
        _web.Answer(BxmlWorld.Url, "<Response><Gather requestUrl='/pin' maxDigits='4'/><SpeakSentence>Thank you.</SpeakSentence><Hangup/></Response>")
            .Answer("http://pbx.example.org/pin", "<Response><SpeakSentence>Never heard.</SpeakSentence></Response>");

        var entered = await PlayAsync("417#@1s");
        var silent = await PlayAsync("");

        Assert.Contains("reason=terminating-digit&digits=417&terminatingDigit=%23&", entered.Of(SimulationKind.Request).Last(), StringComparison.Ordinal);
        Assert.Equal(["\"Thank you.\""], entered.Of(SimulationKind.Hears));
        Assert.DoesNotContain(silent.Of(SimulationKind.Request), static r => r.Contains("gather", StringComparison.Ordinal));
        Assert.Equal(["\"Thank you.\""], silent.Of(SimulationKind.Hears));
    }

    [Fact]
    public async Task A_caller_who_hangs_up_in_the_middle_of_an_entry_is_told_so()
    {
        _web.Answer(BxmlWorld.Url, "<Response><Gather requestUrl='/pin' maxDigits='4'/></Response>").Answer("http://pbx.example.org/pin", "");

        var story = await PlayAsync("41@1s", hangUp: TimeSpan.FromSeconds(3));

        Assert.Contains("reason=hung-up&digits=41&", story.Of(SimulationKind.Request).Last(), StringComparison.Ordinal);
        Assert.Equal(SimulationEnd.CallerHungUp, story.End);
    }

    [Fact]
    public async Task A_transfer_nobody_takes_goes_on_with_the_next_verb_and_one_that_leads_nowhere_hangs_up()
    {
        _web.Answer(BxmlWorld.Url, "<Response><Transfer transferTo='101' callTimeout='20'/><SpeakSentence>Nobody is free.</SpeakSentence><Hangup/></Response>");

        var silent = await PlayAsync("", dial: static _ => HangupCause.NoAnswer);
        var nowhere = await PlayAsync("", dial: static _ => HangupCause.UnallocatedNumber);
        var taken = await PlayAsync("", dial: static _ => null);

        Assert.Equal(["\"Nobody is free.\""], silent.Of(SimulationKind.Hears));
        Assert.Empty(nowhere.Of(SimulationKind.Hears));
        Assert.Equal(["the script hangs up: Transfer, line 1"], nowhere.Of(SimulationKind.Ended));
        Assert.Equal(SimulationEnd.Transferred, taken.End);
    }

    [Fact]
    public async Task A_recording_is_told_while_the_document_goes_on()
    {
        _web.Answer(BxmlWorld.Url, "<Response><Record requestUrl='/rec' terminatingDigits='#' maxDuration='20'/><SpeakSentence>Thank you.</SpeakSentence><Hangup/></Response>")
            .Answer("http://pbx.example.org/rec", "<Response><Hangup/></Response>");

        var story = await PlayAsync("#@6s");

        Assert.Contains("eventType=recording&", story.Of(SimulationKind.Request).Last(), StringComparison.Ordinal);
        Assert.Equal(["\"Thank you.\""], story.Of(SimulationKind.Hears));
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_hangs_up_and_says_why()
    {
        _web.Answer(BxmlWorld.Url, "<Response><Dance/></Response>");

        var story = await PlayAsync("");

        Assert.Equal([$"{BxmlWorld.Url}: Dance, line 1: unknown verb"], story.Of(SimulationKind.Error));
        Assert.Equal(["the script hangs up: answer"], story.Of(SimulationKind.Ended));
    }

    [Fact]
    public async Task A_redirection_replaces_the_document()
    {
        _web.Answer(BxmlWorld.Url, "<Response><Redirect requestUrl='next'/><SpeakSentence>Never.</SpeakSentence></Response>")
            .Answer("http://pbx.example.org/next", "<Response><SpeakSentence>Here.</SpeakSentence><Hangup/></Response>");

        var story = await PlayAsync("");

        Assert.Equal(["\"Here.\""], story.Of(SimulationKind.Hears));
    }

    [Fact]
    public async Task A_call_without_a_document_is_left_to_whoever_steers_it()
    {
        _web.Answer(BxmlWorld.Url, "");

        var story = await PlayAsync("");

        Assert.DoesNotContain(story.Of(SimulationKind.Ended), static e => e.Contains("hangs up", StringComparison.Ordinal));
    }

    private async Task<SimulationResult> PlayAsync(string keys, TimeSpan? hangUp = null, Func<string, HangupCause?>? dial = null)
    {
        Assert.True(SimulatedKeys.TryParse(keys, out var pressed, out _));
        return await BxmlWorld.PlayAsync(_web, new SimulationOptions { Keys = pressed, HangUpAt = hangUp, Dial = dial }, TestContext.Current.CancellationToken);
    }
}
