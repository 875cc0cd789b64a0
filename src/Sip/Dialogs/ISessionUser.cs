using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>
/// What a session tells its owner, on the thread of its stack. A session gets exactly one of <see cref="OnEnded"/> and
/// <see cref="OnHangupSent"/>; after the latter exactly one <see cref="OnConfirmed"/>; at last <see cref="OnReleased"/>, and
/// nothing after that. Every method of the session may be called from within.
/// </summary>
public interface ISessionUser
{
    /// <summary>
    /// A provisional response other than 100 to our INVITE; with SDP it may be early media (RFC 3261 §13.2.2.1). A reliable one is told once and
    /// has been acknowledged, unless it offers SDP to an INVITE without: then <see cref="SipSession.AnswerProgress"/> owes it the answer (RFC 3262 §5).
    /// </summary>
    void OnProgress(SipSession session, SipResponse response);

    /// <summary>A 100 to our INVITE: somebody has it (RFC 3261 §21.1.1).</summary>
    void OnTrying(SipSession session)
    {
    }

    /// <summary>The PRACK of our reliable provisional response, already answered; where that made an offer it carries the SDP answer (RFC 3262 §5).</summary>
    void OnProgressAcknowledged(SipSession session, SipRequest prack)
    {
    }

    /// <summary>
    /// Our INVITE timed out at this place or could not be sent there, before anybody was reached; it goes on to the next, or the session ends
    /// (RFC 3263 §4.3).
    /// </summary>
    void OnPlaceFailed(SipSession session, Transport.SipFlow place)
    {
    }

    /// <summary>
    /// The next message makes the far side believe itself in the call: our 2xx, or our ACK to its. <see cref="SipSession.Snapshot"/> has the dialog.
    /// Once a session, for note to be taken of it; nothing is to be asked of the session from within.
    /// </summary>
    void OnSettingUp(SipSession session)
    {
    }

    /// <summary>
    /// The 2xx to an INVITE of ours without an offer has brought the far side's (RFC 3261 §13.2.1): <see cref="SipSession.AnswerOffer"/> owes it the
    /// answer, at once, for the 2xx is repeated until the ACK. <see cref="OnAnswered"/> follows.
    /// </summary>
    void OnOffer(SipSession session, SipResponse response) => session.AnswerOffer([]);

    /// <summary>The first 2xx to our INVITE; it has been acknowledged.</summary>
    void OnAnswered(SipSession session, SipResponse response);

    /// <summary>The ACK of our 2xx to an INVITE or re-INVITE; it may carry the SDP answer (RFC 3261 §13.3.1.4).</summary>
    void OnAcknowledged(SipSession session, SipRequest ack);

    /// <summary>
    /// The far side's re-INVITE, or its UPDATE or PRACK with an offer, which can come before the answer (RFC 3311, RFC 3262 §5); answer with <see cref="SipSession.AnswerReoffer"/> or <see cref="SipSession.RejectReoffer"/>, now or
    /// later (an UPDATE within half a minute). A refused one changes nothing (RFC 3261 §14.2).
    /// </summary>
    void OnReoffer(SipSession session, SipRequest reinvite);

    /// <summary>
    /// The final response to our re-INVITE, already acknowledged, or UPDATE; also to one that only refreshes the session (RFC 4028 §7.4). Not a 2xx: the session goes on as before (RFC 3261 §14.1). A 491 is told
    /// only after three more tries, or when the far side's re-INVITE came in between. Null: the network failed before a response came, nothing changed.
    /// </summary>
    void OnReofferAnswered(SipSession session, SipResponse? final);

    /// <summary>An INFO in the session, already answered 200.</summary>
    void OnInfo(SipSession session, SipRequest info);

    /// <summary>A REFER in the session (RFC 3515); left alone it is given up after half a minute.</summary>
    void OnRefer(SipSession session, IncomingRefer refer) => refer.Reject(603);

    /// <summary>
    /// Nothing more will be told about a REFER of the far side: its final report was answered or given up on, or the session is over.
    /// </summary>
    void OnReferOver(SipSession session, IncomingRefer refer)
    {
    }

    /// <summary>The far side tells how the call we referred it to fares (RFC 3515 §2.4.4).</summary>
    /// <param name="session">The session.</param>
    /// <param name="status">The status of its INVITE; 0 when it does not say.</param>
    void OnReferProgress(SipSession session, int status)
    {
    }

    /// <summary>
    /// The REFER is over: refused, or nothing more will be told. Once for each <see cref="SipSession.Refer"/> that returned true, unless the
    /// session ends before.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="status">
    /// How the new call ended up; a 2xx is success. Below 200: the far side stopped telling. 202: accepted by a far side that tells nothing.
    /// </param>
    void OnReferFinished(SipSession session, int status)
    {
    }

    /// <summary>Another request in the session (MESSAGE, a NOTIFY not about a REFER …); one not answered before returning is refused with 405.</summary>
    void OnRequest(SipSession session, IncomingRequest request)
    {
    }

    /// <summary>The far side or the network ended the session before we hung up.</summary>
    void OnEnded(SipSession session, SessionEnd end);

    /// <summary>
    /// The hang-up asked for has been handed to the transport; called from within <see cref="SipSession.HangUp"/> in most states, later
    /// when a CANCEL waits for a provisional response or a BYE for the ACK (RFC 3261 §9.1, §15).
    /// </summary>
    void OnHangupSent(SipSession session, HangupSent sent);

    /// <summary>The far side has acknowledged the hang-up, or will not.</summary>
    void OnConfirmed(SipSession session, HangupConfirmation confirmation);

    /// <summary>Nothing of the session is left; it can be forgotten.</summary>
    void OnReleased(SipSession session);
}
