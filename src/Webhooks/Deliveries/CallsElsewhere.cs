using Switchhook.Calls;

namespace Switchhook.Webhooks.Deliveries;

/// <summary>
/// Calls with notifications that are in the outbox alone: the newest of them, at least half of <paramref name="most"/>. An older one is over
/// long since, and nothing more comes that would have to wait its turn.
/// </summary>
internal sealed class CallsElsewhere(int most)
{
    private HashSet<CallId> _newer = [];
    private HashSet<CallId> _older = [];

    public bool IsEmpty => _newer.Count == 0 && _older.Count == 0;

    public bool Contains(CallId call) => _newer.Contains(call) || _older.Contains(call);

    public void Add(CallId call)
    {
        if (_newer.Count >= most / 2)
            (_older, _newer) = (_newer, []);
        _newer.Add(call);
    }

    public void Add(CallsElsewhere others)
    {
        foreach (var call in others._older.Concat(others._newer))
            Add(call);
    }
}
