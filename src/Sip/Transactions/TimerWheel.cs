using System.Numerics;

namespace Switchhook.Sip.Transactions;

/// <summary>Receives the firing of a timer it has started.</summary>
public interface ITimed
{
    /// <summary>The timer started with this number has run out.</summary>
    void OnTimer(int timer);
}

/// <summary>Names one start of one timer; the default value names none. Stays harmless after the timer has fired.</summary>
public readonly record struct TimerHandle(int Index, int Generation);

/// <summary>
/// All timers of one shard: a hashed wheel of one-millisecond slots, wide enough that every SIP timer lies within one turn.
/// Starting and cancelling are constant time; nothing is allocated once the wheel has grown to its load. One thread only.
/// </summary>
public sealed class TimerWheel
{
    private const int Slots = 1 << 15;
    private const int None = -1;

    // So much later a lax timer may fire: many of them then share a wake.
    private const int LaxTicks = 64;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly long _unitsPerTick;
    private readonly int[] _heads = new int[Slots];
    private readonly int[] _tails = new int[Slots];
    private readonly ulong[] _occupied = new ulong[Slots / 64];
    private readonly ulong[] _pressing = new ulong[Slots / 64]; // a timer that is not lax is, or was, in the slot
    private Entry[] _entries = new Entry[256];
    private int _free = None;
    private int _used;
    private long _tick;

    /// <summary>Creates an empty wheel that reads this clock.</summary>
    public TimerWheel(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _unitsPerTick = Math.Max(1, time.TimestampFrequency / 1000);
        Array.Fill(_heads, None);
        Array.Fill(_tails, None);
    }

    /// <summary>The clock the wheel reads, for whoever measures against its timers.</summary>
    public TimeProvider Time => _time;

    /// <summary>Timers started and neither fired nor cancelled.</summary>
    public int LiveTimers { get; private set; }

    /// <summary>
    /// The timestamp by which <see cref="Fire"/> is to be called next, or <see cref="long.MaxValue"/> when no timer runs. Lax timers may wait up to
    /// 64 ms for others; called earlier, Fire fires them all the same.
    /// </summary>
    public long Next
    {
        get
        {
            var first = NextIn(_occupied);
            if (first == long.MaxValue) return long.MaxValue;
            var tick = Math.Min(NextIn(_pressing), (first + LaxTicks - 1) / LaxTicks * LaxTicks);
            return _start + (tick * _unitsPerTick);
        }
    }

    /// <summary>Starts a timer; it fires no earlier than asked, with the first <see cref="Fire"/> after that, and never within this call.</summary>
    /// <param name="after">How long from now; zero and less mean the next <see cref="Fire"/> a millisecond on.</param>
    /// <param name="user">Who is told.</param>
    /// <param name="timer">A number that tells the user's timers apart.</param>
    /// <param name="isLax">Nobody minds when it fires a little later: no wake of its own is worth it.</param>
    public TimerHandle Start(TimeSpan after, ITimed user, int timer, bool isLax = false)
    {
        var units = after <= TimeSpan.Zero ? 0 : (long)(after.TotalSeconds * _time.TimestampFrequency);
        var due = Math.Max(_tick + 1, (_time.GetTimestamp() - _start + units + _unitsPerTick - 1) / _unitsPerTick);
        var index = Take();
        ref var entry = ref _entries[index];
        entry.User = user;
        entry.Timer = timer;
        entry.Due = due;
        Link(index, ref entry, isPressing: !isLax);
        LiveTimers++;
        return new TimerHandle(index, entry.Generation);
    }

    /// <summary>Starts a timer in place of the one the handle names, which will not fire any more.</summary>
    public void Restart(ref TimerHandle handle, TimeSpan after, ITimed user, int timer, bool isLax = false)
    {
        Cancel(ref handle);
        handle = Start(after, user, timer, isLax);
    }

    /// <summary>Cancels the timer if it still runs, and clears the handle.</summary>
    public bool Cancel(ref TimerHandle handle)
    {
        var (index, generation) = handle;
        handle = default;
        if (generation == 0 || index >= _used || _entries[index].Generation != generation) return false;

        Release(index);
        return true;
    }

    /// <summary>Fires every timer that is due, in order of time and then of starting, and returns their number.</summary>
    public int Fire()
    {
        var target = (_time.GetTimestamp() - _start) / _unitsPerTick;
        var fired = 0;
        while (NextIn(_occupied) is var tick && tick <= target)
        {
            _tick = tick;
            fired += FireSlot((int)(tick & (Slots - 1)), tick);
        }

        _tick = Math.Max(_tick, target);
        return fired;
    }

    private int FireSlot(int slot, long tick)
    {
        var fired = 0;
        var index = _heads[slot];
        while (index != None)
        {
            ref var entry = ref _entries[index];
            if (entry.Due > tick)
            {
                index = entry.Next; // due in a later turn
                continue;
            }

            var (user, timer) = (entry.User!, entry.Timer);
            Release(index);
            fired++;
            user.OnTimer(timer);
            // The callback may have changed the slot at will: begin again. Timers of later turns are few here.
            index = _heads[slot];
        }

        return fired;
    }

    /// <summary>The first tick after the current one whose slot is marked, which may be for timers of a later turn.</summary>
    private long NextIn(ulong[] marked)
    {
        if (LiveTimers == 0) return long.MaxValue;

        var from = (int)((_tick + 1) & (Slots - 1));
        var word = from >> 6;
        var bits = marked[word] & (ulong.MaxValue << (from & 63));
        for (var step = 0; step <= marked.Length; step++)
        {
            if (bits != 0)
            {
                var slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
                return _tick + 1 + ((slot - from) & (Slots - 1));
            }

            word = (word + 1) & (marked.Length - 1);
            bits = marked[word];
        }

        return long.MaxValue;
    }

    private int Take()
    {
        if (_free != None)
        {
            var index = _free;
            _free = _entries[index].Next;
            return index;
        }

        if (_used == _entries.Length) Array.Resize(ref _entries, _used * 2);
        _entries[_used].Generation = 1;
        return _used++;
    }

    private void Release(int index)
    {
        ref var entry = ref _entries[index];
        Unlink(ref entry);
        entry.User = null;
        entry.Generation = entry.Generation == int.MaxValue ? 1 : entry.Generation + 1;
        entry.Next = _free;
        _free = index;
        LiveTimers--;
    }

    private void Link(int index, ref Entry entry, bool isPressing)
    {
        var slot = (int)(entry.Due & (Slots - 1));
        entry.Next = None;
        entry.Previous = _tails[slot];
        if (entry.Previous == None) _heads[slot] = index;
        else _entries[entry.Previous].Next = index;
        _tails[slot] = index;
        _occupied[slot >> 6] |= 1UL << (slot & 63);
        if (isPressing) _pressing[slot >> 6] |= 1UL << (slot & 63);
    }

    private void Unlink(ref Entry entry)
    {
        var slot = (int)(entry.Due & (Slots - 1));
        if (entry.Previous == None) _heads[slot] = entry.Next;
        else _entries[entry.Previous].Next = entry.Next;
        if (entry.Next == None) _tails[slot] = entry.Previous;
        else _entries[entry.Next].Previous = entry.Previous;
        if (_heads[slot] != None) return;
        _occupied[slot >> 6] &= ~(1UL << (slot & 63));
        _pressing[slot >> 6] &= ~(1UL << (slot & 63));
    }

    private struct Entry
    {
        public ITimed? User;
        public long Due;
        public int Timer;
        public int Generation;
        public int Next;
        public int Previous;
    }
}
