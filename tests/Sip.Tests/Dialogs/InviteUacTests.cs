using Switchhook.Sip.Dialogs;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Tests.Dialogs.SessionSamples;

namespace Switchhook.Sip.Tests.Dialogs;

public sealed class InviteUacTests
{
    private static readonly InviteUac Calling = InviteUac.Start;
    private static readonly InviteUac Proceeding = Calling.On(new SessionInput.Provisional(Ringing)).Next;
    private static readonly InviteUac CancelOwed = Calling.On(new SessionInput.HangUp(Asked)).Next;
    private static readonly InviteUac Cancelling = Proceeding.On(new SessionInput.HangUp(Asked)).Next;
    private static readonly InviteUac Accepted = Cancelling.On(SessionInput.CancelAccepted.It).Next;
    private static readonly InviteUac Abandoned = Proceeding.On(new SessionInput.ByeReceived(Bye)).Next;
    private static readonly InviteUac Answered = Calling.On(new SessionInput.Success(Ok)).Next;
    private static readonly InviteUac Offered = Calling.On(new SessionInput.Success(Ok, HasOffer: true)).Next;
    private static readonly InviteUac Ended = Calling.On(new SessionInput.Refused(Busy)).Next;

    [Fact]
    public void Every_input_in_every_state_does_what_the_document_says()
    {
        (string, InviteUac)[] states =
        [
            .. new[] { Calling, Calling with { Repeated = true }, Proceeding, CancelOwed, Cancelling, Accepted, Abandoned, Offered, Answered, Ended }
                .Select(machine => (NameOf(machine), machine)),
        ];

        var table = SessionTable.Write(
            "Caller's side of an INVITE",
            "`InviteUac`: from the INVITE to its answer (RFC 3261 §13.2, §9.1). A test writes and checks this table.",
            states, (machine, input) => machine.On(input), NameOf);

        SessionTable.AssertDocumented("invite-uac-session.md", table);
    }

    [Fact]
    public void Outbound_without_a_provisional_response_remembers_the_hangup_and_cancels_when_one_arrives()
    {
        var asked = Calling.On(new SessionInput.HangUp(Asked));

        var step = asked.Next.On(new SessionInput.Provisional(Ringing));

        Assert.Empty(asked.Effects);
        Assert.False(asked.Ignored);
        Assert.Equal([new SendCancel(Asked), new StartTimer(TimeSpan.FromSeconds(32)), TellHangupSent.Cancel], step.Effects);
    }

    [Fact]
    public void Outbound_without_a_provisional_response_acknowledges_a_2xx_that_comes_first_and_says_bye()
    {
        var step = CancelOwed.On(new SessionInput.Success(Ok));

        Assert.Equal([new Acknowledge(Ok), new SendBye(Asked), new Enter(ConfirmedSession.HangingUp), TellHangupSent.Bye], step.Effects);
    }

    [Fact]
    public void Outbound_with_a_provisional_response_cancels_with_the_reason()
    {
        var step = Proceeding.On(new SessionInput.HangUp(Asked));

        Assert.Equal([new SendCancel(Asked), new StartTimer(TimeSpan.FromSeconds(32)), TellHangupSent.Cancel], step.Effects);
    }

    [Fact]
    public void A_2xx_that_crosses_the_cancel_is_acknowledged_and_hung_up_without_telling_twice()
    {
        var step = Cancelling.On(new SessionInput.Success(Ok));

        Assert.Equal([StopTimer.It, new Acknowledge(Ok), new SendBye(Asked), new Enter(ConfirmedSession.HangingUp)], step.Effects);
    }

    [Fact]
    public void Every_2xx_of_a_losing_fork_gets_ack_and_bye()
    {
        var crossed = Cancelling.On(new SessionInput.Success(Ok)).Next;

        Assert.Equal([new DropFork(Ok)], Answered.On(new SessionInput.Success(Ok)).Effects);
        Assert.Equal([new DropFork(Ok)], crossed.On(new SessionInput.Success(Ok)).Effects);
        Assert.Equal([new RepeatAck(Ok)], Answered.On(new SessionInput.SuccessRepeated(Ok)).Effects);
    }

    [Fact]
    public void A_forked_call_is_cancelled_once()
    {
        var again = Cancelling.On(new SessionInput.Provisional(Ringing));
        var twice = Cancelling.On(new SessionInput.HangUp(Asked));

        Assert.Empty(again.Effects);
        Assert.Empty(twice.Effects);
    }

    [Theory]
    [InlineData(false, HangupConfirmation.Timeout)]
    [InlineData(true, HangupConfirmation.Yes)]
    public void A_cancelled_call_that_never_ends_is_given_up_after_64_t1(bool accepted, HangupConfirmation expected)
    {
        var step = (accepted ? Accepted : Cancelling).On(SessionInput.TimerFired.It);

        Assert.True(step.Next.IsOver);
        Assert.Equal([AbandonInvite.It, new TellConfirmed(expected)], step.Effects);
    }

    [Fact]
    public void A_challenged_invite_is_repeated_once_with_credentials()
    {
        var first = Calling.On(new SessionInput.Challenged(Challenge));
        var second = first.Next.On(new SessionInput.Challenged(Challenge));

        Assert.Equal([new RepeatInvite(Challenge)], first.Effects);
        Assert.Equal([new TellEnded(new SessionEnd(SessionEndKind.Rejected, Challenge))], second.Effects);
        Assert.Equal(401, ((TellEnded)second.Effects[0]).End.Status);
    }

    [Fact]
    public void A_call_refused_while_its_hangup_waits_counts_as_hung_up_with_nothing_sent()
    {
        var step = CancelOwed.On(new SessionInput.Refused(Busy));

        Assert.Equal([TellHangupSent.Nothing, TellConfirmed.Yes], step.Effects);
    }

    private static string NameOf(InviteUac machine) => machine.State switch
    {
        InviteUacState.Calling => machine.Repeated ? "Calling (repeated with credentials)" : "Calling",
        InviteUacState.Cancelling { Asked: null } => "Cancelling (far side has ended it)",
        InviteUacState.Cancelling { Accepted: true } => "Cancelling (CANCEL answered)",
        var state => state.GetType().Name,
    };
}
