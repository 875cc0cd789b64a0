using System.Runtime.CompilerServices;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

public sealed class CallMachineTests
{
    private static readonly CallInput Begin = new CallInput.Begin();

    [Fact]
    public void The_tables_stand_in_the_documents()
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/machines/call.md");
        var expected = File.ReadAllText(path);

        var actual = Replace(Replace(expected, "beginnings", CallTable.Beginnings()), "transitions", CallTable.Transitions());

        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, actual);
        else
            Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_busy_callee_is_busy_to_the_caller_in_every_record()
    {
        var ringing = Samples.After(Samples.Plans[0].Plan, Begin, new CallInput.LegRings(2, false));

        var lost = ringing.On(new CallInput.LegLost(2, Samples.Busy), Samples.Now);
        var ended = lost.Next.On(new CallInput.HangupSent(1, new SentEnd("486 Busy Here", null), null), Samples.Now);

        Assert.Contains(new CallEffect.EndLeg(1, HangupCause.UserBusy), lost.Effects);
        Assert.Equal(new CallState.Ended(new HangupBy.Callee(), HangupCause.UserBusy), ended.Next.State);
        Assert.All(ended.Next.Legs, leg => Assert.Equal(HangupCause.UserBusy, leg.Record!.Cause));
    }

    [Fact]
    public void A_refusal_that_crosses_a_hangup_still_waiting_keeps_its_own_cause()
    {
        var ending = Samples.After(Samples.Plans[4].Plan, Begin, new CallInput.HangUp(Samples.Api, null));

        var ended = ending.On(new CallInput.LegLost(1, Samples.Busy), Samples.Now).Next;

        Assert.Equal(new CallState.Ended(new HangupBy.Callee(), HangupCause.UserBusy), ended.State);
    }

    [Fact]
    public void A_call_ringing_out_is_cancelled_and_its_caller_is_unavailable_not_cancelled()
    {
        var ringing = Samples.After(Samples.Plans[0].Plan, Begin, new CallInput.LegRings(2, false));

        var step = ringing.On(new CallInput.HangUp(Samples.Api, null), Samples.Now);

        Assert.Contains(new CallEffect.EndLeg(1, HangupCause.NormalClearing), step.Effects);
        Assert.Contains(new CallEffect.EndLeg(2, HangupCause.OriginatorCancel), step.Effects);
    }

    [Fact]
    public void A_second_reason_never_changes_a_record()
    {
        var ended = Samples.After(Samples.Plans[6].Plan, Begin, new CallInput.LegLost(1, Samples.Bye));

        foreach (var input in Samples.Inputs)
            Assert.Equal(ended.Legs[0].Record, ended.On(input, Samples.Now).Next.Legs[0].Record! with { Confirmed = null });
    }

    [Fact]
    public void A_confirmation_is_written_into_the_record_once()
    {
        var ended = Samples.After(Samples.Plans[6].Plan, Begin, new CallInput.HangUp(Samples.Api, null), new CallInput.HangupSent(1, new SentEnd("BYE", null), null));

        var first = ended.On(new CallInput.HangupSettled(1, HangupConfirmation.Timeout), Samples.Now);
        var second = first.Next.On(new CallInput.HangupSettled(1, HangupConfirmation.Yes), Samples.Now);

        Assert.Single(first.Effects);
        Assert.Empty(second.Effects);
        Assert.Equal(HangupConfirmation.Timeout, second.Next.Legs[0].Record!.Confirmed);
    }

    [Fact]
    public void Of_two_phones_the_first_to_answer_has_the_call_and_the_other_is_told()
    {
        var ringing = Samples.After(Samples.Plans[1].Plan, Begin, new CallInput.LegRings(2, false), new CallInput.LegRings(3, false));

        var step = ringing.On(new CallInput.LegAnswers(3), Samples.Now);

        Assert.Contains(new CallEffect.EndLeg(2, HangupCause.NormalClearing, Elsewhere: true), step.Effects);
        Assert.Contains(new CallEffect.JoinLegs(1, 3), step.Effects);
        Assert.IsType<CallState.Talking>(step.Next.State);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void What_a_phone_has_said_goes_before_another_that_could_not_be_reached(int reached, int unreached)
    {
        var timedOut = new FarEnd(HangupCause.RecoveryOnTimerExpire, null, new ReceivedEnd("408 Request Timeout", 408, []), null, null);
        var gone = new FarEnd(HangupCause.NormalTemporaryFailure, new HangupBy.Fault("transport failed"), null, null, null);

        var ended = Samples.After(Samples.Plans[1].Plan, Begin, new CallInput.LegLost(unreached, gone), new CallInput.LegLost(reached, timedOut));

        Assert.Equal(HangupCause.RecoveryOnTimerExpire, ((CallState.Ending)ended.State).Cause);
        Assert.IsType<HangupBy.Callee>(((CallState.Ending)ended.State).By);
    }

    [Fact]
    public void A_phone_that_refuses_leaves_the_others_ringing_and_the_most_telling_cause_wins()
    {
        var ringing = Samples.After(Samples.Plans[1].Plan, Begin, new CallInput.LegLost(2, Samples.Busy));
        var gone = new FarEnd(HangupCause.NoUserResponse, null, new ReceivedEnd("480 Temporarily Unavailable", 480, []), null, null);

        var step = ringing.On(new CallInput.LegLost(3, gone), Samples.Now);

        Assert.IsType<CallState.Trying>(ringing.State);
        Assert.Contains(new CallEffect.EndLeg(1, HangupCause.UserBusy), step.Effects);
    }

    [Fact]
    public void A_blind_transfer_puts_the_target_in_the_place_of_the_one_who_leaves()
    {
        var moving = Samples.Talking().On(new CallInput.Transfer(LegRole.Caller, [Samples.Other], "104", TimeSpan.FromSeconds(9)), Samples.Now);
        var done = moving.Next.On(new CallInput.LegAnswers(3), Samples.Now);

        Assert.Contains(new CallEffect.PlayRingback(2), moving.Effects);
        Assert.Contains(new CallEffect.JoinLegs(3, 2), done.Effects);
        Assert.Contains(new CallEffect.EndLeg(1, HangupCause.NormalClearing), done.Effects);
        Assert.Equal((3, 2), (done.Next.Near, done.Next.Far));
    }

    [Fact]
    public void A_transfer_nobody_answers_brings_the_parties_back_together()
    {
        var moving = Samples.Talking().On(new CallInput.Transfer(LegRole.Callee, [Samples.Other], "104", TimeSpan.FromSeconds(9)), Samples.Now).Next;

        var step = moving.On(new CallInput.LegLost(3, Samples.Busy), Samples.Now);

        Assert.IsType<CallState.Talking>(step.Next.State);
        Assert.Contains(new CallEffect.JoinLegs(1, 2), step.Effects);
        Assert.Contains(step.Effects, e => e is CallEffect.Tell { Event: CallTransferFailed { Cause: HangupCause.UserBusy } });
    }

    /// <summary>How many orders are played, and the first one: to play one again, its seed and a count of 1. <c>./test --soak</c> plays 100,000.</summary>
    private static readonly int Orders = Variable("SWITCHHOOK_TEST_SCHEDULES", 20_000);
    private static readonly int FirstOrder = Variable("SWITCHHOOK_TEST_FIRST_SCHEDULE", 0);

    /// <summary>Whatever order inputs come in: each leg ends once, the call ends once and last, events have no gap, and once hung up it ends.</summary>
    [Fact]
    public void Every_order_of_inputs_ends_each_leg_and_the_call_exactly_once()
    {
        for (var seed = FirstOrder; seed < FirstOrder + Orders; seed++)
        {
            try
            {
                PlayOrder(seed);
            }
            catch (Exception broken)
            {
                Assert.Fail($"Order {seed} (again: SWITCHHOOK_TEST_FIRST_SCHEDULE={seed} SWITCHHOOK_TEST_SCHEDULES=1 ./test Every_order): {broken}");
            }
        }
    }

    private static void PlayOrder(int seed)
    {
        var random = new Random(seed);
        var call = Samples.New(Samples.Plans[random.Next(Samples.Plans.Length)].Plan);
        List<CallEvent> events = [];
        HashSet<int> ending = [];
        Feed(Begin);
        for (var i = 0; i < 12 && !call.HasEnded; i++)
            Feed(Samples.Inputs[random.Next(Samples.Inputs.Length)]);
        Feed(new CallInput.HangUp(Samples.Api, null));
        foreach (var leg in ending.ToArray())
            Feed(new CallInput.HangupSent(leg, new SentEnd("BYE", null), null));

        Assert.True(call.HasEnded, $"seed {seed}: {call.State}");
        var ends = events.OfType<LegEnded>().Select(e => e.Record.Leg).Concat(events.OfType<LegMoved>().Select(e => e.Leg)).ToList();
        Assert.Equal(call.Legs.Length, ends.Count);
        Assert.Equal(call.Legs.Length, ends.Distinct().Count());
        Assert.IsType<CallEnded>(Assert.Single(events, e => e is CallEnded));
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => e.Sequence));
        Assert.DoesNotContain(events.SkipWhile(e => e is not CallEnded).Skip(1), e => e is not HangupConfirmed);

        void Feed(CallInput input)
        {
            var step = call.On(input, Samples.Now);
            call = step.Next;
            events.AddRange(step.Effects.OfType<CallEffect.Tell>().Select(t => t.Event));
            foreach (var end in step.Effects.OfType<CallEffect.EndLeg>())
                ending.Add(end.Leg);
        }
    }

    private static int Variable(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    private static string Replace(string text, string name, string table)
    {
        var (from, to) = ($"<!-- {name} -->\n", $"<!-- end of {name} -->");
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        var end = text.IndexOf(to, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, start), table, text.AsSpan(end));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
