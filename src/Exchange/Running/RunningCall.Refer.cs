using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Shards;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Running;

/// <summary>A phone's wish to move its call: REFER becomes the same transfer an application asks for (RFC 3515, RFC 5589 §6).</summary>
internal sealed partial class RunningCall
{
    private IncomingRefer? _refer;

    private void OnRefer(SipSession session, IncomingRefer refer)
    {
        var leg = LegOf(session);
        var model = Call.Legs[leg.Number - 1];
        // A trunk may dial only what its provisioning says; moving calls of ours about is not among that.
        if (model.Extension is null || !SipUri.TryParse(Encoding.UTF8.GetBytes(refer.Target), out var uri))
        {
            refer.Reject(403);
            return;
        }
        // An attended transfer joins two calls, which is not served yet.
        if (refer.Replaces is not null)
        {
            refer.Reject(501);
            return;
        }
        var refusal = _context.Route(uri.UserText, out var targets);
        if (refusal != CallRefusal.None)
        {
            refer.Reject(refusal == CallRefusal.NoRoute ? 404 : 480);
            return;
        }
        if (Call is not { State: CallState.Talking or CallState.Held, Far: > 0 })
        {
            refer.Reject(603);
            return;
        }
        // Accepted first: the outcome may be known before the next line.
        refer.Accept();
        _refer = refer;
        Give(new CallInput.Transfer(model.Role, targets, uri.UserText, SwitchContext.TransferRingTime));
    }

    /// <summary>Tells the phone that asked what became of its transfer.</summary>
    private void TellReferrer(CallEvent happened)
    {
        switch (happened)
        {
            case CallTransferred:
                _refer?.Notify(200, final: true);
                _refer = null;
                break;
            case CallTransferFailed failed:
                _refer?.Notify(_context.Causes.ToSip(failed.Cause), final: true);
                _refer = null;
                break;
        }
    }
}
