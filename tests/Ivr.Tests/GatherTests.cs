using System.Collections.Immutable;
using Switchhook.Calls.Audio;

namespace Switchhook.Ivr.Tests;

/// <summary>Menus: what keys, time-outs and the back key do.</summary>
public class GatherTests
{
    private static readonly Verb.Gather Menu = new("UserInput", [Say("menu")], 1)
    {
        FirstDigit = TimeSpan.FromSeconds(4),
        Choices = [new("1", [Say("one")]), new("2", [Say("two")])],
    };

    private static readonly Verb.Gather Pin = new("UserInput", [Say("pin")], 1)
    {
        MinDigits = 2,
        MaxDigits = 4,
        FirstDigit = TimeSpan.FromSeconds(6),
        InterDigit = TimeSpan.FromSeconds(5),
        Url = "pin",
        Attempts = null,
    };

    [Fact]
    public void A_key_during_the_prompt_stops_it_and_runs_its_choice_and_then_what_follows_the_menu()
    {
        var told = Tell(Menu, "1", "end");

        Assert.Equal(["Speak(menu)", "StopAudio, Speak(one)", "Speak(after)"], told);
    }

    [Fact]
    public void The_first_key_skips_the_prompts_that_are_left()
    {
        var told = Tell(Menu with { Prompts = [Say("a"), Say("b"), Say("c")], MaxDigits = 2, MinDigits = 2 }, "end", "1");

        Assert.Equal(["Speak(a)", "Speak(b)", "StopAudio, StartTimer(5 s)"], told);
    }

    [Fact]
    public void The_clock_starts_when_the_prompts_end_and_silence_leaves_the_menu()
    {
        var told = Tell(Menu, "end", "time");

        Assert.Equal(["Speak(menu)", "StartTimer(4 s)", "Speak(after)"], told);
    }

    [Fact]
    public void Silence_repeats_the_prompts_as_often_as_they_may_be()
    {
        var told = Tell(Menu with { Attempts = 2 }, "end", "time", "end", "time");

        Assert.Equal(["Speak(menu)", "StartTimer(4 s)", "Speak(menu)", "StartTimer(4 s)", "Speak(after)"], told);
    }

    [Fact]
    public void A_key_without_a_choice_counts_as_none()
    {
        Assert.Equal(["Speak(menu)", "StopAudio, Speak(after)"], Tell(Menu, "9"));
        Assert.Equal(["Speak(menu)", "StopAudio, Speak(menu)"], Tell(Menu with { Attempts = null }, "9"));
    }

    [Fact]
    public void Without_a_wait_the_menu_ends_with_its_prompts_or_they_go_round()
    {
        Assert.Equal(["Speak(menu)", "Speak(after)"], Tell(Menu with { FirstDigit = TimeSpan.Zero }, "end"));
        Assert.Equal(["Speak(menu)", "Speak(menu)"], Tell(Menu with { FirstDigit = TimeSpan.Zero, Attempts = null }, "end"));
    }

    [Fact]
    public void An_entry_is_complete_with_its_most_keys_or_when_time_is_over_and_it_has_its_least()
    {
        Assert.Equal("StopTimer, Fetch(pin, DtmfEntered, base none, digits 7319)", Tell(Pin, "end", "7", "3", "1", "9")[^1]);
        Assert.Equal("Fetch(pin, DtmfEntered, base none, digits 73)", Tell(Pin, "end", "7", "3", "time")[^1]);
        Assert.Equal(["StartTimer(5 s)", "Speak(pin)"], Tell(Pin, "end", "7", "time")[^2..]);
    }

    [Fact]
    public void A_terminator_ends_an_entry_that_is_long_enough_and_is_no_part_of_it()
    {
        var gather = Pin with { Terminators = "#" };

        Assert.Equal("StopTimer, Fetch(pin, DtmfEntered, base none, digits 73)", Tell(gather, "end", "7", "3", "#")[^1]);
        Assert.Equal("StopTimer, Speak(pin)", Tell(gather, "end", "7", "#")[^1]);
        Assert.Equal("StopAudio, Speak(pin)", Tell(gather, "#")[^1]);
    }

    [Fact]
    public void One_clock_for_the_whole_entry_is_not_started_anew()
    {
        var told = Tell(Pin with { InterDigit = null }, "end", "7", "3", "time");

        Assert.Equal(["Speak(pin)", "StartTimer(6 s)", "–", "–", "Fetch(pin, DtmfEntered, base none, digits 73)"], told);
    }

    [Fact]
    public void The_reply_to_an_entry_runs_in_place_and_a_failed_one_is_reported_and_passed_over()
    {
        var asked = Play(Pin, "end", "7", "3", "time").Next;

        var loaded = asked.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(ScriptTable.Of(Say("reply")))));
        var failed = asked.On(new ScriptInput.Fetched(new ScriptFetch.Failed(300, "unreadable")));

        Assert.Equal("Speak(reply)", ScriptTable.Describe(loaded.Effects));
        Assert.Equal("Speak(after)", ScriptTable.Describe(loaded.Next.On(new ScriptInput.AudioEnded()).Effects));
        Assert.Equal("Report(300 unreadable), Speak(after)", ScriptTable.Describe(failed.Effects));
    }

    [Fact]
    public void A_reply_may_take_the_place_of_the_script_and_without_one_the_call_is_hung_up()
    {
        var asked = Play(Pin with { Reply = ScriptReply.Instead }, "end", "7", "3", "time").Next;

        var loaded = asked.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(ScriptTable.Of(Say("reply")))));
        var failed = asked.On(new ScriptInput.Fetched(new ScriptFetch.Failed(300, "unreadable")));

        Assert.Equal("Speak(reply)", ScriptTable.Describe(loaded.Effects));
        Assert.Equal("HangUp(end of script, line 0)", ScriptTable.Describe(loaded.Next.On(new ScriptInput.AudioEnded()).Effects));
        Assert.Equal("Report(300 unreadable), HangUp(UserInput, line 1)", ScriptTable.Describe(failed.Effects));
    }

    [Fact]
    public void An_application_that_is_only_told_does_not_keep_the_script_waiting()
    {
        var told = Pin with { Attempts = 1, Reply = ScriptReply.None };

        Assert.Equal("Tell(pin, DtmfEntered, digits 73 Timeout), Speak(after)", Tell(told, "end", "7", "3", "time")[^1]);
        Assert.Equal("StopTimer, Tell(pin, DtmfEntered, digits 7319 MaxDigits), Speak(after)", Tell(told, "end", "7", "3", "1", "9")[^1]);
        Assert.Equal("Speak(after)", Tell(told, "end", "time")[^1]);
    }

    [Fact]
    public void An_application_may_be_asked_when_nothing_was_entered_too()
    {
        var gather = Pin with { Attempts = 1, Reply = ScriptReply.Instead, AsksAnyway = true, Terminators = "#" };

        Assert.Equal("Fetch(pin, DtmfEntered, base none, digits )", Tell(gather, "end", "time")[^1]);
        var entry = Play(gather, "#").Effects.OfType<ScriptEffect.Fetch>().Single().Entry;
        Assert.Equal(new ScriptEntry("", GatherEnding.EndKey, '#'), entry);
    }

    [Fact]
    public void An_application_that_hears_of_entries_hears_of_a_caller_who_hung_up_in_the_middle_of_one()
    {
        var over = new ScriptInput.CallOver();

        Assert.Equal("Tell(pin, DtmfEntered, digits 7 HungUp), StopTimer", ScriptTable.Describe(Play(Pin with { Reply = ScriptReply.None }, "7").Next.On(over).Effects));
        Assert.Equal("Tell(pin, DtmfEntered, digits  HungUp), StopAudio", ScriptTable.Describe(Play(Pin with { Reply = ScriptReply.Instead }).Next.On(over).Effects));
        Assert.Equal("StopAudio", ScriptTable.Describe(Play(Pin).Next.On(over).Effects));
    }

    [Fact]
    public void The_back_key_of_an_inner_menu_begins_the_outer_one_again_and_forgets_what_was_entered()
    {
        var inner = Pin with { BackKey = '*', Prompts = [Say("inner")] };
        var outer = Menu with { Choices = [new("2", [inner]), new("1", [Say("one")])] };

        Assert.Equal(["Speak(menu)", "StopAudio, Speak(inner)", "StopAudio, Speak(menu)", "StopAudio, Speak(one)"], Tell(outer, "2", "*", "1"));
        Assert.Equal("StopTimer, Speak(menu)", Tell(outer, "2", "end", "7", "*")[^1]);
    }

    [Fact]
    public void The_back_key_of_the_outermost_menu_leaves_it_and_elsewhere_it_is_a_key_like_any()
    {
        Assert.Equal(["Speak(menu)", "StopAudio, Speak(after)"], Tell(Menu with { BackKey = '*', Attempts = null }, "*"));
        Assert.Equal(["Speak(menu)", "StopAudio, Speak(menu)"], Tell(Menu with { Attempts = null }, "*"));
    }

    [Fact]
    public void Keys_before_a_menu_are_forgotten_unless_it_keeps_them()
    {
        Assert.Equal(["Speak(before)", "–", "Speak(menu)"], Tell([Say("before"), Menu, Say("after")], "1", "end"));
        Assert.Equal(
            ["Speak(before)", "–", "Speak(one)"],
            Tell([Say("before"), Menu with { KeepsEarlier = true, Prompts = [] }, Say("after")], "1", "end"));
    }

    [Fact]
    public void Without_barge_in_keys_count_once_the_prompts_are_over()
    {
        var told = Tell(Pin with { BargeIn = false }, "7", "3", "1", "9", "end");

        Assert.Equal(["Speak(pin)", "–", "–", "–", "–", "Fetch(pin, DtmfEntered, base none, digits 7319)"], told);
    }

    [Fact]
    public void An_entry_may_go_into_a_variable()
    {
        var step = Play(Menu with { Into = "choice" }, "7");

        Assert.Equal("7", step.Next.Variables["CHOICE"]);
        Assert.Equal("StopAudio, Speak(after)", ScriptTable.Describe(step.Effects));
    }

    [Fact]
    public void A_caller_may_go_through_menus_for_ever()
    {
        var reply = new ScriptInput.Fetched(new ScriptFetch.Loaded(ScriptTable.Of(Pin with { MinDigits = 1, MaxDigits = 1, BackKey = '*' })));
        var run = ScriptRun.ForConnected(ScriptTable.Ref).Next.On(reply).Next;

        for (var i = 0; i < 1000; i++)
            run = run.On(new ScriptInput.Digit('1')).Next.On(reply).Next;
        var back = run.On(new ScriptInput.Digit('*'));

        Assert.False(run.HasEnded);
        Assert.Equal("StopAudio, Speak(pin)", ScriptTable.Describe(back.Effects));
        Assert.InRange(run.Top!.Depth, 1, ScriptLimits.Depth);
    }

    private static Verb.Speak Say(string text) => new(text, null, null, 1);

    private static string[] Tell(Verb.Gather gather, params string[] inputs) => Tell([gather, Say("after")], inputs);

    /// <summary>What the script asks for at its start and after each input.</summary>
    private static string[] Tell(ImmutableArray<Verb> verbs, params string[] inputs)
    {
        var step = Begin(verbs);
        return [ScriptTable.Describe(step.Effects), .. inputs.Select(i => ScriptTable.Describe((step = step.Next.On(Input(i))).Effects))];
    }

    private static ScriptStep Play(Verb.Gather gather, params string[] inputs) => inputs.Aggregate(Begin([gather, Say("after")]), (s, i) => s.Next.On(Input(i)));

    private static ScriptStep Begin(ImmutableArray<Verb> verbs) =>
        ScriptRun.ForConnected(ScriptTable.Ref).Next.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(ScriptTable.Of(verbs))));

    private static ScriptInput Input(string word) => word switch
    {
        "end" => new ScriptInput.AudioEnded(),
        "time" => new ScriptInput.TimerFired(),
        _ => new ScriptInput.Digit(word[0]),
    };
}
