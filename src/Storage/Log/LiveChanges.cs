using Switchhook.Calls;
using Switchhook.Calls.Events;

namespace Switchhook.Storage.Log;

/// <summary>What one batch of the log changes in what is kept for recovery: only what outlives the batch.</summary>
internal sealed class LiveChanges
{
    private readonly Dictionary<CallId, long> _cursors = [];
    private readonly Dictionary<LegId, string> _dialogs = [];
    private readonly List<LegId> _moved = [];
    private readonly HashSet<CallId> _begun = [];
    private readonly HashSet<CallId> _ended = [];

    /// <summary>Legs whose dialog the call they went to keeps from here on; removed before <see cref="Dialogs"/> are stored.</summary>
    public IReadOnlyList<LegId> Moved => _moved;

    /// <summary>Calls that live, and the last event of each.</summary>
    public IReadOnlyDictionary<CallId, long> Cursors => _cursors;

    /// <summary>Dialogs to store. Asked after <see cref="Settle"/>, as is <see cref="Ended"/>.</summary>
    public IReadOnlyDictionary<LegId, string> Dialogs => _dialogs;

    /// <summary>Calls that ended and had begun before this batch.</summary>
    public IReadOnlyCollection<CallId> Ended => _ended;

    public void Keep(LegId leg, string dialog) => _dialogs[leg] = dialog;

    public void On(long cursor, CallEvent happened)
    {
        var call = happened.Call.Id;
        if (happened.Sequence == 1)
            _begun.Add(call);
        switch (happened)
        {
            case CallEnded:
                _cursors.Remove(call);
                _ended.Add(call);
                break;
            // The end of a hangup or of a recording may come after the call: it is live no more.
            case { Call.HasEnded: true }:
                break;
            case LegMoved moved:
                _dialogs.Remove(moved.Leg);
                _moved.Add(moved.Leg);
                _cursors[call] = cursor;
                break;
            default:
                _cursors[call] = cursor;
                break;
        }
    }

    /// <summary>After the last event: what ended in the batch leaves nothing behind.</summary>
    public void Settle()
    {
        foreach (var leg in _dialogs.Keys)
        {
            if (_ended.Contains(leg.Call))
                _dialogs.Remove(leg);
        }
        _ended.ExceptWith(_begun);
    }
}
