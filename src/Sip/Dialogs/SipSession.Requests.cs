using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>Requests of the far side on their way to the machine that has the session.</summary>
public sealed partial class SipSession
{
    /// <summary>A CANCEL whose INVITE is this session's <paramref name="invite"/>.</summary>
    internal void OnCancel(IncomingRequest invite, IncomingRequest cancel)
    {
        var input = new SessionInput.CancelReceived(cancel);
        if (ReferenceEquals(invite, _incoming)) DispatchSetup(input);
        else if (IsPending(invite)) Dispatch(input);
        else cancel.Reply(200);
    }

    /// <summary>The ACK of a 2xx.</summary>
    internal void OnAck(SipRequest ack)
    {
        if (_dialog is null || !_dialog.IsFrom(ack)) return;
        var input = new SessionInput.AckReceived(ack);
        if (_incoming is not null && ack.CSeq.Number == _incoming.Request.CSeq.Number) DispatchSetup(input);
        else if (_confirmed?.State is ConfirmedSessionState.AwaitingReofferAck wait && ack.CSeq.Number == wait.Request.Request.CSeq.Number)
            Dispatch(input);
    }

    /// <summary>A request with our tag in To, other than ACK and CANCEL.</summary>
    internal void OnRequest(IncomingRequest request)
    {
        var dialog = _dialog is null && request.Request.Method != SipMethod.Update ? null : DialogOf(request.Request);
        if (dialog is null)
        {
            OnForkRequest(request);
            return;
        }

        // §12.2.2: out of order is answered 500; a gap is none of our business.
        if (!dialog.TakeRemoteCSeq(request.Request.CSeq.Number))
        {
            request.Reply(500, new SipHeaderLine("Retry-After", "0"));
            return;
        }

        if (request.Request.Method == SipMethod.Update) OnUpdate(dialog, request);
        else OnDialogRequest(request);
    }

    private void OnDialogRequest(IncomingRequest request)
    {
        switch (request.Request.Method)
        {
            case SipMethod.Bye: Dispatch(new SessionInput.ByeReceived(request)); break;
            case SipMethod.Invite:
                if (!SipUserAgent.Admits(request) || _agent.IsTooBrief(request)) break;
                request.Session = this;
                Dispatch(new SessionInput.ReinviteReceived(request, PendingUpdate()));
                break;
            case SipMethod.Prack: OnPrack(request); break;
            case SipMethod.Refer when IsConfirmed: OnRefer(request); break;
            case SipMethod.Notify when IsConfirmed && TryNotify(request): break;
            case SipMethod.Subscribe when IsConfirmed: OnReferSubscribe(request); break;
            case SipMethod.Options:
                request.Reply(200, SipUserAgent.AllowLine, SipUserAgent.AcceptLine, SipUserAgent.AcceptEncodingLine, new SipHeaderLine("Supported", _agent.SupportedExtensions));
                break;
            case SipMethod.Info when IsConfirmed:
                request.Reply(200);
                _user.OnInfo(this, request.Request);
                break;
            case var _ when IsConfirmed:
                _user.OnRequest(this, request);
                request.Reply(405, SipUserAgent.AllowLine);
                break;
            default: request.Reply(_confirmed is null ? 405 : 481, SipUserAgent.AllowLine); break;
        }
    }

    /// <summary>Whether this re-INVITE is the one that awaits our answer, not an earlier one.</summary>
    private bool IsPending(IncomingRequest reinvite) =>
        _confirmed?.State is ConfirmedSessionState.Reoffered pending && ReferenceEquals(pending.Request, reinvite);

    /// <summary>A request from a fork that is not the session's dialog.</summary>
    private void OnForkRequest(IncomingRequest request)
    {
        // A fork's BYE can reach us before, or instead of, its 2xx (§15.1.2); with several forks the others may still answer.
        if (request.Request.Method != SipMethod.Bye || _uac is null || (_dialog is not null && !IsFork(request.Request))) request.Reply(481);
        else if (_dialog is null && _forks.Count <= 1) DispatchSetup(new SessionInput.ByeReceived(request));
        else request.Reply(200);
    }
}
