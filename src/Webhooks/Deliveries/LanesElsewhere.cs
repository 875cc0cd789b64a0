namespace Switchhook.Webhooks.Deliveries;

/// <summary>
/// Lanes with notifications that are in the outbox alone: the newest of them, at least half of <paramref name="most"/>. The call of an older one
/// is over long since, and nothing more comes that would have to wait its turn.
/// </summary>
internal sealed class LanesElsewhere(int most)
{
    private HashSet<LaneMark> _newer = [];
    private HashSet<LaneMark> _older = [];

    public bool IsEmpty => _newer.Count == 0 && _older.Count == 0;

    public bool Contains(LaneMark lane) => _newer.Contains(lane) || _older.Contains(lane);

    public void Add(LaneMark lane)
    {
        if (_newer.Count >= most / 2)
            (_older, _newer) = (_newer, []);
        _newer.Add(lane);
    }

    public void Add(LanesElsewhere others)
    {
        foreach (var lane in others._older.Concat(others._newer))
            Add(lane);
    }
}
