using Switchhook.Sip.Dialogs;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Tests.Dialogs.SessionSamples;

namespace Switchhook.Sip.Tests.Dialogs;

public sealed class ReferMachineTests
{
    private static readonly ReferReport Ringing = new(180, IsLast: false);
    private static readonly ReferReport Success = new(200, IsLast: true);

    private static readonly ReferClient Idle = ReferClient.Start;
    private static readonly ReferClient Referring = Idle.On(new SessionInput.Refer(Request("REFER"))).Next;
    private static readonly ReferClient ReferringAgain = Referring.On(new SessionInput.ReferChallenged(Challenge)).Next;
    private static readonly ReferClient Subscribed = Referring.On(new SessionInput.ReferAccepted(Ok, Subscribes: true)).Next;
    private static readonly ReferClient Closed = Idle.On(SessionInput.SessionOver.It).Next;

    private static readonly ReferServer Offered = ReferServer.Start;
    private static readonly ReferServer Notifying = Offered.On(new SessionInput.AcceptRefer(202, Subscribes: true)).Next;
    private static readonly ReferServer NotifyingAgain = Notifying.On(new SessionInput.NotifyChallenged(Challenge)).Next;
    private static readonly ReferServer WithNext = Notifying.On(new SessionInput.NotifyRefer(Ringing)).Next;
    private static readonly ReferServer WithLast = WithNext.On(new SessionInput.NotifyRefer(Success)).Next;
    private static readonly ReferServer Quiet = Notifying.On(new SessionInput.NotifyAnswered(200)).Next;
    private static readonly ReferServer NotifyingLast = Quiet.On(new SessionInput.NotifyRefer(Success)).Next;
    private static readonly ReferServer Done = Offered.On(new SessionInput.RejectRefer(603)).Next;

    [Fact]
    public void Every_input_in_every_state_of_a_refer_of_ours_does_what_the_document_says()
    {
        (string, ReferClient)[] states =
        [
            ("Idle", Idle), ("Referring", Referring), ("Referring (repeated with credentials)", ReferringAgain),
            ("Subscribed", Subscribed), ("Closed", Closed),
        ];

        var table = SessionTable.Write(
            "REFER of ours",
            "`ReferClient`: a REFER within a session and what its NOTIFYs tell (RFC 3515 §2.4). A test writes and checks this table.",
            states, (machine, input) => machine.On(input), machine => machine.State.GetType().Name);

        SessionTable.AssertDocumented("refer-client.md", table);
    }

    [Fact]
    public void Every_input_in_every_state_of_a_refer_of_theirs_does_what_the_document_says()
    {
        (string, ReferServer)[] states =
        [
            ("Offered", Offered), ("Notifying", Notifying), ("Notifying (repeated with credentials)", NotifyingAgain),
            ("Notifying (another behind it)", WithNext), ("Notifying (the last behind it)", WithLast), ("Notifying (the last)", NotifyingLast),
            ("Quiet", Quiet), ("Done", Done),
        ];

        var table = SessionTable.Write(
            "REFER of theirs",
            "`ReferServer`: a REFER of the far side within a session and our NOTIFYs (RFC 3515 §2.4, RFC 4488). A test writes and checks this table.",
            states, (machine, input) => machine.On(input), machine => machine.State.GetType().Name);

        SessionTable.AssertDocumented("refer-server.md", table);
    }

    [Fact]
    public void Reports_wait_for_the_notify_before_them_and_the_last_one_is_never_lost()
    {
        var late = WithLast.On(new SessionInput.NotifyRefer(Ringing));

        var step = WithLast.On(new SessionInput.NotifyAnswered(200));

        Assert.True(late.Ignored);
        Assert.Equal([new SendNotify(Success)], step.Effects);
        Assert.True(step.Next.On(new SessionInput.NotifyAnswered(200)).Next.IsOver);
    }

    [Fact]
    public void A_notify_before_the_202_counts()
    {
        var early = Referring.On(new SessionInput.NotifyReceived(Notify, 100, IsLast: false));

        var accepted = early.Next.On(new SessionInput.ReferAccepted(Ok, Subscribes: true));

        Assert.Equal([new Reply(Notify, 200), new TellReferProgress(100)], early.Effects);
        Assert.Same(early.Next, accepted.Next);
    }

    [Fact]
    public void A_pending_refer_of_the_far_side_is_answered_487_when_the_session_ends()
    {
        Assert.Equal([new RespondRefer(487)], Offered.On(SessionInput.SessionOver.It).Effects);
    }
}
