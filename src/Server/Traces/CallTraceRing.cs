using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Traces;

namespace Switchhook.Server.Traces;

/// <summary>
/// Traces of the calls of late as octets in one ring: what is newest pushes out what is oldest, whichever call it belongs to. Messages are
/// copied, so that the objects they came in die young; texts are made by whoever reads. A call that has as many entries as it may keeps its
/// beginning and says how much it left out.
/// </summary>
/// <param name="octets">Size of the ring.</param>
/// <param name="entriesPerCall">The most entries of one call.</param>
/// <param name="showsKeys">Whether keys may stand in entries.</param>
internal sealed class CallTraceRing(int octets = 16 * 1024 * 1024, int entriesPerCall = 400, bool showsKeys = false) : ICallTraces
{
    // Length of the whole entry, call, time, kind, length of the summary. Call 0 fills the end of the ring.
    private const int Header = 4 + 8 + 8 + 1 + 2;
    private const int MostSummary = 512;

    private static readonly string[] Kinds = ["sip-in", "sip-out", "event", "webhook", "script", "note"];

    private readonly Lock _gate = new();
    private readonly byte[] _ring = new byte[octets];
    private readonly Dictionary<CallId, Kept> _kept = [];
    private int _head;
    private int _tail;
    private int _used;

    public bool ShowsKeys => showsKeys;

    public void Add(CallId call, TraceEntry entry)
    {
        Span<byte> summary = stackalloc byte[MostSummary];
        summary = summary[..entry.WriteSummary(summary)];
        var detail = entry.DetailOctets.Span;
        if (detail.Length > octets / 4)
            detail = detail[..(octets / 4)];
        var length = Header + summary.Length + detail.Length;
        lock (_gate)
        {
            ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(_kept, call, out _);
            if (kept.Entries >= entriesPerCall)
            {
                kept.LeftOut++;
                kept.LastLeftOutAt = entry.At.UtcTicks;
                return;
            }
            kept.Entries++;
            var place = Reserve(length);
            BinaryPrimitives.WriteInt32LittleEndian(place, length);
            BinaryPrimitives.WriteInt64LittleEndian(place[4..], call.Value);
            BinaryPrimitives.WriteInt64LittleEndian(place[12..], entry.At.UtcTicks);
            place[20] = (byte)Array.IndexOf(Kinds, entry.Kind);
            BinaryPrimitives.WriteUInt16LittleEndian(place[21..], (ushort)summary.Length);
            summary.CopyTo(place[Header..]);
            detail.CopyTo(place[(Header + summary.Length)..]);
        }
    }

    public IReadOnlyList<TraceEntry>? Find(CallId call)
    {
        List<TraceEntry> entries = [];
        lock (_gate)
        {
            if (!_kept.TryGetValue(call, out var kept))
                return null;
            var at = _tail;
            for (var left = _used; left > 0 && entries.Count < kept.Entries;)
            {
                var entry = EntryAt(at);
                if (CallOf(entry) == call.Value)
                    entries.Add(Read(entry));
                left -= entry.Length;
                at = After(at, entry.Length);
            }
            if (kept.LeftOut > 0)
                entries.Add(new TraceEntry(new DateTimeOffset(kept.LastLeftOutAt, TimeSpan.Zero), "note", $"{kept.LeftOut} more entries were left out", null));
        }
        // Entries come from several threads, each with its own reading of the clock; equal times keep their order of arrival.
        return [.. entries.OrderBy(static e => e.At)];
    }

    /// <summary>Room for an entry in one piece, made by forgetting the oldest.</summary>
    private Span<byte> Reserve(int length)
    {
        var toEnd = _ring.Length - _head;
        if (toEnd < length)
        {
            FreeFor(toEnd);
            Fill(toEnd);
        }
        FreeFor(length);
        var place = _ring.AsSpan(_head, length);
        _head = After(_head, length);
        _used += length;
        return place;
    }

    /// <summary>The end of the ring, too short for the entry, becomes an entry of no call; where not even a length fits, it is passed over.</summary>
    private void Fill(int toEnd)
    {
        if (toEnd >= Header)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_ring.AsSpan(_head), toEnd);
            BinaryPrimitives.WriteInt64LittleEndian(_ring.AsSpan(_head + 4), 0);
        }
        _used += toEnd;
        _head = 0;
    }

    private void FreeFor(int length)
    {
        while (_ring.Length - _used < length)
        {
            var oldest = EntryAt(_tail);
            Forget(new CallId(CallOf(oldest)));
            _used -= oldest.Length;
            _tail = After(_tail, oldest.Length);
        }
    }

    private void Forget(CallId call)
    {
        ref var kept = ref CollectionsMarshal.GetValueRefOrNullRef(_kept, call);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref kept) && --kept.Entries == 0)
            _kept.Remove(call);
    }

    private ReadOnlySpan<byte> EntryAt(int at)
    {
        var toEnd = _ring.Length - at;
        var length = toEnd < Header ? toEnd : BinaryPrimitives.ReadInt32LittleEndian(_ring.AsSpan(at));
        return _ring.AsSpan(at, length);
    }

    private int After(int at, int length) => at + length == _ring.Length ? 0 : at + length;

    private static long CallOf(ReadOnlySpan<byte> entry) => entry.Length < Header ? 0 : BinaryPrimitives.ReadInt64LittleEndian(entry[4..]);

    private static TraceEntry Read(ReadOnlySpan<byte> entry)
    {
        var summary = entry.Slice(Header, BinaryPrimitives.ReadUInt16LittleEndian(entry[21..]));
        var detail = entry[(Header + summary.Length)..];
        return new TraceEntry(
            new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(entry[12..]), TimeSpan.Zero),
            Kinds[entry[20]],
            Encoding.UTF8.GetString(summary),
            detail.IsEmpty ? null : Encoding.UTF8.GetString(detail));
    }

    private struct Kept
    {
        public int Entries;
        public int LeftOut;
        public long LastLeftOutAt;
    }
}
