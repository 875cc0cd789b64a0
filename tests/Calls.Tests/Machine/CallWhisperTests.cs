using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>What a party that a script rang hears before it is joined.</summary>
public sealed class CallWhisperTests
{
    [Fact]
    public void The_one_who_answers_hears_everything_in_order_and_is_then_joined()
    {
        var answered = Dialling().On(new CallInput.LegAnswers(2), Samples.Now);
        var second = answered.Next.On(new CallInput.PlaybackOver(2, 1, PlaybackEnding.Finished), Samples.Now);
        var joined = second.Next.On(new CallInput.PlaybackOver(2, 2, PlaybackEnding.Failed, "no such file"), Samples.Now);

        Assert.Equal(new AudioSource.Speech("Support call"), answered.Effects.OfType<CallEffect.PlayAudio>().Single().Source);
        Assert.DoesNotContain(answered.Effects, static e => e is CallEffect.JoinLegs);
        Assert.Equal(new AudioSource.File("beep.wav"), second.Effects.OfType<CallEffect.PlayAudio>().Single().Source);
        Assert.Contains(joined.Effects, static e => e is CallEffect.JoinLegs(1, 2));
        Assert.Equal(new CallState.Talking(), joined.Next.State);
        Assert.Null(joined.Next.Audio.Whisper);
        // Answered once, and nobody is told of playbacks that nobody asked for.
        Assert.Single(Told(answered, second, joined).OfType<LegAnswered>());
        Assert.Empty(Told(answered, second, joined).OfType<PlaybackEnded>());
    }

    [Fact]
    public void One_who_hangs_up_in_the_middle_of_it_gives_the_caller_back_to_the_script()
    {
        var whispering = Dialling().On(new CallInput.LegAnswers(2), Samples.Now).Next;

        var step = whispering.On(new CallInput.LegLost(2, Samples.Bye), Samples.Now);

        Assert.Equal(new CallState.Talking(), step.Next.State);
        Assert.Contains(step.Effects, static e => e is CallEffect.ScriptDialEnded(HangupCause.NormalClearing));
        Assert.Null(step.Next.Audio.Whisper);
        Assert.IsType<LegState.Answered>(step.Next.Legs[0].State);
    }

    [Fact]
    public void A_caller_who_hangs_up_in_the_middle_of_it_takes_the_other_along()
    {
        var whispering = Dialling().On(new CallInput.LegAnswers(2), Samples.Now).Next;

        var step = whispering.On(new CallInput.LegLost(1, Samples.Bye), Samples.Now);

        Assert.Contains(step.Effects, static e => e is CallEffect.EndLeg(2, HangupCause.NormalClearing, _));
    }

    [Fact]
    public void Its_leg_is_shown_the_caller_it_was_rung_for()
    {
        var leg = Dialling().Legs[1];

        Assert.Equal(new Party("+19195550100"), leg.Shown);
    }

    private static Call Dialling() => Samples.After(
        Samples.Plans[5].Plan, new CallInput.Begin(), new CallInput.ScriptAnswers(), Samples.Whispering);

    private static IEnumerable<CallEvent> Told(params IEnumerable<CallStep> steps) => steps.SelectMany(static s => s.Effects).OfType<CallEffect.Tell>().Select(static t => t.Event);
}
