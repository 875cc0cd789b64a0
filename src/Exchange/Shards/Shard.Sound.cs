using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Conferences;

namespace Switchhook.Exchange.Shards;

/// <summary>What is asked for the audio of live calls.</summary>
internal sealed partial class Shard
{
    private void Sound(CallId id, AudioOrder order, TaskCompletionSource<CallReply> waiter)
    {
        if (context.FindCall(id) is not { } call)
        {
            waiter.TrySetResult(new CallReply(CallRefusal.NoSuchCall, null));
            return;
        }
        var refusal = call.Call.Refuse(order);
        if (refusal == CallRefusal.None && order is AudioOrder.JoinConference { Room: var room } && !context.Rooms.HasSeat(room))
            refusal = CallRefusal.ConferenceFull;
        if (refusal != CallRefusal.None)
            waiter.TrySetResult(new CallReply(refusal, call.Call));
        else if (order is AudioOrder.Gather)
            Keep(id, new CallInput.Sound(order), waiter);   // it may be asked about from now on
        else
            Change(id, new CallInput.Sound(order), waiter);
    }

    /// <summary>A call of one party listens in on a call of two.</summary>
    private void Supervise(CallCommand.Supervise asked, TaskCompletionSource<CallReply> waiter)
    {
        if (context.FindCall(asked.Target) is not { Call: var target })
        {
            waiter.TrySetResult(new CallReply(CallRefusal.NoSuchCall, null));
            return;
        }
        var leg = asked.Leg ?? target.Near;
        var refusal = target.HasEnded ? CallRefusal.CallEnded
            : target.Far == 0 || target.State is not (CallState.Talking or CallState.Held) || asked.Target == asked.Call ? CallRefusal.WrongState
            : leg != target.Near && leg != target.Far ? CallRefusal.NoSuchLeg : CallRefusal.None;
        if (refusal != CallRefusal.None)
            waiter.TrySetResult(new CallReply(refusal, target));
        else
            Sound(asked.Call, new AudioOrder.JoinConference(ConferenceRooms.Watching(asked.Target), new SeatTerms(asked.Role, new LegId(asked.Target, leg))), waiter);
    }

    private void OnRecordingOpened(ShardInput.RecordingOpened opened)
    {
        if (context.FindCall(opened.Call) is { } call)
            call.Guard(c => c.OnRecordingOpened(opened.Number, opened.Recording, opened.Error));
        else
            opened.Recording?.Stop();
    }
}
