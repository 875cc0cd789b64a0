using Switchhook.Sip.Dialogs;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Tests.Dialogs.SessionSamples;

namespace Switchhook.Sip.Tests.Dialogs;

public sealed class InviteUasTests
{
    private static readonly InviteUas Unanswered = InviteUas.Start;
    private static readonly InviteUas AwaitingAck = Unanswered.On(new SessionInput.Answer(Ok)).Next;
    private static readonly InviteUas LastWait = Exhaust(AwaitingAck);
    private static readonly InviteUas HungUp = AwaitingAck.On(new SessionInput.HangUp(Asked)).Next;
    private static readonly InviteUas LastWaitHungUp = Exhaust(HungUp);
    private static readonly InviteUas Unacknowledged = Unanswered.On(new SessionInput.Progress(Ringing, 5)).Next;
    private static readonly InviteUas Described = Unanswered.On(new SessionInput.Progress(SessionSamples.Described, 5)).Next;
    private static readonly InviteUas WithNext = Unacknowledged.On(new SessionInput.Progress(SessionSamples.Described, 6)).Next;
    private static readonly InviteUas WithAnswer = Described.On(new SessionInput.Answer(Ok)).Next;
    private static readonly InviteUas LastWaitPrack = ExhaustPrack(Unacknowledged);
    private static readonly InviteUas Refusing = Unanswered.On(new SessionInput.HangUp(Asked)).Next;
    private static readonly InviteUas Acknowledged = AwaitingAck.On(new SessionInput.AckReceived(Ack)).Next;
    private static readonly InviteUas Ended = Unanswered.On(new SessionInput.CancelReceived(Cancel)).Next;

    [Fact]
    public void Every_input_in_every_state_does_what_the_document_says()
    {
        (string, InviteUas)[] states =
        [
            .. new[] { Unanswered, Unacknowledged, WithNext, Described, WithAnswer, LastWaitPrack, AwaitingAck, LastWait, HungUp, LastWaitHungUp, Refusing, Acknowledged, Ended }
                .Select(machine => (NameOf(machine), machine)),
        ];

        var table = SessionTable.Write(
            "Callee's side of an INVITE",
            "`InviteUas`: from the INVITE to the ACK of its answer (RFC 3261 §13.3, §9.2). A test writes and checks this table.",
            states, (machine, input) => machine.On(input), NameOf);

        SessionTable.AssertDocumented("invite-uas-session.md", table);
    }

    [Fact]
    public void Inbound_not_answered_is_refused_with_the_status_asked_for()
    {
        var step = Unanswered.On(new SessionInput.HangUp(Asked));

        Assert.Equal([new Refuse(Asked), new TellHangupSent(HangupSent.FinalStatus(486))], step.Effects);
    }

    [Fact]
    public void A_refusal_is_confirmed_by_its_ack()
    {
        Assert.Equal([TellConfirmed.Yes], Refusing.On(SessionInput.RefusalAcknowledged.It).Effects);
        Assert.Equal([TellConfirmed.Timeout], Refusing.On(SessionInput.RefusalTimedOut.It).Effects);
        Assert.Equal([TellConfirmed.Unreachable], Refusing.On(SessionInput.ResponseTransportFailed.It).Effects);
    }

    [Fact]
    public void Inbound_with_2xx_sent_and_no_ack_seen_holds_the_bye_until_the_ack()
    {
        var asked = AwaitingAck.On(new SessionInput.HangUp(Asked));

        var step = asked.Next.On(new SessionInput.AckReceived(Ack));

        Assert.Empty(asked.Effects);
        Assert.Equal([StopTimer.It, new SendBye(Asked), new Enter(ConfirmedSession.HangingUp), TellHangupSent.Bye], step.Effects);
    }

    [Fact]
    public void Inbound_with_2xx_sent_and_no_ack_seen_holds_the_bye_until_the_repeats_end()
    {
        var step = LastWaitHungUp.On(SessionInput.TimerFired.It);

        Assert.Equal([new SendBye(Asked), new Enter(ConfirmedSession.HangingUp), TellHangupSent.Bye], step.Effects);
    }

    [Fact]
    public void A_2xx_is_repeated_at_t1_doubling_to_t2_for_64_t1_and_then_a_bye_ends_the_call()
    {
        var machine = AwaitingAck;
        var waits = new List<double> { 0.5 };
        SessionStep<InviteUas> step;
        while ((step = machine.On(SessionInput.TimerFired.It)).Effects is [Respond, StartTimer next])
        {
            waits.Add(next.After.TotalSeconds);
            machine = step.Next;
        }

        Assert.Equal([0.5, 1, 2, 4, 4, 4, 4, 4, 4, 4, 0.5], waits);
        Assert.Equal([new SendBye(null), new Enter(ConfirmedSession.Leaving), new TellEnded(new(SessionEndKind.AckTimeout))], step.Effects);
    }

    [Fact]
    public void A_bye_for_an_unanswered_leg_gets_200_and_the_invite_487()
    {
        var step = Unanswered.On(new SessionInput.ByeReceived(Bye));

        Assert.Equal([new Reply(Bye, 200), new Refuse(new(487)), new TellEnded(new(SessionEndKind.Bye, Bye.Request))], step.Effects);
    }

    [Fact]
    public void A_cancel_before_the_answer_gets_200_and_the_invite_487()
    {
        var step = Unanswered.On(new SessionInput.CancelReceived(Cancel));

        Assert.Equal([new Reply(Cancel, 200), new Refuse(new(487)), new TellEnded(new(SessionEndKind.Cancelled, Cancel.Request))], step.Effects);
    }

    [Fact]
    public void A_cancel_after_our_2xx_gets_200_and_nothing_else_and_the_call_stands()
    {
        var waiting = AwaitingAck.On(new SessionInput.CancelReceived(Cancel));
        var standing = Acknowledged.On(new SessionInput.CancelReceived(Cancel));

        Assert.Equal([new Reply(Cancel, 200)], waiting.Effects);
        Assert.Same(AwaitingAck, waiting.Next);
        Assert.Equal([new Reply(Cancel, 200)], standing.Effects);
        Assert.Same(Acknowledged, standing.Next);
    }

    [Fact]
    public void A_bye_that_overtakes_our_waiting_one_leaves_nothing_to_send()
    {
        var step = HungUp.On(new SessionInput.ByeReceived(Bye));

        Assert.Equal([StopTimer.It, new Reply(Bye, 200), TellHangupSent.Nothing, TellConfirmed.Yes], step.Effects);
    }

    [Fact]
    public void A_reliable_response_is_repeated_at_t1_doubling_for_64_t1_and_then_the_invite_refused_504()
    {
        var machine = Unacknowledged;
        var waits = new List<double> { 0.5 };
        SessionStep<InviteUas> step;
        while ((step = machine.On(SessionInput.TimerFired.It)).Effects is [Respond, StartTimer next])
        {
            waits.Add(next.After.TotalSeconds);
            machine = step.Next;
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 0.5], waits);
        Assert.Equal([new Refuse(new(504)), new TellEnded(new(SessionEndKind.AckTimeout))], step.Effects);
    }

    [Fact]
    public void The_next_reliable_response_waits_for_the_prack_of_the_one_before()
    {
        var waiting = Unacknowledged.On(new SessionInput.Progress(SessionSamples.Described, 6));

        var step = waiting.Next.On(new SessionInput.PrackReceived(Prack, 5));

        Assert.Empty(waiting.Effects);
        Assert.Equal(
            [
                new AcceptPrack(Prack, Ringing), new Respond(SessionSamples.Described), new StartTimer(TimeSpan.FromSeconds(0.5)),
                new TellProgressAcknowledged(Prack.Request),
            ],
            step.Effects);
    }

    [Fact]
    public void A_2xx_waits_for_the_prack_of_a_response_with_sdp_and_not_of_one_without()
    {
        var held = Described.On(new SessionInput.Answer(Ok));
        var step = held.Next.On(new SessionInput.PrackReceived(Prack, 5));
        var atOnce = Unacknowledged.On(new SessionInput.Answer(Ok));

        Assert.Empty(held.Effects);
        Assert.Contains(new Respond(Ok), step.Effects);
        Assert.IsType<InviteUasState.AwaitingAck>(step.Next.State);
        Assert.Equal([new Respond(Ok), new StartTimer(TimeSpan.FromSeconds(0.5))], atOnce.Effects);
        Assert.Equal([new Reply(Prack, 200)], atOnce.Next.On(new SessionInput.PrackReceived(Prack, 5)).Effects);
    }

    [Fact]
    public void A_prack_without_a_match_gets_481_and_the_response_is_repeated_on()
    {
        var step = Unacknowledged.On(new SessionInput.PrackReceived(Prack, 4));

        Assert.Equal([new Reply(Prack, 481)], step.Effects);
        Assert.Same(Unacknowledged, step.Next);
    }

    private static InviteUas ExhaustPrack(InviteUas machine)
    {
        while (machine.State is InviteUasState.Unacknowledged wait && wait.Left > TimeSpan.Zero)
            machine = machine.On(SessionInput.TimerFired.It).Next;
        return machine;
    }

    private static InviteUas Exhaust(InviteUas machine)
    {
        while (machine.State is InviteUasState.AwaitingAck wait && wait.Left > TimeSpan.Zero)
            machine = machine.On(SessionInput.TimerFired.It).Next;
        return machine;
    }

    private static string NameOf(InviteUas machine) => machine.State switch
    {
        InviteUasState.AwaitingAck wait => (wait.Left <= TimeSpan.Zero, wait.HangUp is not null) switch
        {
            (false, false) => "AwaitingAck",
            (true, false) => "AwaitingAck (last wait)",
            (false, true) => "AwaitingAck (hung up)",
            (true, true) => "AwaitingAck (hung up, last wait)",
        },
        InviteUasState.Unacknowledged { Answer: not null } => "Unacknowledged (with SDP, answered)",
        InviteUasState.Unacknowledged { Waiting.Length: > 0 } => "Unacknowledged (another behind it)",
        InviteUasState.Unacknowledged { IsDescribed: true } => "Unacknowledged (with SDP)",
        InviteUasState.Unacknowledged { Left: var left } when left <= TimeSpan.Zero => "Unacknowledged (last wait)",
        var state => state.GetType().Name,
    };
}
