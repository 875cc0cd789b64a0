using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>Answers to INVITEs that nobody knows any more.</summary>
public sealed partial class SipUserAgent
{
    // Strangers can make us send these; what is beyond stays in its call, and its own repeats bring it back here.
    private const int MostStrays = 1_000;

    private int _strays;

    /// <summary>
    /// A 2xx to an INVITE of a process before this one, or of a session long released: the far side believes itself in a call that is over. It
    /// gets its ACK and a BYE (RFC 3261 §13.2.2.4), back the way the answer came.
    /// </summary>
    public void OnStrayResponse(SipResponse response, in SipFlow flow)
    {
        if (response.Status is < 200 or > 299 || response.CSeq.Method != SipMethod.Invite
            || !TryReadTag(response.FromTag, out var tag) || _sessions.ContainsKey(tag) || _strays >= MostStrays
            || SipDialog.FromStray(response, flow) is not { } dialog)
            return;
        var session = SipSession.Abandoned(this, new Stranger(this), dialog, tag, response.CallId.ToArray());
        _sessions.Add(tag, session);
        _strays++;
        SendAck(dialog.Begin(SipMethod.Ack, response.CSeq.Number, this).Build(), dialog);
        session.HangUp(new SessionHangup(Reason: "Q.850;cause=41;text=\"No such call\""));
    }

    /// <summary>Nobody has such a session; its end only makes room for the next.</summary>
    private sealed class Stranger(SipUserAgent agent) : ISessionUser
    {
        public void OnReleased(SipSession session) => agent._strays--;

        public void OnProgress(SipSession session, SipResponse response) { }

        public void OnAnswered(SipSession session, SipResponse response) { }

        public void OnAcknowledged(SipSession session, SipRequest ack) { }

        public void OnReoffer(SipSession session, SipRequest reinvite) => session.RejectReoffer(488);

        public void OnReofferAnswered(SipSession session, SipResponse? final) { }

        public void OnInfo(SipSession session, SipRequest info) { }

        public void OnEnded(SipSession session, SessionEnd end) { }

        public void OnHangupSent(SipSession session, HangupSent sent) { }

        public void OnConfirmed(SipSession session, HangupConfirmation confirmation) { }
    }
}
