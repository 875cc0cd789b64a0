using Switchhook.Sip.Dialogs;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Tests.Dialogs.SessionSamples;

namespace Switchhook.Sip.Tests.Dialogs;

public sealed class ConfirmedSessionTests
{
    private static readonly ConfirmedSession Established = ConfirmedSession.Start;
    private static readonly ConfirmedSession Reoffering = Established.On(new SessionInput.Reoffer(Request("INVITE"))).Next;
    private static readonly ConfirmedSession ReofferingAgain = Reoffering.On(new SessionInput.ReofferChallenged(Challenge)).Next;
    private static readonly ConfirmedSession Colliding = Reoffering.On(Collided).Next;
    private static readonly ConfirmedSession ReofferingLast = Try(Try(Colliding)).On(SessionInput.TimerFired.It).Next;
    private static readonly ConfirmedSession Reoffered = Established.On(new SessionInput.ReinviteReceived(Reinvite)).Next;
    private static readonly ConfirmedSession AwaitingAck = Reoffered.On(new SessionInput.AnswerReoffer(Ok)).Next;
    private static readonly ConfirmedSession LastWait = Exhaust(AwaitingAck);
    private static readonly ConfirmedSession ByeRepeated = ConfirmedSession.HangingUp.On(new SessionInput.ByeChallenged(Challenge)).Next;
    private static readonly ConfirmedSession Ended = Established.On(new SessionInput.ByeReceived(Bye)).Next;

    [Fact]
    public void Every_input_in_every_state_does_what_the_document_says()
    {
        ConfirmedSession[] machines =
        [
            Established, Reoffering, ReofferingAgain, Colliding, ReofferingLast, Reoffered, AwaitingAck, LastWait,
            ConfirmedSession.HangingUp, ByeRepeated, ConfirmedSession.Leaving, Ended,
        ];

        var table = SessionTable.Write(
            "Confirmed session",
            "`ConfirmedSession`: from the ACK to the end, the same on both sides (RFC 3261 §14, §15). A test writes and checks this table.",
            machines.Select(machine => (NameOf(machine), machine)), (machine, input) => machine.On(input), NameOf);

        SessionTable.AssertDocumented("confirmed-session.md", table);
    }

    [Fact]
    public void An_answered_leg_is_hung_up_with_bye_and_its_reason()
    {
        var step = Established.On(new SessionInput.HangUp(Asked));

        Assert.Equal([new SendBye(Asked), TellHangupSent.Bye], step.Effects);
    }

    [Fact]
    public void A_pending_reinvite_of_the_far_side_is_answered_487_when_we_say_bye()
    {
        var step = Reoffered.On(new SessionInput.HangUp(Asked));

        Assert.Equal([new SendBye(Asked), new Reply(Reinvite, 487), TellHangupSent.Bye], step.Effects);
    }

    [Fact]
    public void A_pending_reinvite_of_ours_is_left_to_finish_silently_when_we_say_bye()
    {
        var bye = Reoffering.On(new SessionInput.HangUp(Asked));

        var late = bye.Next.On(new SessionInput.ReofferSucceeded(Ok));
        var refused = bye.Next.On(new SessionInput.ReofferRefused(Busy));

        Assert.Equal([new SendBye(Asked), TellHangupSent.Bye], bye.Effects);
        Assert.Equal([new AcknowledgeReinvite(Ok)], late.Effects);
        Assert.Empty(refused.Effects);
    }

    [Fact]
    public void A_challenged_bye_is_repeated_once_with_credentials()
    {
        var first = ConfirmedSession.HangingUp.On(new SessionInput.ByeChallenged(Challenge));
        var second = first.Next.On(new SessionInput.ByeChallenged(Challenge));

        Assert.Equal([new RepeatBye(Challenge)], first.Effects);
        Assert.Equal([TellConfirmed.Unreachable], second.Effects);
        Assert.True(second.Next.IsOver);
    }

    [Theory]
    [InlineData(200, HangupConfirmation.Yes)]
    [InlineData(481, HangupConfirmation.Yes)]
    [InlineData(408, HangupConfirmation.Timeout)]
    [InlineData(503, HangupConfirmation.Unreachable)]
    public void Whatever_answers_the_bye_the_leg_is_over(int status, HangupConfirmation expected)
    {
        var step = ConfirmedSession.HangingUp.On(new SessionInput.ByeAnswered(status));

        Assert.True(step.Next.IsOver);
        Assert.Equal([new TellConfirmed(expected)], step.Effects);
    }

    [Fact]
    public void A_bye_never_answered_ends_the_leg()
    {
        Assert.Equal([TellConfirmed.Timeout], ConfirmedSession.HangingUp.On(SessionInput.ByeTimedOut.It).Effects);
        Assert.Equal([TellConfirmed.Unreachable], ConfirmedSession.HangingUp.On(SessionInput.ByeTransportFailed.It).Effects);
    }

    [Fact]
    public void Byes_from_both_sides_at_once_are_each_answered_200_with_one_end()
    {
        var crossing = ConfirmedSession.HangingUp.On(new SessionInput.ByeReceived(Bye));
        var answered = crossing.Next.On(new SessionInput.ByeAnswered(200));

        Assert.Equal([new Reply(Bye, 200)], crossing.Effects);
        Assert.Equal([TellConfirmed.Yes], answered.Effects);
    }

    [Fact]
    public void Reinvites_that_cross_get_491()
    {
        var step = Reoffering.On(new SessionInput.ReinviteReceived(Reinvite));

        Assert.Equal([new Reply(Reinvite, 491)], step.Effects);
    }

    [Fact]
    public void A_reinvite_answered_491_is_repeated_after_the_wait_three_times_and_then_told()
    {
        var again = Colliding.On(SessionInput.TimerFired.It);

        var last = ReofferingLast.On(Collided);

        Assert.Equal([new StartTimer(TimeSpan.FromSeconds(2))], Reoffering.On(Collided).Effects);
        Assert.Equal([new RepeatReinvite(Collision)], again.Effects);
        Assert.Equal([new TellReofferAnswered(Collision)], last.Effects);
        Assert.Equal(Established, last.Next);
    }

    [Fact]
    public void A_hangup_during_the_wait_after_491_stops_it()
    {
        var step = Colliding.On(new SessionInput.HangUp(Asked));

        Assert.Equal([StopTimer.It, new SendBye(Asked), TellHangupSent.Bye], step.Effects);
    }

    [Fact]
    public void A_refused_reinvite_leaves_the_call_as_it_was()
    {
        var step = Reoffering.On(new SessionInput.ReofferRefused(Busy));

        Assert.Equal([new TellReofferAnswered(Busy)], step.Effects);
        Assert.Equal(Established, step.Next);
    }

    [Fact]
    public void A_reinvite_answered_481_ends_the_call()
    {
        var step = Reoffering.On(new SessionInput.ReofferRefused(Unknown));

        Assert.Equal([new SendBye(null), new TellEnded(new(SessionEndKind.Rejected, Unknown))], step.Effects);
    }

    internal static string NameOf(ConfirmedSession machine) => machine.State switch
    {
        ConfirmedSessionState.Reoffering { Collisions: > 0 } reoffering => $"Reoffering (after {reoffering.Collisions} collisions)",
        ConfirmedSessionState.Reoffering { Repeated: true } => "Reoffering (repeated with credentials)",
        ConfirmedSessionState.AwaitingReofferAck { Wait.Left: var left } when left <= TimeSpan.Zero => "AwaitingReofferAck (last wait)",
        ConfirmedSessionState.ByeSent { Asked: false } => "ByeSent (nobody asked)",
        ConfirmedSessionState.ByeSent { Repeated: true } => "ByeSent (repeated with credentials)",
        var state => state.GetType().Name,
    };

    private static SessionInput.ReofferCollided Collided => new(Collision, TimeSpan.FromSeconds(2));

    private static ConfirmedSession Try(ConfirmedSession colliding) => colliding.On(SessionInput.TimerFired.It).Next.On(Collided).Next;

    private static ConfirmedSession Exhaust(ConfirmedSession machine)
    {
        while (machine.State is ConfirmedSessionState.AwaitingReofferAck { Wait: var wait } && wait.Left > TimeSpan.Zero)
            machine = machine.On(SessionInput.TimerFired.It).Next;
        return machine;
    }
}
