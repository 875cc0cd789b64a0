using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Ivr;

namespace Switchhook.Exchange.Running;

/// <summary>A script that ends calls and sends its own elsewhere.</summary>
internal sealed partial class RunningScript
{
    private void HangUp(ScriptEffect.HangUp hang) => _call.Give(new CallInput.HangUp(new HangupBy.Script(hang.Verb, hang.Line), hang.Cause));

    private void Forward(ScriptEffect.Forward forward)
    {
        ImmutableArray<LegTarget> targets = [];
        var into = _context.Own(forward.Number);
        var leadsSomewhere = into is not null || _context.Route(forward.Number, out targets) == CallRefusal.None;
        if (!leadsSomewhere || !_call.Give(new CallInput.Forward(targets, into?.Dialed ?? forward.Number) { Into = into, Unheard = true }))
            HangUp(forward.Otherwise);
    }

    private void HangUpOther(ScriptEffect.HangUpOther other)
    {
        var accounts = _call.Call.Accounts;
        if (CallId.TryParse(other.Call, out var id) && _context.FindCall(id) is { Call.HasEnded: false } call && accounts.Any(call.Call.IsVisibleTo))
            call.Give(new CallInput.HangUp(new HangupBy.Script("Hangup", other.Line), null));
        else
            Give(new ScriptInput.OtherCallUnknown(other.Call));
    }

    /// <summary>Rings every phone the numbers lead to; a number that leads nowhere is passed over as long as another one does.</summary>
    private void Dial(Verb.Transfer transfer)
    {
        var targets = ImmutableArray.CreateBuilder<LegTarget>();
        var cause = HangupCause.UnallocatedNumber;
        if (transfer.Targets is [var only] && _context.Own(only) is { } into)
        {
            _call.Give(new CallInput.ScriptDials([], only, transfer.RingTime, transfer.FinishedUrl) { Into = into });
            return;
        }
        foreach (var number in transfer.Targets)
        {
            switch (_context.Route(number, out var found))
            {
                case CallRefusal.None: targets.AddRange(found); break;
                case CallRefusal.NotRegistered: cause = HangupCause.SubscriberAbsent; break;
            }
        }
        if (targets.Count == 0)
            Give(new ScriptInput.TransferFailed(cause));
        else
        {
            _call.Give(new CallInput.ScriptDials(targets.ToImmutable(), transfer.Targets[0], transfer.RingTime, transfer.FinishedUrl)
            {
                Shown = transfer.Shown,
                Whisper = transfer.Whisper,
                Enclosed = transfer.Enclosed,
            });
        }
    }
}
