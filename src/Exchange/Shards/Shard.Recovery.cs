using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Journal;
using Switchhook.Exchange.Running;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>
/// After a crash: a call that the log left live runs again for as long as it takes to end it. Its answered legs are hung up in the dialogs that
/// were kept; the records, events and notifications come the way they always do, those of what was being recorded too.
/// </summary>
internal sealed partial class Shard
{
    private void Recover(UnfinishedCall left, IReadOnlyList<LeftRecording> recordings)
    {
        var call = new RunningCall(left.Call with { Audio = LeftRecordings.AudioOf(recordings) }, context);
        context.Add(call);
        foreach (var recording in recordings)
            call.CloseRecording(recording);
        var dialogs = 0;
        foreach (var leg in left.Call.Legs)
        {
            if (!leg.HasEnded && left.Dialogs.TryGetValue(leg.Id, out var kept) && Resume(call, leg.Id, kept))
                dialogs++;
        }
        LogRecovered(left.Call.Id, dialogs);
        call.Guard(static c => c.Give(new CallInput.Recover()));
    }

    private bool Resume(RunningCall call, LegId leg, string kept)
    {
        if (!KeptDialog.TryRead(kept, out var dialog))
            return false;
        // The addresses may have been configured anew since: where another kind listens now, any that fits will do.
        if (context.Agent.Stack.ListenerFor(dialog.Flow) is null)
            dialog = dialog with { Flow = dialog.Flow with { Listener = SipFlow.AnyListener } };
        if (!context.Agent.TryResume(dialog, call, call.Leg(leg.Number), out var session))
            return false;
        session!.Credentials = context.Targets.LoginOf(call.Call.FindLeg(leg.Number)?.Trunk);
        call.Leg(leg.Number).Session = session;
        // Killed between its ACK and the event of its answer, a leg that we called is in the log as it was before its INVITE.
        if (call.Call.FindLeg(leg.Number)?.SipCallId is null)
            call.Mark(call.Leg(leg.Number), dialog.CallId);
        return true;
    }

    [LoggerMessage(EventName = "CallRecovered", Level = LogLevel.Warning, Message = "call {Call} was up when the server stopped; it is ended, {Dialogs} far sides are told")]
    private partial void LogRecovered(CallId call, int dialogs);
}
