using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>The message that completes a call, our first 2xx or our first ACK, leaves once the user has been told that it will.</summary>
public sealed partial class SipSession
{
    private bool _isSetUp;

    private void Respond(SipResponse response)
    {
        if (response.Status is >= 200 and < 300) SetUp();
        _incoming!.Send(response);
    }

    private void SendFirstAck(SipRequest ack)
    {
        SetUp();
        _agent.SendAck(ack, _dialog!);
    }

    private void SetUp()
    {
        if (_isSetUp) return;
        _isSetUp = true;
        _user.OnSettingUp(this);
    }
}
