using System.Text;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>One of every input and the messages they carry, for feeding machines.</summary>
internal static class SessionSamples
{
    public static readonly SessionHangup Asked = new(486, "Q.850;cause=17");
    public static readonly IncomingRequest Bye = Incoming("BYE");
    public static readonly IncomingRequest Cancel = Incoming("CANCEL");
    public static readonly IncomingRequest Reinvite = Incoming("INVITE");
    public static readonly IncomingRequest Update = Incoming("UPDATE");
    public static readonly IncomingRequest Prack = Incoming("PRACK");
    public static readonly IncomingRequest Notify = Incoming("NOTIFY");
    public static readonly IncomingRequest Subscribe = Incoming("SUBSCRIBE");
    public static readonly SipRequest Ack = Request("ACK");
    public static readonly SipResponse Ringing = Response(180);
    public static readonly SipResponse Described = Response(183, "v=0\r\n");
    public static readonly SipResponse Ok = Response(200);
    public static readonly SipResponse Challenge = Response(401);
    public static readonly SipResponse Brief = Response(422);
    public static readonly SipResponse Busy = Response(486);
    public static readonly SipResponse Collision = Response(491);
    public static readonly SipResponse Unknown = Response(481);

    public static IEnumerable<SessionInput> Inputs =>
    [
        new SessionInput.HangUp(Asked),
        new SessionInput.Progress(Ringing),
        new SessionInput.Progress(Ringing, 6),
        new SessionInput.Progress(Described, 6),
        new SessionInput.Answer(Ok),
        new SessionInput.Reoffer(Request("INVITE")),
        new SessionInput.AnswerReoffer(Ok),
        new SessionInput.RejectReoffer(488),
        new SessionInput.Provisional(Ringing),
        new SessionInput.Provisional(Ringing, Reliable: true),
        new SessionInput.Success(Ok),
        new SessionInput.Success(Ok, HasOffer: true),
        new SessionInput.AnswerOffer(default),
        new SessionInput.SuccessRepeated(Ok),
        new SessionInput.Challenged(Challenge),
        new SessionInput.IntervalRefused(Brief),
        new SessionInput.Refused(Busy),
        SessionInput.PlaceFailed.It,
        SessionInput.InviteTimedOut.It,
        SessionInput.InviteTransportFailed.It,
        SessionInput.CancelAccepted.It,
        SessionInput.CancelUnknownThere.It,
        SessionInput.CancelTransportFailed.It,
        new SessionInput.CancelReceived(Cancel),
        new SessionInput.ByeReceived(Bye),
        new SessionInput.AckReceived(Ack),
        new SessionInput.PrackReceived(Prack, 5),
        new SessionInput.PrackReceived(Prack, 4),
        new SessionInput.ReinviteReceived(Reinvite),
        new SessionInput.ReinviteReceived(Reinvite, OfferPending.Ours),
        new SessionInput.ReinviteReceived(Reinvite, OfferPending.Theirs),
        SessionInput.RefusalAcknowledged.It,
        SessionInput.RefusalTimedOut.It,
        SessionInput.ResponseTransportFailed.It,
        new SessionInput.ReofferSucceeded(Ok),
        new SessionInput.ReofferChallenged(Challenge),
        new SessionInput.ReofferCollided(Collision, TimeSpan.FromSeconds(2)),
        new SessionInput.ReofferRefused(Busy),
        new SessionInput.ReofferRefused(Unknown),
        SessionInput.ReofferTimedOut.It,
        SessionInput.ReofferTransportFailed.It,
        new SessionInput.ByeAnswered(200),
        new SessionInput.ByeAnswered(408),
        new SessionInput.ByeAnswered(481),
        new SessionInput.ByeAnswered(500),
        new SessionInput.ByeChallenged(Challenge),
        SessionInput.ByeTimedOut.It,
        SessionInput.ByeTransportFailed.It,
        new SessionInput.Update(Request("UPDATE")),
        new SessionInput.AnswerUpdate(Ok),
        new SessionInput.RejectUpdate(488),
        new SessionInput.UpdateReceived(Update, false, OfferPending.Ours),
        new SessionInput.UpdateReceived(Update, true, OfferPending.None),
        new SessionInput.UpdateReceived(Update, true, OfferPending.Ours),
        new SessionInput.UpdateReceived(Update, true, OfferPending.Theirs),
        SessionInput.UpdateAbandoned.It,
        new SessionInput.UpdateSucceeded(Ok),
        new SessionInput.UpdateChallenged(Challenge),
        new SessionInput.UpdateCollided(Collision, TimeSpan.FromSeconds(2)),
        new SessionInput.UpdateRefused(Busy),
        new SessionInput.UpdateRefused(Unknown),
        SessionInput.UpdateTimedOut.It,
        SessionInput.UpdateTransportFailed.It,
        SessionInput.UpdateTimerFired.It,
        new SessionInput.TermsAgreed(new SessionTerms(TimeSpan.FromSeconds(1800), WeRefresh: true)),
        new SessionInput.TermsAgreed(new SessionTerms(TimeSpan.FromSeconds(90), WeRefresh: false)),
        new SessionInput.TermsAgreed(null),
        SessionInput.SessionTimerFired.It,
        SessionInput.SessionExpired.It,
        new SessionInput.DialogUnknownThere(Unknown),
        new SessionInput.DialogUnknownThere(null),
        new SessionInput.Refer(Request("REFER")),
        new SessionInput.ReferAccepted(Ok, Subscribes: true),
        new SessionInput.ReferAccepted(Ok, Subscribes: false),
        new SessionInput.ReferChallenged(Challenge),
        new SessionInput.ReferRefused(Busy),
        new SessionInput.ReferRefused(Unknown),
        SessionInput.ReferTimedOut.It,
        SessionInput.ReferTransportFailed.It,
        new SessionInput.NotifyReceived(Notify, 180, IsLast: false),
        new SessionInput.NotifyReceived(Notify, 200, IsLast: true),
        new SessionInput.AcceptRefer(202, Subscribes: true),
        new SessionInput.AcceptRefer(202, Subscribes: false),
        new SessionInput.RejectRefer(603),
        SessionInput.ReferAbandoned.It,
        new SessionInput.NotifyRefer(new(180, IsLast: false)),
        new SessionInput.NotifyRefer(new(200, IsLast: true)),
        new SessionInput.NotifyAnswered(200),
        new SessionInput.NotifyAnswered(481),
        new SessionInput.NotifyChallenged(Challenge),
        new SessionInput.SubscribeReceived(Subscribe, 60),
        new SessionInput.SubscribeReceived(Subscribe, 0),
        SessionInput.SessionOver.It,
        SessionInput.TimerFired.It,
    ];

    public static SipRequest Request(string method) => (SipRequest)Parse(
        $"{method} sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\n" +
        $"To: <sip:b@x>\r\nCall-ID: c\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n");

    public static SipResponse Response(int status, string body = "") => (SipResponse)Parse(
        $"SIP/2.0 {status} Word\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\n" +
        $"To: <sip:b@x>;tag=2\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private static IncomingRequest Incoming(string method) => new(null, default, Request(method), default);

    private static SipMessage Parse(string text)
    {
        var error = SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message);
        Assert.Equal(SipParseError.None, error);
        return message!;
    }
}
