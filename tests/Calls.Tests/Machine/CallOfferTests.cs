using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>Calls that are offered to an application, what it notes about them, and whom it dials for them.</summary>
public sealed class CallOfferTests
{
    private static readonly CallPlan Offer = new CallPlan.Offered("hoiio", "http://app.test/", TimeSpan.FromSeconds(60));

    [Fact]
    public void An_offered_call_rings_until_it_is_answered()
    {
        var ringing = Samples.After(Offer, new CallInput.Begin());

        var step = ringing.On(new CallInput.Answer(), Samples.Now);

        Assert.IsType<CallState.Ringing>(ringing.State);
        Assert.IsType<CallState.Talking>(step.Next.State);
        Assert.Contains(new CallEffect.AnswerLeg(1), step.Effects);
        Assert.Contains(new CallEffect.StopTimer(CallTimer.Ring), step.Effects);
    }

    [Fact]
    public void An_offer_nobody_takes_ends_as_not_answered()
    {
        var ringing = Samples.After(Offer, new CallInput.Begin());

        var step = ringing.On(new CallInput.TimerFired(CallTimer.Ring), Samples.Now);

        Assert.Equal(new CallState.Ending(new HangupBy.Timer(CallTimer.Ring), HangupCause.NoAnswer), step.Next.State);
    }

    [Fact]
    public void A_number_dialled_for_its_party_is_joined_to_it()
    {
        var dialling = Samples.After(Offer, new CallInput.Begin(), new CallInput.Answer(), new CallInput.Dial([Samples.Other], "104", TimeSpan.FromSeconds(60), new Party("+65")));

        var step = dialling.On(new CallInput.LegAnswers(2), Samples.Now);

        Assert.Equal("+65", dialling.Legs[1].Shown?.Number);
        Assert.Equal((1, 2), (step.Next.Near, step.Next.Far));
        Assert.Contains(new CallEffect.JoinLegs(1, 2), step.Effects);
        Assert.DoesNotContain(step.Effects, e => e is CallEffect.ScriptDialEnded);
    }

    [Fact]
    public void A_failed_dial_gives_the_party_back_and_tells()
    {
        var dialling = Samples.After(Offer, new CallInput.Begin(), new CallInput.Answer(), new CallInput.Dial([Samples.Other], "104", TimeSpan.FromSeconds(60)));

        var step = dialling.On(new CallInput.LegLost(2, Samples.Busy), Samples.Now);

        Assert.IsType<CallState.Talking>(step.Next.State);
        Assert.Contains(new CallEffect.StopRingback(1), step.Effects);
        Assert.Contains(step.Effects, e => e is CallEffect.Tell { Event: CallTransferFailed { Cause: HangupCause.UserBusy } });
    }

    [Fact]
    public void A_note_is_kept_with_the_call_until_it_ends()
    {
        var (note, other) = (new CallNote("hoiio", "words"), new CallNote("catapult", "other words"));
        var talking = Samples.After(Offer, new CallInput.Begin(), new CallInput.Answer(), new CallInput.TakeNote(note with { Text = "first" }),
            new CallInput.TakeNote(other), new CallInput.TakeNote(note));

        var ended = talking.On(new CallInput.LegLost(1, Samples.Bye), Samples.Now).Next;
        var late = ended.On(new CallInput.TakeNote(note with { Text = "late" }), Samples.Now);

        Assert.Equal([other, note], ended.Notes);
        Assert.Equal("words", ended.NoteOf("hoiio"));
        Assert.False(late.Handled);
    }
}
