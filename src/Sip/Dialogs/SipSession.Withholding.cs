using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>The message that completes a call, our 2xx or our ACK, kept back until the user is ready for a far side that believes itself in the call.</summary>
public sealed partial class SipSession
{
    // At 500 ms, 1.5 s and 3.5 s by the timers of RFC 3261 §13.3.1.4.
    private const int RepeatsWithheld = 2;

    private int _repeatsWithheld;
    private SipResponse? _withheldAnswer;
    private SipRequest? _withheldAck;

    /// <summary>
    /// True when the first 2xx to an INVITE of the far side, or the first ACK to its 2xx, waits for <see cref="Complete"/>. It goes out without
    /// when anything else is sent to the far side, and with its third repeat, after 3.5 s, at the latest: nobody gives up so
    /// soon.
    /// </summary>
    public bool Withholds { get; set; }

    /// <summary>Sends what was withheld. Does nothing when nothing was, or it has gone out already.</summary>
    public void Complete()
    {
        if (_withheldAnswer is { } answer)
        {
            _withheldAnswer = null;
            _incoming!.Send(answer);
        }

        if (_withheldAck is { } ack)
        {
            _withheldAck = null;
            _agent.SendAck(ack, _dialog!);
        }
    }

    private void Respond(SipResponse response)
    {
        if (Withholds && response.Status is >= 200 and < 300)
        {
            Withholds = false;
            _withheldAnswer = response;
            return;
        }

        if (ReferenceEquals(response, _withheldAnswer) && _repeatsWithheld++ < RepeatsWithheld) return;
        _withheldAnswer = null;
        _incoming!.Send(response);
    }

    private void SendFirstAck(SipRequest ack)
    {
        if (!Withholds)
        {
            _agent.SendAck(ack, _dialog!);
            return;
        }

        Withholds = false;
        _withheldAck = ack;
    }
}
