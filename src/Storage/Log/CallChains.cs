using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;

namespace Switchhook.Storage.Log;

/// <summary>How an event's call is stored.</summary>
/// <param name="Previous">The stored event before of the same call; null for the first, <see cref="CallChains.AfterEnd"/> for what comes after the call's end.</param>
/// <param name="Change">What changed since then, or how it differs from the call's end; null when the call is stored whole.</param>
internal readonly record struct ChainedEvent(long? Previous, CallChange? Change);

/// <summary>
/// The last stored state of every call that lives, and of those that ended a moment ago: what the next event's change is told from. What a
/// batch adds counts once it is stored.
/// </summary>
internal sealed class CallChains
{
    /// <summary>What comes after a call's end hangs at the stored end, and goes on its own.</summary>
    public const long AfterEnd = 0;

    /// <summary>So many changes in a row are read back for one event; then a call is stored whole again.</summary>
    private const int MaxChanges = 64;

    /// <summary>Ended calls whose last confirmations are still to come; for one forgotten the call is stored whole.</summary>
    private const int MaxEnded = 2048;

    private readonly Dictionary<CallId, Link> _links = [];
    private readonly Dictionary<CallId, Link?> _batch = [];
    private readonly Dictionary<CallId, Call> _endings = [];
    private readonly Queue<CallId> _ended = [];

    /// <summary>
    /// Looks ahead over a batch: where the end of a call is stored with what came before it, that is told from the end, which has the records of
    /// the legs.
    /// </summary>
    public void Expect(IReadOnlyList<LogWrite> writes)
    {
        _endings.Clear();
        for (var i = 0; i < writes.Count; i++)
        {
            // Of two ends the earlier is the end.
            if (writes[i] is LogWrite.Happened { Event: CallEnded { Call: var call } })
                _endings.TryAdd(call.Id, call);
        }
    }

    /// <summary>Takes the event into the batch.</summary>
    /// <param name="cursor">The event's own.</param>
    /// <param name="happened">The event.</param>
    /// <param name="lastStored">Asked for a call that an earlier run of the server began: its last event, or null.</param>
    public ChainedEvent Take(long cursor, CallEvent happened, Func<CallId, long?> lastStored)
    {
        var call = happened.Call;
        if (Find(call.Id) is not { } before)
        {
            if (IsAfterEnd(happened))
                return new ChainedEvent(AfterEnd, null);
            _batch[call.Id] = new Link(cursor, call, 0, happened is CallEnded);
            return new ChainedEvent(happened.Sequence > 1 ? lastStored(call.Id) : null, FromEnd(happened));
        }
        if (before.HasEnded)
        {
            if (!IsAwaited(call))
                _batch[call.Id] = null;
            return new ChainedEvent(AfterEnd, CallChange.Between(before.Call, call, since: AfterEnd));
        }
        var change = FromEnd(happened)
            ?? (happened is CallEnded || before.Changes >= MaxChanges ? null : CallChange.Between(before.Call, call, before.Cursor));
        _batch[call.Id] = new Link(cursor, call, change is null ? 0 : before.Changes + 1, happened is CallEnded);
        return new ChainedEvent(before.Cursor, change);
    }

    /// <summary>The batch is stored.</summary>
    public void Keep()
    {
        foreach (var (call, link) in _batch)
        {
            if (link is { } last)
            {
                _links[call] = last;
                if (last.HasEnded)
                    _ended.Enqueue(call);
            }
            else
            {
                _links.Remove(call);
            }
        }
        _batch.Clear();
        while (_ended.Count > MaxEnded)
            _links.Remove(_ended.Dequeue());
    }

    /// <summary>The batch is not stored.</summary>
    public void Forget() => _batch.Clear();

    private CallChange? FromEnd(CallEvent happened) =>
        happened is not CallEnded && _endings.TryGetValue(happened.Call.Id, out var end) ? CallChange.Between(end, happened.Call, since: AfterEnd) : null;

    private static bool IsAwaited(Call call)
    {
        foreach (var leg in call.Legs)
        {
            if (leg.Record is { Sent: not null, Confirmed: null })
                return true;
        }
        return false;
    }

    private static bool IsAfterEnd(CallEvent happened) => happened is not CallEnded and { Call.HasEnded: true };

    private Link? Find(CallId call) => _batch.TryGetValue(call, out var link) ? link : _links.TryGetValue(call, out var kept) ? kept : null;

    private readonly record struct Link(long Cursor, Call Call, int Changes, bool HasEnded);
}
