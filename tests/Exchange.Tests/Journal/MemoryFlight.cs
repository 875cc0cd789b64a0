using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Tests.Journal;

/// <summary>A flight recorder in memory, which fails and waits when told to.</summary>
internal sealed class MemoryFlight : IFlightRecorder
{
    private readonly Lock _lock = new();
    private readonly List<string> _added = [];
    private List<string> _flushed = [];
    private long _ticket;
    private long _stored;

    /// <summary>What the process before left.</summary>
    public IReadOnlyList<LogWrite> Left { get; init; } = [];
    public IReadOnlyList<string> Remarks { get; init; } = [];
    public bool IsLeftStored { get; private set; }
    public long OpenedAt { get; private set; } = -1;

    /// <summary>Thrown by every Add.</summary>
    public Exception? Bug { get; set; }
    public string? Problem { get; set; }

    /// <summary>What <see cref="TryAgain"/> finds.</summary>
    public bool IsMended { get; set; }

    /// <summary>A flush waits for it.</summary>
    public ManualResetEventSlim MayFlush { get; } = new(initialState: true);

    /// <summary>What outlives the process: <c>call.started</c>, <c>dialog 1</c>, <c>bindings 101</c>.</summary>
    public IReadOnlyList<string> Kept
    {
        get
        {
            lock (_lock)
                return [.. _flushed];
        }
    }

    /// <summary>Tickets given and not stored.</summary>
    public long Unstored => Interlocked.Read(ref _ticket) - Interlocked.Read(ref _stored);

    public IReadOnlyList<LogWrite> Open(long lastCursor)
    {
        OpenedAt = lastCursor;
        return Left;
    }

    public void LeftIsStored() => IsLeftStored = true;

    public long Add(long cursor, CallEvent happened) => Add(happened.Name);

    public long Add(long after, LegId leg, string dialog) => Add($"dialog {leg.Number}");

    public long Add(long after, string extension, IReadOnlyList<StoredBinding> bindings) => Add($"bindings {extension}");

    public bool TryAgain()
    {
        if (IsMended)
            Problem = null;
        return IsMended;
    }

    public void Flush()
    {
        MayFlush.Wait();
        lock (_lock)
            _flushed = [.. _added];
    }

    public void Stored(long ticket) => Interlocked.Exchange(ref _stored, ticket);

    public void Dispose() => MayFlush.Dispose();

    private long Add(string what)
    {
        if (Bug is not null)
            throw Bug;
        lock (_lock)
            _added.Add(what);
        return Interlocked.Increment(ref _ticket);
    }
}
