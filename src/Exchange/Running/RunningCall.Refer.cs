using System.Collections.Immutable;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Shards;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Running;

/// <summary>A phone's wish to move its call: REFER becomes the same transfer an application asks for (RFC 3515, RFC 5589 §6).</summary>
internal sealed partial class RunningCall
{
    /// <summary>How long a phone that is to be hung up may take to answer what became of its transfer.</summary>
    private static readonly TimeSpan TellTime = TimeSpan.FromSeconds(2);

    private RunningLeg? _referrer;
    private RunningCall? _consultation;

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
        // Nothing but an INVITE moves a call (RFC 3515 §2.1 allows others).
        if (!uri.Method.IsEmpty && !uri.Method.SequenceEqual("INVITE"u8))
        {
            refer.Reject(603);
            return;
        }
        if (refer.Replaces is { } replaces)
        {
            JoinReferred(leg, refer, replaces);
            return;
        }
        ImmutableArray<LegTarget> targets = [];
        var number = SipNumbers.Of(uri);
        var into = _context.Own(number);
        if (into is null && _context.Route(number, out targets) is var refusal and not CallRefusal.None)
        {
            refer.Reject(refusal == CallRefusal.NoRoute ? 404 : 480);
            return;
        }
        if (!Call.MayLeave(leg.Number))
        {
            refer.Reject(603);
            return;
        }
        Accept(leg, refer);
        Give(new CallInput.Transfer(model.Role, targets, number, SwitchContext.TransferRingTime) { Into = into });
    }

    /// <summary>
    /// An attended transfer (RFC 5589 §7): the phone's other call, named by Replaces, is joined to this one here, so that nobody has to be sent
    /// an INVITE with Replaces. Both calls must be the phone's own.
    /// </summary>
    private void JoinReferred(RunningLeg leg, IncomingRefer refer, ReplacesHeader replaces)
    {
        if (_context.Agent.FindReferred(replaces)?.Context is not RunningLeg there || there.Call == this || !Call.MayLeave(leg.Number))
        {
            refer.Reject(603);
            return;
        }
        var into = OwnParty(there.Call.Call);
        if (into is null && there.Call.Call.Consulted(there.Number).IsEmpty)
        {
            refer.Reject(603);
            return;
        }
        if (there.Call.Call.Legs[there.Number - 1].Extension != Call.Legs[leg.Number - 1].Extension)
        {
            refer.Reject(403);
            return;
        }
        Accept(leg, refer);
        if (into is null)
        {
            TakeOver(leg.Number, there.Call, there.Number);
            return;
        }
        _consultation = there.Call;
        Give(new CallInput.Transfer(Call.Legs[leg.Number - 1].Role, [], into.Dialed, SwitchContext.TransferRingTime) { Into = into });
    }

    /// <summary>The service or API extension of ours that is the only other party of a call; null where somebody is on the other side, or an application of another kind.</summary>
    private RouteDecision.To? OwnParty(Call consultation) =>
        consultation is { State: CallState.Talking or CallState.Held, Far: 0, Plan: CallPlan.Service or CallPlan.Scripted } ? _context.Own(consultation.CalleeDialed) : null;

    // Accepted first: the outcome may be known before the next line.
    private void Accept(RunningLeg leg, IncomingRefer refer)
    {
        refer.Accept();
        leg.Refer = refer;
        _referrer = leg;
    }

    /// <summary>Tells the phone that asked what became of its transfer.</summary>
    private void TellReferrer(CallEvent happened)
    {
        if (happened is CallTransferred or CallTransferFailed && _consultation is { } consultation)
        {
            _consultation = null;
            // What the phone has tried out begins anew for the party it was tried out for.
            if (happened is CallTransferred)
                consultation.Guard(static c => c.Give(new CallInput.HangUp(new HangupBy.Transfer(), HangupCause.NormalClearing)));
        }
        var status = happened switch
        {
            CallTransferred => 200,
            CallTransferFailed failed => _context.Causes.ToSip(failed.Cause),
            // Heard only by one that referred from outside of the dialog (RFC 4538): within it nothing can be told any more.
            CallEnded { Call.Cause: { } cause and not HangupCause.NormalClearing } => _context.Causes.ToSip(cause),
            CallEnded => 487,
            _ => 0,
        };
        if (status == 0)
            return;
        _referrer?.Refer?.Notify(status, final: true);
        _referrer = null;
    }

    /// <summary>A phone that waits to be told is told before it is hung up: a NOTIFY that meets a BYE is lost to many.</summary>
    private void HangUpOnceTold(RunningLeg leg, SipSession session, SessionHangup hangup)
    {
        if (leg.Refer is not { IsOver: false } || Call.Legs[leg.Number - 1].State is not LegState.Ending { By: HangupBy.Transfer })
        {
            session.HangUp(hangup);
            return;
        }
        leg.Waiting = hangup;
        _context.Timers.Restart(ref leg.WaitTimer, TellTime, leg, 0);
    }

    private void OnReferOver(SipSession session, IncomingRefer refer)
    {
        var leg = LegOf(session);
        if (leg.Refer != refer)
            return;
        leg.Refer = null;
        StopWaiting(leg);
    }

    /// <summary>The phone was told, or will not be: its hangup follows, unless it was quicker.</summary>
    public void StopWaiting(RunningLeg leg)
    {
        _context.Timers.Cancel(ref leg.WaitTimer);
        if (leg.Waiting is not { } hangup)
            return;
        leg.Waiting = null;
        if (Call.Legs[leg.Number - 1].State is LegState.Ending)
            leg.Session?.HangUp(hangup);
    }
}
