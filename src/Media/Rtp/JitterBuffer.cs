using Switchhook.Media.Codecs;

namespace Switchhook.Media.Rtp;

/// <summary>What there is to play in a tick.</summary>
internal enum JitterOutcome
{
    /// <summary>No stream, or one being buffered: silence.</summary>
    Nothing,

    /// <summary>A packet; it may last longer or shorter than a tick.</summary>
    Packet,

    /// <summary>One frame is missing: make it up.</summary>
    Lost,

    /// <summary>The sender paused (silence suppression): a frame of silence.</summary>
    Pause,

    /// <summary>A frame is to be made up so that the delay grows by it; nothing was lost.</summary>
    Stretch,
}

/// <summary>A packet taken out; its payload is good until the next call.</summary>
internal readonly ref struct JitterPacket(AudioCodec codec, ReadOnlySpan<byte> payload)
{
    public AudioCodec Codec { get; } = codec;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}

/// <summary>
/// Orders packets by time and says each tick what to play. Its delay follows the jitter measured: it grows when packets come
/// late and shrinks again in silence. Times are RTP timestamp units of one clock. Owned by a media thread, allocates nothing.
/// </summary>
internal sealed class JitterBuffer
{
    /// <summary>Largest payload kept, octets; Opus at any rate speech is sent with stays far below.</summary>
    public const int MostOctets = 1_024;

    private const int Slots = 48;
    private const int MostDelayMs = 400;
    private const int MostMisses = 10;                      // ticks without anything before the stream counts as over

    private readonly byte[] _room = new byte[Slots * MostOctets];
    private readonly Slot[] _slots = new Slot[Slots];
    private int _frame;                                     // units of 20 ms
    private int _count;
    private bool _isKnown;                                  // a packet came since the last reset
    private bool _isPlaying;
    private bool _isHungry;                                 // something came late or not at all since the delay last grew
    private uint _play;                                     // timestamp wanted next
    private ushort _last;                                   // sequence number played last
    private int _misses;
    private uint _newest;
    private uint _base;                                     // transit of the first packet
    private int _least;                                     // least transit of this and of the last window, beside the base
    private int _leastBefore;
    private uint _windowEnds;
    private int _peak;                                      // lateness, slowly forgotten

    public JitterBuffer(int clockHz) => SetClock(clockHz);

    /// <summary>Packets that came after their time.</summary>
    public long Late { get; private set; }

    /// <summary>Packets that were here already.</summary>
    public long Duplicates { get; private set; }

    /// <summary>What the delay should be, units.</summary>
    public int Target => Math.Clamp(_peak + _frame, _frame, MostDelayMs / AudioCodecs.FrameMs * _frame);

    /// <summary>Packets waiting.</summary>
    public int Count => _count;

    /// <summary>Forgets everything for a stream of another clock, 8,000 or 48,000 Hz.</summary>
    public void SetClock(int clockHz)
    {
        _frame = clockHz / 1_000 * AudioCodecs.FrameMs;
        Reset();
    }

    /// <summary>Forgets the stream: another source speaks.</summary>
    public void Reset()
    {
        Array.Clear(_slots);
        (_count, _isKnown, _isPlaying, _peak) = (0, false, false, 0);
    }

    /// <summary>Takes a packet in; false for one that is late, double or too large.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="timestamp">Its timestamp.</param>
    /// <param name="units">How long it lasts.</param>
    /// <param name="codec">What it is encoded with.</param>
    /// <param name="payload">At most <see cref="MostOctets"/>.</param>
    /// <param name="now">The present, units of any origin.</param>
    public bool Put(ushort sequence, uint timestamp, int units, AudioCodec codec, ReadOnlySpan<byte> payload, uint now)
    {
        if (payload.Length > MostOctets || payload.IsEmpty || units <= 0) return false;
        // Two seconds to either side is a new timeline, not jitter.
        if (_isKnown && Math.Abs((long)(int)(timestamp - _newest)) > 100L * _frame) Reset();
        if (!_isKnown) Begin(timestamp, now);
        if ((int)(timestamp - _newest) > 0) _newest = timestamp;
        Measure(timestamp, now);

        if (_isPlaying && (int)(timestamp + (uint)units - _play) <= 0)
        {
            Late++;
            _isHungry = true;
            return false;
        }

        ref var slot = ref _slots[sequence % Slots];
        if (slot.IsUsed)
        {
            if (slot.Sequence == sequence) { Duplicates++; return false; }
            if ((short)(sequence - slot.Sequence) < 0) return false;
            _count--;
        }

        slot = new Slot(sequence, timestamp, units, payload.Length, codec);
        payload.CopyTo(_room.AsSpan(sequence % Slots * MostOctets));
        _count++;
        return true;
    }

    /// <summary>What to play next.</summary>
    /// <param name="now">The present, on the clock of <see cref="Put"/>.</param>
    /// <param name="isQuiet">What was played last was near silence: a frame more or less is not heard.</param>
    /// <param name="packet">With <see cref="JitterOutcome.Packet"/> the packet; with <see cref="JitterOutcome.Lost"/> the one after the lost one, when it is there.</param>
    public JitterOutcome Take(uint now, bool isQuiet, out JitterPacket packet)
    {
        packet = default;
        if (!_isPlaying && !TryStart(now)) return JitterOutcome.Nothing;

        var delay = (int)(now - _play - _base) - Least;
        if (delay + _frame <= Target && (isQuiet || _isHungry)) return JitterOutcome.Stretch;
        _isHungry = false;
        if (delay > Target + MostDelayMs / AudioCodecs.FrameMs * _frame) SkipTo(now);

        var found = Find(out var next);
        if (found >= 0 && isQuiet && delay >= Target + 2 * _frame && _slots[found].Units <= _frame)
        {
            Remove(found);                                  // too far behind, and silent: a frame is left out
            found = Find(out next);
        }

        if (found >= 0) return Give(found, out packet);
        if (next >= 0) return Bridge(next, out packet);
        _play += (uint)_frame;
        _isHungry = true;
        if (++_misses <= MostMisses) return JitterOutcome.Lost;
        _isPlaying = false;
        return JitterOutcome.Nothing;
    }

    private int Least => Math.Min(_least, _leastBefore);

    private void Begin(uint timestamp, uint now)
    {
        (_isKnown, _newest, _base) = (true, timestamp, now - timestamp);
        (_least, _leastBefore, _windowEnds) = (0, 0, now + 200 * (uint)_frame);
    }

    /// <summary>How much later than the fastest of the last four to eight seconds a packet is.</summary>
    private void Measure(uint timestamp, uint now)
    {
        var transit = (int)(now - timestamp - _base);
        if ((int)(now - _windowEnds) >= 0) (_leastBefore, _least, _windowEnds) = (_least, transit, now + 200 * (uint)_frame);
        else if (transit < _least) _least = transit;
        var lateness = transit - Least;
        if (lateness > _peak) _peak = Math.Min(lateness, MostDelayMs / AudioCodecs.FrameMs * _frame);
        else _peak -= (_peak - lateness + 255) / 256;
    }

    private bool TryStart(uint now)
    {
        if (_count == 0) return false;
        var oldest = Oldest();
        if ((int)(now - _slots[oldest].Timestamp - _base) - Least + _frame / 4 < Target) return false;
        (_isPlaying, _play, _misses) = (true, _slots[oldest].Timestamp, 0);
        _last = (ushort)(_slots[oldest].Sequence - 1);
        return true;
    }

    private void SkipTo(uint now)
    {
        var target = now - _base - (uint)(Least + Target);
        for (var i = 0; i < Slots; i++)
        {
            if (!_slots[i].IsUsed || (int)(_slots[i].Timestamp + (uint)_slots[i].Units - target) > 0) continue;
            _slots[i] = default;
            _count--;
        }

        _play = target;
    }

    /// <summary>The slot that holds the time wanted, or −1 and the next one after it.</summary>
    private int Find(out int next)
    {
        next = -1;
        var expected = (ushort)(_last + 1) % Slots;
        if (Covers(expected)) return expected;
        for (var i = 0; i < Slots && _count > 0; i++)
        {
            if (!_slots[i].IsUsed) continue;
            if (Covers(i)) return i;
            if ((int)(_slots[i].Timestamp - _play) > 0 && (next < 0 || (int)(_slots[i].Timestamp - _slots[next].Timestamp) < 0)) next = i;
        }

        return -1;
    }

    private bool Covers(int at) => _slots[at].IsUsed && (int)(_play - _slots[at].Timestamp) is >= 0 and var into && into < _slots[at].Units;

    private JitterOutcome Give(int at, out JitterPacket packet)
    {
        packet = At(at);
        Remove(at);
        _misses = 0;
        return JitterOutcome.Packet;
    }

    private JitterOutcome Bridge(int next, out JitterPacket packet)
    {
        packet = default;
        var gap = (int)(_slots[next].Timestamp - _play);
        var missing = (ushort)(_slots[next].Sequence - _last - 1);
        _misses = 0;
        _play += (uint)Math.Min(_frame, gap);
        if (missing == 0) return JitterOutcome.Pause;
        if (gap <= _frame) packet = At(next);
        _isHungry = true;
        return JitterOutcome.Lost;
    }

    private JitterPacket At(int at) => new(_slots[at].Codec, _room.AsSpan(at * MostOctets, _slots[at].Octets));

    private void Remove(int at)
    {
        ref var slot = ref _slots[at];
        _last = slot.Sequence;
        _play = slot.Timestamp + (uint)slot.Units;
        slot = default;
        _count--;
    }

    private int Oldest()
    {
        var oldest = -1;
        for (var i = 0; i < Slots; i++)
            if (_slots[i].IsUsed && (oldest < 0 || (int)(_slots[i].Timestamp - _slots[oldest].Timestamp) < 0)) oldest = i;
        return oldest;
    }

    private readonly struct Slot(ushort sequence, uint timestamp, int units, int octets, AudioCodec codec)
    {
        public readonly ushort Sequence = sequence;
        public readonly uint Timestamp = timestamp;
        public readonly int Units = units;
        public readonly int Octets = octets;
        public readonly AudioCodec Codec = codec;

        public bool IsUsed => Units > 0;
    }
}
