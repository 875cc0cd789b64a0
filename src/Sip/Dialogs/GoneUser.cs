using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>
/// In the place of the user of a released session. The session itself is kept for up to 32 s by the transaction of its INVITE, to acknowledge late
/// 2xx; the user's call must not be.
/// </summary>
internal sealed class GoneUser : ISessionUser
{
    public static readonly GoneUser It = new();

    private GoneUser()
    {
    }

    public void OnProgress(SipSession session, SipResponse response)
    {
    }

    public void OnAnswered(SipSession session, SipResponse response)
    {
    }

    public void OnAcknowledged(SipSession session, SipRequest ack)
    {
    }

    public void OnReoffer(SipSession session, SipRequest reinvite)
    {
    }

    public void OnReofferAnswered(SipSession session, SipResponse? final)
    {
    }

    public void OnInfo(SipSession session, SipRequest info)
    {
    }

    public void OnEnded(SipSession session, SessionEnd end)
    {
    }

    public void OnHangupSent(SipSession session, HangupSent sent)
    {
    }

    public void OnConfirmed(SipSession session, HangupConfirmation confirmation)
    {
    }

    public void OnReleased(SipSession session)
    {
    }
}
