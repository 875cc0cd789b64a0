using System.Collections.Immutable;
using Switchhook.Calls.Causes;

namespace Switchhook.Ivr.Tests;

/// <summary>Variables, lists, loops, messages and limits.</summary>
public class ScriptBlockTests
{
    [Fact]
    public void A_list_is_gone_through_with_its_item_bound()
    {
        var step = Begin(
            new Verb.SetList("days", [new("Monday"), new("Thursday")], 1),
            new Verb.ForEach("DAYS", [Spoken("$item")], 2),
            new Verb.ForEach("nothing", [Spoken("never")], 3));

        var second = step.Next.On(new ScriptInput.AudioEnded());
        var end = second.Next.On(new ScriptInput.AudioEnded());

        Assert.Equal(["Speak(Monday)", "Speak(Thursday)", "HangUp(end of script, line 0)"], new[] { step, second, end }.Select(s => ScriptTable.Describe(s.Effects)));
    }

    [Theory]
    [InlineData("Hello $who.", "Hello Alex.")]
    [InlineData("$WHO$who", "AlexAlex")]
    [InlineData("$whose $who_ $who", "$whose $who_ Alex")]
    [InlineData("$item.from said $item.FROM: $item", "Bob said Bob: hi")]
    [InlineData("$item.none $item.", "hi.none hi.")]
    [InlineData("$ 5$ $1 $$who", "$ 5$ $1 $Alex")]
    [InlineData("", "")]
    public void Variables_are_replaced_by_the_longest_name_in_any_case(string text, string expanded)
    {
        var item = new ScriptItem("hi", ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add("from", "Bob"));

        var scope = new ScriptScope(ScriptVariables.None.With("who", "Alex")!, item);

        Assert.Equal(expanded, scope.Expand(text));
    }

    [Fact]
    public void The_innermost_round_binds_the_item()
    {
        var step = Begin(
            new Verb.SetList("a", [new("1")], 1), new Verb.SetList("b", [new("2")], 1),
            new Verb.ForEach("a", [new Verb.ForEach("b", [Spoken("$item")], 2), Spoken("$item")], 2));

        Assert.Equal("Speak(2)", ScriptTable.Describe(step.Effects));
        Assert.Equal("Speak(1)", ScriptTable.Describe(step.Next.On(new ScriptInput.AudioEnded()).Effects));
    }

    [Fact]
    public void Variables_outlive_the_script_that_set_them()
    {
        var gone = Begin(new Verb.Set("who", "Alex", 1), new Verb.GoTo("b", 2));

        var there = gone.Next.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(ScriptTable.Of(Spoken("$who")))));

        Assert.Equal("Speak(Alex)", ScriptTable.Describe(there.Effects));
    }

    [Fact]
    public void Variables_have_a_bound_and_what_is_beyond_it_is_reported()
    {
        var doubling = Enumerable.Range(0, 30).Select(i => (Verb)new Verb.Template("Var", new Doubled(), i));
        var many = Enumerable.Range(0, 300).Select(i => (Verb)new Verb.Set($"v{i}", "x", i));

        var grown = Begin([new Verb.Set("a", "0123456789", 1), .. doubling, new Verb.Delay(TimeSpan.FromSeconds(1), 9)]);
        var crowded = Begin([.. many, new Verb.Delay(TimeSpan.FromSeconds(1), 9)]);

        Assert.InRange(grown.Next.Variables["a"]!.Length, 10_000, ScriptVariables.MaxCharacters);
        Assert.Equal(300 - ScriptVariables.MaxNames, crowded.Effects.OfType<ScriptEffect.Report>().Count());
    }

    [Fact]
    public void A_message_runs_its_block_with_its_text_and_silence_ends_the_call()
    {
        var wait = new Verb.WaitForMessage("sms", "+361", TimeSpan.FromSeconds(90), [], [Spoken("$fromconnection: $text")], [Spoken("silence")], 5);
        var waiting = Begin(wait, Spoken("after")).Next;

        var other = waiting.On(new ScriptInput.MessageReceived("sms", "+362", "no"));
        var ours = waiting.On(new ScriptInput.MessageReceived("SMS", "+361", "yes"));
        var silence = waiting.On(new ScriptInput.TimerFired());

        Assert.Equal(waiting.State, other.Next.State);
        Assert.Equal("StopTimer, Speak(SMS: yes)", ScriptTable.Describe(ours.Effects));
        Assert.Equal("Speak(after)", ScriptTable.Describe(ours.Next.On(new ScriptInput.AudioEnded()).Effects));
        Assert.Equal("Speak(silence)", ScriptTable.Describe(silence.Effects));
        Assert.Equal("HangUp(WaitForMsg, line 5)", ScriptTable.Describe(silence.Next.On(new ScriptInput.AudioEnded()).Effects));
    }

    [Fact]
    public void A_message_that_comes_during_the_first_commands_is_kept_for_their_end()
    {
        var wait = new Verb.WaitForMessage("sms", null, TimeSpan.FromSeconds(90), [Spoken("first")], [Spoken("$text")], [], 5);

        var kept = Begin(wait).Next.On(new ScriptInput.MessageReceived("sms", null, "hi"));

        Assert.Equal("–", ScriptTable.Describe(kept.Effects));
        Assert.Equal("Speak(hi)", ScriptTable.Describe(kept.Next.On(new ScriptInput.AudioEnded()).Effects));
    }

    [Fact]
    public void A_recording_ends_by_its_key_and_its_address_is_told_before_the_script_goes_on()
    {
        var recording = Begin(new Verb.Record("mp3", null, null, "#", "vm", null, 1), Spoken("thanks")).Next;

        var key = recording.On(new ScriptInput.Digit('#'));
        var closed = key.Next.On(new ScriptInput.RecordingEnded("http://pbx.test/r", TimeSpan.FromSeconds(3)));
        var told = closed.Next.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(ScriptTable.Of())));

        Assert.Equal("StopRecording", ScriptTable.Describe(key.Effects));
        var fetch = Assert.IsType<ScriptEffect.Fetch>(Assert.Single(closed.Effects));
        Assert.Equal((ScriptOccasion.RecordCompleted, "vm", "http://pbx.test/r"), (fetch.Occasion, fetch.Script.Url, fetch.Recording!.Url));
        Assert.Equal("Speak(thanks)", ScriptTable.Describe(told.Effects));
    }

    [Fact]
    public void A_recording_whose_address_is_only_told_does_not_keep_the_script_waiting()
    {
        var verb = new Verb.Record("wav", null, null, "#", "done", null, 1) { Reply = ScriptReply.None, Tag = "vm" };
        var recording = Begin(verb, Spoken("thanks")).Next;

        var closed = recording.On(new ScriptInput.RecordingEnded("http://pbx.test/r", TimeSpan.FromSeconds(3)) { Number = 2 });

        Assert.Equal("Tell(done, RecordCompleted), Speak(thanks)", ScriptTable.Describe(closed.Effects));
        var told = closed.Effects.OfType<ScriptEffect.Tell>().Single();
        Assert.Equal((2, verb), (told.Recording!.Number, told.Verb));
    }

    [Fact]
    public void A_transfer_that_is_recorded_begins_its_recording_when_somebody_answered()
    {
        var recording = new Verb.Record("wav", null, null, "", null, null, 2) { Stereo = true };
        var dialling = Begin(new Verb.Transfer(["204"], TimeSpan.FromSeconds(60), null, 1) { Recording = recording }).Next;

        var answered = dialling.On(new ScriptInput.Transferred());

        Assert.Equal([new ScriptEffect.Record(recording)], answered.Effects);
        Assert.True(answered.Next.HasEnded);
    }

    [Fact]
    public void A_script_that_leaves_the_call_does_not_hang_up()
    {
        var step = Begin(Spoken("on"), new Verb.Leave(0)).Next.On(new ScriptInput.AudioEnded());

        Assert.Equal("–", ScriptTable.Describe(step.Effects));
        Assert.True(step.Next.HasEnded);
    }

    [Fact]
    public void Audio_that_always_fails_does_not_let_a_menu_go_round_for_ever()
    {
        var step = Begin(new Verb.Gather("UserInput", [Spoken("gone")], 1) { Attempts = null });

        var inputs = 0;
        for (; !step.Next.HasEnded && inputs < 10_000; inputs++)
            step = step.Next.On(new ScriptInput.AudioFailed("gone"));

        Assert.InRange(inputs, 500, ScriptLimits.Steps);
        Assert.Equal("Report(0 Speak failed: gone), Report(0 UserInput: limit reached: StepsWithoutWaiting), HangUp(UserInput, line 1)", ScriptTable.Describe(step.Effects));
    }

    [Fact]
    public void Blocks_that_all_have_something_left_to_do_have_a_bound()
    {
        var reply = new ScriptInput.Fetched(new ScriptFetch.Loaded(ScriptTable.Of(new Verb.Fetch("again", 1), Spoken("after"))));
        var step = ScriptRun.ForConnected(ScriptTable.Ref).Next.On(reply);

        var replies = 1;
        for (; !step.Next.HasEnded && replies < 1000; replies++)
            step = step.Next.On(reply);

        Assert.Equal(ScriptLimits.Depth + 1, replies);
        Assert.Contains("limit reached: Depth", ScriptTable.Describe(step.Effects), StringComparison.Ordinal);
    }

    [Fact]
    public void Exit_and_transfers_end_the_script_from_any_depth()
    {
        var deep = Begin(new Verb.Loop(2, [new Verb.Loop(2, [new Verb.Exit(7)], 1)], 1), Spoken("never"));
        var transferring = Begin(new Verb.Loop(2, [new Verb.Transfer(["204"], TimeSpan.FromSeconds(60), null, 3)], 1), Spoken("never")).Next;

        var taken = transferring.On(new ScriptInput.Transferred());
        var busy = transferring.On(new ScriptInput.TransferFailed(HangupCause.UserBusy));

        Assert.Equal("HangUp(Exit, line 7)", ScriptTable.Describe(deep.Effects));
        Assert.True(taken.Next.HasEnded);
        Assert.Empty(taken.Effects);
        Assert.Equal("Report(0 BlindTransfer failed: UserBusy), Transfer(204)", ScriptTable.Describe(busy.Effects));
    }

    [Fact]
    public void The_trace_tells_steps_lines_and_variables()
    {
        var step = Begin(new Verb.Set("who", "Alex", 4), new Verb.SetList("days", [new("Monday")], 5), new Verb.HangUp(null, 6));

        Assert.Equal(
            ["Var, line 4", "who = Alex", "Array, line 5", "days = 1 items", "Hangup, line 6"],
            step.Effects.OfType<ScriptEffect.Trace>().Select(t => t.Line));
    }

    /// <summary>Any order of inputs: no exception, at most one end, no timer left when none is waited for, and the call's end ends the run.</summary>
    [Fact]
    public void Whatever_comes_in_whatever_order_the_run_ends_once_and_leaves_no_timer_behind()
    {
        var random = new Random(3);
        var inputs = ScriptTable.Inputs.Select(i => i.Input).Where(i => i is not ScriptInput.CallOver).ToArray();

        for (var round = 0; round < 3000; round++)
        {
            var step = random.Next(2) == 0 ? ScriptRun.ForIncoming(ScriptTable.Ref) : ScriptRun.ForConnected(ScriptTable.Ref);
            var (timer, audio, endings) = (false, false, 0);
            for (var i = 0; i < 60; i++)
            {
                var input = random.Next(4) == 0 ? Loaded(random) : i == 59 ? new ScriptInput.CallOver() : inputs[random.Next(inputs.Length)];
                if ((input is ScriptInput.TimerFired && !timer) || (input is ScriptInput.AudioEnded or ScriptInput.AudioFailed && !audio))
                    continue;   // what was stopped never comes
                timer &= input is not ScriptInput.TimerFired;
                audio &= input is not (ScriptInput.AudioEnded or ScriptInput.AudioFailed);
                step = step.Next.On(input);
                foreach (var effect in step.Effects)
                {
                    timer = effect switch { ScriptEffect.StartTimer => true, ScriptEffect.StopTimer => false, _ => timer };
                    audio = effect switch { ScriptEffect.PlayFile or ScriptEffect.Speak or ScriptEffect.Beep => true, ScriptEffect.StopAudio => false, _ => audio };
                    endings += effect is ScriptEffect.HangUp or ScriptEffect.Reject ? 1 : 0;
                }
                Assert.Equal(
                    step.Next.State is ScriptRunState.Delaying or ScriptRunState.Collecting or ScriptRunState.AwaitingMessage or ScriptRunState.Playing { Timed: true },
                    timer);
                Assert.Equal(step.Next.State is ScriptRunState.Playing, audio);
            }
            Assert.InRange(endings, 0, 1);
        }
    }

    private static ScriptInput.Fetched Loaded(Random random) => new(new ScriptFetch.Loaded(ScriptTable.Of(Some(random, 3))));

    private static ImmutableArray<Verb> Some(Random random, int depth) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => One(random, depth))];

    private static Verb One(Random random, int depth) => random.Next(depth > 0 ? 16 : 12) switch
    {
        0 => new Verb.Play("a.wav", true, TimeSpan.FromSeconds(1), 1),
        1 => new Verb.Delay(TimeSpan.FromSeconds(1), 2),
        2 => new Verb.GoTo("b", 3),
        3 => new Verb.Fetch("b", 3),
        4 => new Verb.Beep(3),
        5 => new Verb.Transfer(["1"], TimeSpan.FromSeconds(1), null, 4),
        6 => new Verb.Record("mp3", null, null, "#", "vm", null, 5),
        7 => new Verb.Conference("R1", false, 6),
        8 => new Verb.Set("a", "b", 7),
        9 => new Verb.HangUp(random.Next(2) == 0 ? null : "x", 8),
        10 => Spoken("$a"),
        11 => new Verb.SetList("l", [new("1"), new("2")], 9),
        12 => new Verb.ForEach("l", Some(random, depth - 1), 9),
        13 => new Verb.Loop(2, Some(random, depth - 1), 9),
        14 => new Verb.WaitForMessage("c", null, TimeSpan.FromSeconds(1), Some(random, depth - 1), Some(random, depth - 1), Some(random, depth - 1), 9),
        _ => new Verb.Gather("UserInput", Some(random, depth - 1), 9)
        {
            FirstDigit = TimeSpan.FromSeconds(random.Next(2)),
            MaxDigits = random.Next(1, 3),
            BackKey = random.Next(2) == 0 ? '*' : null,
            Terminators = random.Next(2) == 0 ? "#" : "",
            Attempts = random.Next(2) == 0 ? null : 1,
            BargeIn = random.Next(2) == 0,
            KeepsEarlier = random.Next(2) == 0,
            InterDigit = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(5),
            Url = random.Next(2) == 0 ? "pin" : null,
            Choices = [new("1", Some(random, depth - 1))],
        },
    };

    private static Verb.Template Spoken(string text) => new("Speak", new SpokenTemplate(text), 1);

    private static ScriptStep Begin(params ImmutableArray<Verb> verbs) =>
        ScriptRun.ForConnected(ScriptTable.Ref).Next.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(ScriptTable.Of(verbs))));

    private sealed record SpokenTemplate(string Text) : IVerbTemplate
    {
        public Verb Bind(ScriptScope scope) => new Verb.Speak(scope.Expand(Text), null, null, 1);
    }

    private sealed record Doubled : IVerbTemplate
    {
        public Verb Bind(ScriptScope scope) => new Verb.Set("a", scope.Expand("$a$a"), 1);
    }
}
