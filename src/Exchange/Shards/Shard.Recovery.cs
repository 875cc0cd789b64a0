using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Journal;
using Switchhook.Exchange.Running;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>
/// After a crash: a call that the log left live runs again for as long as it takes to end it. Its answered legs are hung up in the dialogs that
/// were kept; of the others callers are refused, and phones that ring are cancelled. The records, events and notifications come the way they
/// always do, those of what was being recorded too.
/// </summary>
internal sealed partial class Shard
{
    private void Recover(UnfinishedCall left, IReadOnlyList<LeftRecording> recordings)
    {
        left = left with { Call = WithLegsPlaced(left) };
        var call = new RunningCall(left.Call with { Audio = LeftRecordings.AudioOf(recordings) }, context);
        context.Add(call);
        foreach (var recording in recordings)
            call.CloseRecording(recording);
        // One that was over has nothing else to come: its recordings were still being closed.
        if (left.Call.HasEnded)
            return;
        var dialogs = 0;
        foreach (var leg in left.Call.Legs)
        {
            if (!leg.HasEnded && left.Dialogs.TryGetValue(leg.Id, out var kept) && Resume(call, leg.Id, kept))
                dialogs++;
        }
        LogRecovered(left.Call.Id, dialogs);
        call.Guard(static c => c.Give(new CallInput.Recover()));
    }

    /// <summary>The call with legs that were placed after its last event: nobody was told of them, but their phones may have the INVITE.</summary>
    private static Call WithLegsPlaced(UnfinishedCall left)
    {
        var call = left.Call;
        foreach (var (id, kept) in left.Dialogs.OrderBy(static d => d.Key.Number))
        {
            if (id.Number <= call.Legs.Length || !KeptInvite.TryRead(kept, out var invite))
                continue;
            while (call.Legs.Length < id.Number)
                call = call with { Legs = call.Legs.Add(Placed(call, CalleeOf(invite) ?? call.CalleeDialed)) };
        }
        return call;
    }

    private static Leg Placed(Call call, string number) => new()
    {
        Id = new LegId(call.Id, call.Legs.Length + 1),
        Direction = LegDirection.Outbound,
        Role = call.Legs[0].Role == LegRole.Caller ? LegRole.Callee : LegRole.Caller,
        Party = new Party(number),
        State = new LegState.Trying(),
        StartedAt = call.Legs[0].AnsweredAt ?? call.StartedAt,
    };

    private static string? CalleeOf(UnansweredInvite left) =>
        SipParser.TryParse(left.Invite, SipLimits.Default, out var message) == SipParseError.None && message is SipRequest invite
        && SipUri.TryParse(invite.To.Uri, out var uri) ? uri.UserText : null;

    private bool Resume(RunningCall call, LegId leg, string kept)
    {
        if (!TryTakeUp(kept, call, call.Leg(leg.Number), out var session))
            return false;
        session.Credentials = context.Targets.LoginOf(call.Call.FindLeg(leg.Number)?.Trunk);
        call.Leg(leg.Number).Session = session;
        // Killed between its ACK and the event of its answer, a leg that we called is in the log as it was before its INVITE.
        if (call.Call.FindLeg(leg.Number)?.SipCallId is null)
            call.Mark(call.Leg(leg.Number), session.CallId);
        return true;
    }

    private bool TryTakeUp(string kept, RunningCall call, RunningLeg leg, [NotNullWhen(true)] out SipSession? session)
    {
        session = null;
        return KeptInvite.TryRead(kept, out var invite) ? context.Agent.TryTakeUp(invite with { Flow = Usable(invite.Flow) }, call, leg, out session)
            : KeptDialog.TryRead(kept, out var dialog) && context.Agent.TryResume(dialog with { Flow = Usable(dialog.Flow) }, call, leg, out session);
    }

    /// <summary>The addresses may have been configured anew since: where another kind listens now, any that fits will do.</summary>
    private SipFlow Usable(SipFlow flow) => context.Agent.Stack.ListenerFor(flow) is null ? flow with { Listener = SipFlow.AnyListener } : flow;

    [LoggerMessage(EventName = "CallRecovered", Level = LogLevel.Warning, Message = "call {Call} was up when the server stopped; it is ended, {Dialogs} far sides are told")]
    private partial void LogRecovered(CallId call, int dialogs);
}
