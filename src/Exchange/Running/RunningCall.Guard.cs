using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Running;

/// <summary>
/// The door through which sessions reach the call. A bug behind it ends this call; in the session's hands it would also cost the message
/// and whatever the session had still to do with it.
/// </summary>
internal sealed partial class RunningCall : ISessionUser
{
    void ISessionUser.OnProgress(SipSession session, SipResponse response) => Of(session).Guard(static (c, s, m) => c.OnProgress(s, m), session, response);

    void ISessionUser.OnTrying(SipSession session) => Of(session).Guard(static (c, s, _) => c.OnTrying(s), session, 0);

    void ISessionUser.OnPlaceFailed(SipSession session, SipFlow place) => Of(session).Guard(static (c, s, p) => c.OnPlaceFailed(s, p), session, place);

    void ISessionUser.OnSettingUp(SipSession session) => Of(session).Guard(static (c, s, _) => c.OnSettingUp(s), session, 0);

    void ISessionUser.OnOffer(SipSession session, SipResponse response) => Of(session).Guard(static (c, s, m) => c.OnOffer(s, m), session, response);

    void ISessionUser.OnAnswered(SipSession session, SipResponse response) => Of(session).Guard(static (c, s, m) => c.OnAnswered(s, m), session, response);

    void ISessionUser.OnAcknowledged(SipSession session, SipRequest ack) => Of(session).Guard(static (c, s, m) => c.OnAcknowledged(s, m), session, ack);

    void ISessionUser.OnReoffer(SipSession session, SipRequest reinvite) => Of(session).Guard(static (c, s, m) => c.OnReoffer(s, m), session, reinvite);

    void ISessionUser.OnReofferAnswered(SipSession session, SipResponse? final) =>
        Of(session).Guard(static (c, s, m) => c.OnReofferAnswered(s, m), session, final);

    void ISessionUser.OnInfo(SipSession session, SipRequest info) => Of(session).Guard(static (c, s, i) => c.OnInfo(s, i), session, info);

    void ISessionUser.OnRefer(SipSession session, IncomingRefer refer) => Of(session).Guard(static (c, s, r) => c.OnRefer(s, r), session, refer);

    void ISessionUser.OnReferOver(SipSession session, IncomingRefer refer) => Of(session).Guard(static (c, s, r) => c.OnReferOver(s, r), session, refer);

    void ISessionUser.OnEnded(SipSession session, SessionEnd end) => Of(session).Guard(static (c, s, e) => c.OnEnded(s, e), session, end);

    void ISessionUser.OnHangupSent(SipSession session, HangupSent sent) => Of(session).Guard(static (c, s, h) => c.OnHangupSent(s, h), session, sent);

    void ISessionUser.OnConfirmed(SipSession session, HangupConfirmation confirmation) =>
        Of(session).Guard(static (c, s, k) => c.OnConfirmed(s, k), session, confirmation);

    void ISessionUser.OnReleased(SipSession session) => Of(session).Guard(static (c, s, _) => c.OnReleased(s), session, 0);

    /// <summary>The call the session's leg is in now: an attended transfer may have taken it from this one to another.</summary>
    private static RunningCall Of(SipSession session) => LegOf(session).Call;

    /// <summary>Runs work on the call from outside a session: an input, a script's timer. A bug in it ends this call and nothing else.</summary>
    public void Guard(Action<RunningCall> work) => Guard(static (call, _, todo) => todo(call), null!, work);

    private void Guard<T>(Action<RunningCall, SipSession, T> work, SipSession session, T news)
    {
        try
        {
            work(this, session, news);
        }
#pragma warning disable CA1031 // The bug ends this call and nothing else.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Fail(bug);
        }
    }
}
