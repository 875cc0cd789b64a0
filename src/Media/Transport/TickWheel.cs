namespace Switchhook.Media.Transport;

/// <summary>Something that has work to do every 20 ms.</summary>
internal interface ITicked
{
    /// <summary>Slot in the wheel; −1 = not ticking.</summary>
    int TickSlot { get; set; }

    /// <summary>Place in the slot.</summary>
    int TickIndex { get; set; }

    void Tick(long nowNs);

    /// <summary>Ends it, after a mistake of ours.</summary>
    void Close();
}

/// <summary>
/// The sessions that send of their own accord, and the conferences, spread over the 20 ms in slots of 2 ms so that hundreds of prompts do not leave
/// in one burst. Each slot is due at fixed instants: a late tick does not move the next one.
/// </summary>
internal sealed class TickWheel
{
    public const long PeriodNs = 20 * MediaClock.Millisecond;

    private const int Slots = 10;
    private const long SlotNs = PeriodNs / Slots;
    private const long LateNs = 10 * MediaClock.Millisecond;
    private const int MostAtOnce = 5;                       // periods made up for after a pause; what is older is let go

    private readonly List<ITicked>[] _sessions = [.. Enumerable.Range(0, Slots).Select(static _ => new List<ITicked>())];
    private readonly long[] _dueNs = new long[Slots];
    private int _count;

    public long LateTicks;

    /// <summary>Puts a session into the emptiest slot.</summary>
    public void Add(ITicked session, long nowNs)
    {
        var slot = 0;
        for (var i = 1; i < Slots; i++)
            if (_sessions[i].Count < _sessions[slot].Count) slot = i;

        if (_sessions[slot].Count == 0) _dueNs[slot] = NextDue(slot, nowNs);
        session.TickSlot = slot;
        session.TickIndex = _sessions[slot].Count;
        _sessions[slot].Add(session);
        _count++;
    }

    public void Remove(ITicked session)
    {
        if (session.TickSlot < 0) return;
        var slot = _sessions[session.TickSlot];
        var last = slot[^1];
        slot[session.TickIndex] = last;
        last.TickIndex = session.TickIndex;
        slot.RemoveAt(slot.Count - 1);
        session.TickSlot = -1;
        _count--;
    }

    /// <summary>The next instant a slot is due; <see cref="long.MaxValue"/> when nobody waits for one.</summary>
    public long NextDueNs
    {
        get
        {
            if (_count == 0) return long.MaxValue;
            var next = long.MaxValue;
            for (var i = 0; i < Slots; i++)
                if (_sessions[i].Count > 0) next = Math.Min(next, _dueNs[i]);
            return next;
        }
    }

    /// <summary>Ticks every session of every slot that is due.</summary>
    public void Run(long nowNs, Action<ITicked, long> tick)
    {
        if (_count == 0) return;
        for (var i = 0; i < Slots; i++)
        {
            for (var made = 0; _sessions[i].Count > 0 && _dueNs[i] <= nowNs; made++)
            {
                if (made == MostAtOnce) { _dueNs[i] = NextDue(i, nowNs); break; }
                if (nowNs - _dueNs[i] > LateNs) LateTicks++;
                _dueNs[i] += PeriodNs;
                var slot = _sessions[i];
                for (var at = slot.Count - 1; at >= 0; at--) tick(slot[at], nowNs);    // backwards: a tick may take its session out
            }
        }
    }

    private static long NextDue(int slot, long nowNs)
    {
        var offset = slot * SlotNs;
        return (nowNs - offset + PeriodNs) / PeriodNs * PeriodNs + offset;
    }
}
