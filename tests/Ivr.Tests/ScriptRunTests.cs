using System.Collections.Immutable;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Scripts;

namespace Switchhook.Ivr.Tests;

public class ScriptRunTests
{
    private static readonly ScriptRef Ref = ScriptTable.Ref;

    [Fact]
    public void An_incoming_call_is_answered_only_after_its_script_was_fetched()
    {
        var begun = ScriptRun.ForIncoming(Ref);

        var fetched = begun.Next.On(Loaded(Speak("hi")));
        var answered = fetched.Next.On(new ScriptInput.Answered());

        Assert.Equal([new ScriptEffect.Fetch(Ref, ScriptOccasion.IncomingCall, null)], begun.Effects);
        Assert.Equal([new ScriptEffect.Answer()], fetched.Effects);
        Assert.Equal([new ScriptEffect.Speak("hi", null, null)], Deeds(answered));
    }

    [Fact]
    public void Reject_as_first_verb_refuses_the_call_and_nothing_after_it_runs()
    {
        var begun = ScriptRun.ForIncoming(Ref);

        var step = begun.Next.On(Loaded(new Verb.Reject(1), Speak("never")));

        Assert.Equal([new ScriptEffect.Reject("Reject", 1)], Deeds(step));
        Assert.True(step.Next.HasEnded);
    }

    [Fact]
    public void Reject_as_second_verb_is_reported_and_the_script_goes_on()
    {
        var answering = ScriptRun.ForIncoming(Ref).Next.On(Loaded(Speak(""), new Verb.Reject(2), Speak("on"))).Next;

        var step = answering.On(new ScriptInput.Answered());

        Assert.Equal([new ScriptEffect.Report(303, "OutOfPlace Reject"), new ScriptEffect.Speak("on", null, null)], Deeds(step));
    }

    [Fact]
    public void Reject_on_a_call_that_is_already_answered_is_reported()
    {
        var connected = ScriptRun.ForConnected(Ref).Next;

        var step = connected.On(Loaded(new Verb.Reject(1)));

        Assert.Equal([new ScriptEffect.Report(303, "OutOfPlace Reject"), new ScriptEffect.HangUp(ScriptRun.EndOfScript, 0)], Deeds(step));
    }

    [Fact]
    public void Verbs_that_take_time_wait_for_each_other_and_the_end_of_the_script_hangs_up()
    {
        var run = ScriptRun.ForConnected(Ref).Next;

        var play = run.On(Loaded(new Verb.Play("a.wav", false, null, 1), new Verb.Delay(TimeSpan.FromSeconds(1), 2), Speak("bye")));
        var delay = play.Next.On(new ScriptInput.AudioEnded());
        var speak = delay.Next.On(new ScriptInput.TimerFired());
        var end = speak.Next.On(new ScriptInput.AudioEnded());

        Assert.Equal([new ScriptEffect.PlayFile("a.wav", false)], Deeds(play));
        Assert.Equal([new ScriptEffect.StartTimer(TimeSpan.FromSeconds(1))], Deeds(delay));
        Assert.Equal([new ScriptEffect.Speak("bye", null, null)], Deeds(speak));
        Assert.Equal([new ScriptEffect.HangUp(ScriptRun.EndOfScript, 0)], Deeds(end));
        Assert.True(end.Next.HasEnded);
    }

    [Fact]
    public void A_timeout_stops_the_audio_and_the_next_verb_follows()
    {
        var playing = ScriptRun.ForConnected(Ref).Next.On(Loaded(new Verb.Play("a.wav", true, TimeSpan.FromSeconds(3), 1), new Verb.HangUp(null, 2))).Next;

        var step = playing.On(new ScriptInput.TimerFired());

        Assert.Equal([new ScriptEffect.StopAudio(), new ScriptEffect.HangUp("Hangup", 2)], Deeds(step));
    }

    [Fact]
    public void A_file_that_ends_before_its_timeout_stops_the_timer()
    {
        var playing = ScriptRun.ForConnected(Ref).Next.On(Loaded(new Verb.Play("a.wav", false, TimeSpan.FromSeconds(3), 1), Speak("on"))).Next;

        var step = playing.On(new ScriptInput.AudioEnded());

        Assert.Equal([new ScriptEffect.StopTimer(), new ScriptEffect.Speak("on", null, null)], Deeds(step));
    }

    [Fact]
    public void A_failing_verb_is_reported_in_the_dialects_words_and_the_next_one_runs()
    {
        var playing = ScriptRun.ForConnected(Ref).Next.On(Loaded(new Verb.Play("gone.wav", false, null, 1), Speak("on"))).Next;

        var step = playing.On(new ScriptInput.AudioFailed("not found"));

        Assert.Equal([new ScriptEffect.Report(302, "AudioFailed Play: not found"), new ScriptEffect.Speak("on", null, null)], Deeds(step));
    }

    [Fact]
    public void An_invalid_verb_is_reported_with_its_own_code_and_skipped()
    {
        var run = ScriptRun.ForConnected(Ref).Next;

        var step = run.On(Loaded(new Verb.Invalid("Fax", 301, "Not implemented command: 'Fax'", 4), Speak("on")));

        Assert.Equal([new ScriptEffect.Report(301, "Not implemented command: 'Fax'"), new ScriptEffect.Speak("on", null, null)], Deeds(step));
    }

    [Fact]
    public void GoTo_drops_the_rest_and_runs_what_it_fetched_against_the_address_of_the_script()
    {
        var run = ScriptRun.ForConnected(Ref).Next;

        var gone = run.On(Loaded("http://app.test/dir/a", new Verb.GoTo("b?x=1", 1), Speak("never")));
        var there = gone.Next.On(Loaded(Speak("there")));

        Assert.Equal([new ScriptEffect.Fetch(new ScriptRef("ozeki", "b?x=1"), ScriptOccasion.GoTo, "http://app.test/dir/a") { Verb = new Verb.GoTo("b?x=1", 1) }], Deeds(gone));
        Assert.Equal([new ScriptEffect.Speak("there", null, null)], Deeds(there));
    }

    [Fact]
    public void A_GoTo_that_brings_no_script_is_reported_and_hangs_up_in_its_name()
    {
        var gone = ScriptRun.ForConnected(Ref).Next.On(Loaded(new Verb.GoTo("http://app.test/b", 7))).Next;

        var step = gone.On(new ScriptInput.Fetched(new ScriptFetch.Failed(300, "unreadable")));

        Assert.Equal([new ScriptEffect.Report(300, "unreadable"), new ScriptEffect.HangUp("GoTo", 7)], Deeds(step));
        Assert.True(step.Next.HasEnded);
    }

    [Fact]
    public void The_hundredth_GoTo_without_anything_that_takes_time_hangs_up()
    {
        var run = ScriptRun.ForConnected(Ref).Next;
        var goTo = Loaded(new Verb.GoTo("http://app.test/a", 1));

        var fetches = 0;
        var step = run.On(goTo);
        for (; !step.Next.HasEnded && fetches < 1000; step = step.Next.On(goTo))
            fetches++;

        Assert.Equal(99, fetches);
        Assert.Equal([new ScriptEffect.Report(303, "FetchChain GoTo"), new ScriptEffect.HangUp("GoTo", 1)], Deeds(step));
    }

    [Fact]
    public void A_verb_that_takes_time_lets_a_script_go_round_for_ever()
    {
        var run = ScriptRun.ForConnected(Ref).Next;
        var round = Loaded(new Verb.Delay(TimeSpan.FromSeconds(1), 1), new Verb.GoTo("http://app.test/a", 2));

        for (var i = 0; i < 500; i++)
            run = run.On(round).Next.On(new ScriptInput.TimerFired()).Next;

        Assert.Equal(new ScriptRunState.Fetching(ScriptOccasion.GoTo, "GoTo", 2), run.State);
    }

    [Fact]
    public void A_hangup_that_names_another_call_leaves_this_script_running()
    {
        var run = ScriptRun.ForConnected(Ref, self: "0Nt3uhQ7").Next;

        var step = run.On(Loaded(new Verb.HangUp("0Nt3uhQ8", 1), Speak("on")));
        var unknown = step.Next.On(new ScriptInput.OtherCallUnknown("0Nt3uhQ8"));

        Assert.Equal([new ScriptEffect.HangUpOther("0Nt3uhQ8", 1), new ScriptEffect.Speak("on", null, null)], Deeds(step));
        Assert.Equal([new ScriptEffect.Report(601, "NoSuchCall 0Nt3uhQ8")], Deeds(unknown));
        Assert.Equal(step.Next, unknown.Next);
    }

    [Fact]
    public void A_hangup_that_names_this_very_call_ends_the_script()
    {
        var run = ScriptRun.ForConnected(Ref, self: "0Nt3uhQ7").Next;

        var step = run.On(Loaded(new Verb.HangUp("0Nt3uhQ7", 1), Speak("never")));

        Assert.Equal([new ScriptEffect.HangUp("Hangup", 1)], Deeds(step));
        Assert.True(step.Next.HasEnded);
    }

    [Fact]
    public void The_end_of_the_call_stops_audio_and_timer_and_nothing_runs_afterwards()
    {
        var playing = ScriptRun.ForConnected(Ref).Next.On(Loaded(new Verb.Play("a.wav", true, TimeSpan.FromSeconds(3), 1), Speak("never"))).Next;

        var over = playing.On(new ScriptInput.CallOver());
        var late = over.Next.On(new ScriptInput.TimerFired());

        Assert.Equal([new ScriptEffect.StopTimer(), new ScriptEffect.StopAudio()], Deeds(over));
        Assert.True(over.Next.HasEnded);
        Assert.True(late.Ignored);
    }

    [Fact]
    public void A_call_that_ends_while_its_script_is_fetched_never_runs_it()
    {
        var over = ScriptRun.ForConnected(Ref).Next.On(new ScriptInput.CallOver()).Next;

        var late = over.On(Loaded(Speak("never")));

        Assert.True(late.Ignored);
        Assert.Empty(late.Effects);
    }

    [Fact]
    public void Every_verb_that_runs_leaves_a_line_in_the_trace()
    {
        var run = ScriptRun.ForConnected(Ref).Next;

        var step = run.On(Loaded(new Verb.Invalid("Fax", 301, "unknown", 2), Speak("hi")));

        Assert.Equal(["Fax, line 2", "Speak, line 1"], step.Effects.OfType<ScriptEffect.Trace>().Select(t => t.Line));
    }

    [Fact]
    public void The_trace_says_what_was_wrong_with_audio_that_failed()
    {
        var speaking = ScriptRun.ForConnected(Ref).Next.On(Loaded(Speak("hi"))).Next;

        var step = speaking.On(new ScriptInput.AudioFailed("no voice"));

        Assert.Equal(["Speak, line 1: no voice"], step.Effects.OfType<ScriptEffect.Trace>().Select(t => t.Line));
    }

    private static Verb.Speak Speak(string text) => new(text, null, null, 1);

    private static ScriptInput.Fetched Loaded(params ImmutableArray<Verb> verbs) => Loaded(null, verbs);

    private static ScriptInput.Fetched Loaded(string? source, params ImmutableArray<Verb> verbs) =>
        new(new ScriptFetch.Loaded(new Script(verbs, source) { Errors = new Words() }));

    private static IEnumerable<ScriptEffect> Deeds(ScriptStep step) => step.Effects.Where(e => e is not ScriptEffect.Trace);

    private sealed class Words : IScriptErrors
    {
        public ScriptError OutOfPlace(Verb verb) => new(303, $"OutOfPlace {verb.Name}");

        public ScriptError AudioFailed(Verb verb, string detail) => new(302, $"AudioFailed {verb.Name}: {detail}");

        public ScriptError NoSuchCall(string call) => new(601, $"NoSuchCall {call}");

        public ScriptError TransferFailed(Verb.Transfer verb, HangupCause cause) => new(402, $"TransferFailed {verb.Name}: {cause}");

        public ScriptError Refused(Verb.Order verb, CallRefusal refusal) => new(402, $"Refused {verb.Name}: {refusal}");

        public ScriptError NotAvailable(Verb verb) => new(301, $"NotAvailable {verb.Name}");

        public ScriptError NoRoom(Verb verb) => new(302, $"NoRoom {verb.Name}");

        public ScriptError LimitReached(Verb verb, ScriptLimit limit) => new(303, $"{limit} {verb.Name}");
    }
}
