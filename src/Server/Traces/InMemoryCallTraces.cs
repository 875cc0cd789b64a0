using Switchhook.Calls;
using Switchhook.Calls.Traces;

namespace Switchhook.Server.Traces;

/// <summary>
/// Traces of the calls of late, bounded three ways: calls, entries a call, octets over all. The oldest call goes first; a call that is
/// full keeps its beginning and says how much it left out. Texts are made by whoever reads, never here: entries come from the wire path.
/// </summary>
internal sealed class InMemoryCallTraces(int calls = 2_000, int entriesPerCall = 400, long octets = 64 * 1024 * 1024) : ICallTraces
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CallId, CallTrace> _traces = [];
    private readonly Queue<CallId> _order = new();
    private long _octets;

    public void Add(CallId call, TraceEntry entry)
    {
        lock (_gate)
        {
            if (!_traces.TryGetValue(call, out var trace))
            {
                _traces[call] = trace = new CallTrace();
                _order.Enqueue(call);
            }
            if (trace.Entries.Count >= entriesPerCall)
            {
                trace.LeftOut++;
                trace.LastLeftOutAt = entry.At;
                return;
            }
            trace.Entries.Add(entry);
            trace.Octets += entry.Size;
            _octets += entry.Size;
            while (_order.Count > calls || (_octets > octets && _order.Count > 1))
                Forget(_order.Dequeue());
        }
    }

    public IReadOnlyList<TraceEntry>? Find(CallId call)
    {
        List<TraceEntry> entries;
        lock (_gate)
        {
            if (!_traces.TryGetValue(call, out var trace))
                return null;
            entries = [.. trace.Entries];
            if (trace.LeftOut > 0)
                entries.Add(new TraceEntry(trace.LastLeftOutAt, "note", $"{trace.LeftOut} more entries were left out", null));
        }
        // Entries come from several threads, each with its own reading of the clock; equal times keep their order of arrival.
        return [.. entries.OrderBy(e => e.At)];
    }

    private void Forget(CallId call)
    {
        if (_traces.Remove(call, out var trace))
            _octets -= trace.Octets;
    }

    private sealed class CallTrace
    {
        public List<TraceEntry> Entries { get; } = new(16);
        public long Octets { get; set; }
        public int LeftOut { get; set; }
        public DateTimeOffset LastLeftOutAt { get; set; }
    }
}
