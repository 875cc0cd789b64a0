using System.Collections.Immutable;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>Two calls that become one, and legs that take the place of others.</summary>
public sealed class CallJoiningTests
{
    private static readonly TimeSpan RingTime = TimeSpan.FromSeconds(9);

    [Fact]
    public void The_party_that_stays_and_the_party_consulted_are_joined_and_the_transferor_is_hung_up()
    {
        var call = Samples.Talking();

        var step = call.On(new CallInput.Adopt(2, [Samples.Visitor(answered: true)], RingTime), Samples.Now);

        Assert.Equal(
            [new CallEffect.AdoptLeg(3, new LegId(new CallId(8), 2)), new CallEffect.HoldLeg(3, false), new CallEffect.JoinLegs(1, 3), new CallEffect.EndLeg(2, HangupCause.NormalClearing)],
            step.Effects.Where(e => e is not CallEffect.Tell));
        Assert.Equal((1, 3), (step.Next.Near, step.Next.Far));
        Assert.Equal(LegRole.Callee, step.Next.Legs[2].Role);
        Assert.Equal(new LegId(new CallId(8), 2), step.Next.Legs[2].From);
        Assert.IsType<LegState.Ending>(step.Next.Legs[1].State);
        Assert.IsType<CallTransferred>(Assert.Single(step.Effects.OfType<CallEffect.Tell>()).Event);
    }

    [Fact]
    public void The_consultation_ends_by_transfer_and_its_moved_leg_has_no_record_there()
    {
        var step = Samples.Talking().On(new CallInput.HandOver(1, new CallId(9), 3), Samples.Now);
        var ended = step.Next.On(new CallInput.HangupSent(1, new SentEnd("BYE", null), null), Samples.Now).Next;

        Assert.Equal([new CallEffect.EndLeg(1, HangupCause.NormalClearing)], step.Effects.OfType<CallEffect.EndLeg>());
        Assert.Equal(new CallState.Ended(new HangupBy.Transfer(), HangupCause.NormalClearing), ended.State);
        Assert.IsType<HangupBy.Transfer>(ended.Legs[0].Record!.By);
        Assert.Equal(new LegState.Moved(new LegId(new CallId(9), 3)), ended.Legs[1].State);
        Assert.Null(ended.Legs[1].Record);
    }

    [Fact]
    public void A_moved_leg_is_out_of_reach_of_everything_that_still_comes_for_it()
    {
        var handed = Samples.Talking().On(new CallInput.HandOver(1, new CallId(9), 3), Samples.Now).Next;

        var late = handed.On(new CallInput.LegLost(2, Samples.Bye), Samples.Now);

        Assert.False(late.Handled);
        Assert.Equal(handed, late.Next);
    }

    [Fact]
    public void A_consulted_party_that_still_rings_is_waited_for_and_joined_when_it_answers()
    {
        var moving = Samples.Talking().On(new CallInput.Adopt(1, [Samples.Visitor(answered: false)], RingTime), Samples.Now);
        var done = moving.Next.On(new CallInput.LegAnswers(3), Samples.Now);

        Assert.Contains(new CallEffect.PlayRingback(2), moving.Effects);
        Assert.Contains(new CallEffect.StartTimer(CallTimer.Ring, RingTime), moving.Effects);
        Assert.Contains(new CallEffect.JoinLegs(3, 2), done.Effects);
        Assert.Contains(new CallEffect.EndLeg(1, HangupCause.NormalClearing), done.Effects);
    }

    [Fact]
    public void A_consulted_party_that_declines_brings_the_two_back_together()
    {
        var moving = Samples.Talking().On(new CallInput.Adopt(1, [Samples.Visitor(answered: false)], RingTime), Samples.Now).Next;

        var step = moving.On(new CallInput.LegLost(3, Samples.Busy), Samples.Now);

        Assert.Contains(new CallEffect.JoinLegs(1, 2), step.Effects);
        Assert.Contains(step.Effects, e => e is CallEffect.Tell { Event: CallTransferFailed { Cause: HangupCause.UserBusy } });
    }

    [Fact]
    public void A_transferor_that_hangs_up_at_the_news_was_transferred_all_the_same()
    {
        var joined = Samples.Talking().On(new CallInput.Adopt(2, [Samples.Visitor(answered: true)], RingTime), Samples.Now).Next;

        var step = joined.On(new CallInput.LegLost(2, Samples.Bye), Samples.Now);

        var record = Assert.IsType<LegEnded>(Assert.Single(step.Effects.OfType<CallEffect.Tell>()).Event).Record;
        Assert.IsType<HangupBy.Transfer>(record.By);
        Assert.Equal("BYE", record.Received!.Message);
        Assert.IsType<CallState.Talking>(step.Next.State);
    }

    [Fact]
    public void A_held_call_comes_off_hold_for_the_party_that_stays_only()
    {
        var held = Samples.Talking().On(new CallInput.Hold(), Samples.Now).Next;

        var step = held.On(new CallInput.Adopt(2, [Samples.Visitor(answered: true)], RingTime), Samples.Now);

        Assert.Equal([new CallEffect.HoldLeg(1, false), new CallEffect.HoldLeg(3, false)], step.Effects.OfType<CallEffect.HoldLeg>());
        Assert.IsType<CallState.Talking>(step.Next.State);
    }

    [Fact]
    public void An_invite_that_replaces_a_talking_leg_is_answered_in_its_place()
    {
        var step = Samples.Talking().On(new CallInput.Replace(1, new Party("105"), "105"), Samples.Now);

        Assert.Equal(
            [new CallEffect.AnswerLeg(3), new CallEffect.JoinLegs(3, 2), new CallEffect.EndLeg(1, HangupCause.NormalClearing)],
            step.Effects.Where(e => e is not CallEffect.Tell));
        Assert.Equal(("105", LegRole.Caller), (step.Next.Legs[2].Extension, step.Next.Legs[2].Role));
    }

    [Fact]
    public void An_invite_that_replaces_a_ringing_leg_picks_the_call_up()
    {
        var ringing = Samples.After(Samples.Plans[1].Plan, new CallInput.Begin(), new CallInput.LegRings(2, false));

        var step = ringing.On(new CallInput.Replace(2, new Party("105"), "105"), Samples.Now);

        Assert.Equal([new CallEffect.EndLeg(2, HangupCause.NormalClearing, true), new CallEffect.EndLeg(3, HangupCause.NormalClearing, true)], step.Effects.OfType<CallEffect.EndLeg>());
        Assert.Equal([new CallEffect.AnswerLeg(4), new CallEffect.AnswerLeg(1)], step.Effects.OfType<CallEffect.AnswerLeg>());
        Assert.Contains(new CallEffect.JoinLegs(1, 4), step.Effects);
        Assert.IsType<CallState.Talking>(step.Next.State);
    }

    [Fact]
    public void Silence_of_the_party_that_waits_for_the_target_ends_the_call_and_that_of_the_transferor_does_not()
    {
        var moving = Samples.Talking().On(new CallInput.Transfer(LegRole.Caller, [Samples.Other], "104", RingTime), Samples.Now).Next;

        Assert.False(moving.On(new CallInput.MediaSilent(1), Samples.Now).Handled);
        var step = moving.On(new CallInput.MediaSilent(2), Samples.Now);

        Assert.Equal(new CallState.Ending(new HangupBy.Timer(CallTimer.MediaSilence), HangupCause.RecoveryOnTimerExpire), step.Next.State);
        Assert.Equal(3, step.Effects.OfType<CallEffect.EndLeg>().Count());
    }

    [Theory]
    [InlineData("101", "102", "101", "103", 1, 1)]
    [InlineData("101", "102", "104", "102", 2, 2)]
    [InlineData("101", "102", "102", "103", 2, 1)]
    [InlineData("101", "102", "103", "104", 0, 0)]
    [InlineData("101", "102", "102", "101", 0, 0)]
    public void The_one_party_in_both_calls_is_the_transferor(string caller, string callee, string otherCaller, string otherCallee, int here, int there)
    {
        var (call, other) = (Between(caller, callee), Between(otherCaller, otherCallee));

        Assert.Equal(here == 0 ? null : (here, there), call.CommonParty(other));
    }

    /// <summary>Two calls at any point of their lives, joined if they may be, then anything: whatever is moved ends in the other call, once.</summary>
    [Fact]
    public void Two_calls_joined_at_any_moment_end_each_leg_exactly_once()
    {
        var joins = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            Call[] calls = [Samples.New(Samples.Plans[random.Next(4)].Plan), Samples.New(Samples.Plans[random.Next(2)].Plan, 8)];
            List<CallEvent>[] events = [[], []];
            HashSet<int>[] ending = [[], []];
            for (var i = 0; i < 2; i++)
            {
                Feed(i, new CallInput.Begin());
                for (var n = random.Next(1, 4); n > 0 && !calls[i].HasEnded; n--)
                    Feed(i, random.Next(3) > 0 ? new CallInput.LegAnswers(random.Next(1, 4)) : Any());
            }
            var (leaving, otherLeaving) = (random.Next(1, 4), random.Next(1, 4));
            var consulted = calls[1].Consulted(otherLeaving);
            if (!consulted.IsEmpty && calls[0].MayLeave(leaving))
            {
                joins++;
                var first = calls[0].Legs.Length + 1;
                Feed(0, new CallInput.Adopt(leaving, consulted, RingTime));
                Feed(1, new CallInput.HandOver(otherLeaving, calls[0].Id, first));
                Assert.Equal(consulted.Length, calls[1].Legs.Count(l => l.State is LegState.Moved { To: var to } && calls[0].FindLeg(to.Number)?.From == l.Id));
            }
            for (var n = 0; n < 8; n++)
                Feed(random.Next(2), Any());
            for (var i = 0; i < 2; i++)
            {
                Feed(i, new CallInput.HangUp(Samples.Api, null));
                foreach (var leg in ending[i].ToArray())
                    Feed(i, new CallInput.HangupSent(leg, new SentEnd("BYE", null), null));
                Assert.True(calls[i].HasEnded, $"seed {seed}: {calls[i].State}");
                Assert.Equal(calls[i].Legs.Length, events[i].Count(e => e is LegEnded or LegMoved));
                Assert.All(calls[i].Legs, l => Assert.Equal(l.State is LegState.Moved, l.Record is null));
                Assert.Single(events[i], e => e is CallEnded);
                Assert.Equal(Enumerable.Range(1, events[i].Count), events[i].Select(e => e.Sequence));
            }

            // Joining is the exchange's to ask for, of both at once.
            CallInput Any()
            {
                CallInput input;
                do
                    input = Samples.Inputs[random.Next(Samples.Inputs.Length)];
                while (input is CallInput.Adopt or CallInput.HandOver);
                return input;
            }

            void Feed(int i, CallInput input)
            {
                var step = calls[i].On(input, Samples.Now);
                calls[i] = step.Next;
                events[i].AddRange(step.Effects.OfType<CallEffect.Tell>().Select(t => t.Event));
                ending[i].UnionWith(step.Effects.OfType<CallEffect.EndLeg>().Select(e => e.Leg));
            }
        }
        Assert.True(joins > 1_000, $"only {joins} joins");
    }

    private static Call Between(string caller, string callee)
    {
        var call = Samples.Talking();
        return call with { Legs = [call.Legs[0] with { Extension = caller }, call.Legs[1] with { Extension = callee }] };
    }
}
