using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Flight;

/// <summary>
/// What the files of an earlier process say that the log does not have. An event is in the log when the log's last cursor is no smaller; what
/// stands between two events is, when it has the later one.
/// </summary>
internal sealed class FlightReading
{
    private readonly long _lastCursor;
    private readonly List<LogWrite> _writes = [];
    private readonly HashSet<CallId> _ended = [];
    private long _cursor;

    public FlightReading(long lastCursor) => _lastCursor = _cursor = lastCursor;

    /// <summary>Frames of this release that could not be understood.</summary>
    public int Unreadable { get; private set; }

    /// <summary>What the log lacks, in order. Dialogs of calls that ended are left out.</summary>
    public IReadOnlyList<LogWrite> Writes =>
        [.. _writes.Where(write => write is not LogWrite.DialogKept kept || !_ended.Contains(kept.Leg.Call))];

    public void Read(LeftSegment segment)
    {
        // Most of a file is in the log: of its calls only those are put together that something is needed of.
        HashSet<CallId> needed = [];
        foreach (var range in segment.Frames)
        {
            var frame = new FlightFields(segment.Octets.AsSpan(range));
            if (frame.Kind is FlightKind.Event or FlightKind.Change && frame.Cursor > _lastCursor)
                needed.Add(frame.Call);
        }
        Dictionary<CallId, Call> calls = [];
        foreach (var range in segment.Frames)
        {
            var frame = new FlightFields(segment.Octets.AsSpan(range));
            try
            {
                Read(frame, needed, calls);
            }
#pragma warning disable CA1031 // Whatever another release may have written, a start goes on without it, and says so.
            catch (Exception)
#pragma warning restore CA1031
            {
                calls.Remove(frame.Call);
                Unreadable++;
            }
        }
    }

    private void Read(FlightFields frame, HashSet<CallId> needed, Dictionary<CallId, Call> calls)
    {
        switch (frame.Kind)
        {
            case FlightKind.Event or FlightKind.Change when needed.Contains(frame.Call):
                ReadEvent(frame, calls);
                break;
            case FlightKind.Dialog when frame.Cursor >= _lastCursor:
                _writes.Add(new LogWrite.DialogKept(new LegId(frame.Call, frame.Number()), frame.Text()));
                break;
            case FlightKind.Bindings when frame.Cursor >= _lastCursor:
                var extension = frame.Text();
                _writes.Add(new LogWrite.BindingsKept(extension, JsonSerializer.Deserialize(frame.Octets(), FlightJson.Default.IReadOnlyListStoredBinding) ?? []));
                break;
        }
    }

    private void ReadEvent(FlightFields frame, Dictionary<CallId, Call> calls)
    {
        var (sequence, at, name) = (frame.Number(), StoredTime.FromMicroseconds(frame.Long()), frame.Text());
        var detail = frame.Octets();
        var call = frame.Kind == FlightKind.Event ? CallJson.Read(frame.Octets())
            : calls.TryGetValue(frame.Call, out var before) ? CallJson.ReadDelta(frame.Octets()).Apply(before)
            : throw new FormatException($"Nothing comes before a change of call {frame.Call}");
        calls[frame.Call] = call;
        if (call.HasEnded)
            _ended.Add(frame.Call);
        if (frame.Cursor <= _cursor)
            return;
        _cursor = frame.Cursor;
        _writes.Add(new LogWrite.Happened(frame.Cursor, EventDetail.ToEvent(name, call, sequence, at, detail.IsEmpty ? null : CallJson.ReadDetail(detail)), []));
    }

    /// <summary>A frame, field by field.</summary>
    private ref struct FlightFields
    {
        private ReadOnlySpan<byte> _rest;

        public FlightFields(ReadOnlySpan<byte> frame)
        {
            _rest = frame;
            if (frame.Length < 1 + (2 * sizeof(long)))
                return;
            Kind = (FlightKind)frame[0];
            Cursor = BinaryPrimitives.ReadInt64LittleEndian(frame[1..]);
            Call = new CallId(BinaryPrimitives.ReadInt64LittleEndian(frame[9..]));
            _rest = frame[17..];
        }

        public FlightKind Kind { get; }
        public long Cursor { get; }
        public CallId Call { get; }

        public int Number() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

        public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

        public ReadOnlySpan<byte> Octets() => Take(Number());

        public string Text() => Encoding.UTF8.GetString(Octets());

        private ReadOnlySpan<byte> Take(int octets)
        {
            if (octets < 0 || octets > _rest.Length)
                throw new FormatException("A frame is shorter than it says");
            var taken = _rest[..octets];
            _rest = _rest[octets..];
            return taken;
        }
    }
}
