using Switchhook.Calls.Ports;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Native;

/// <summary>A log in memory that tells a subscriber what it took, and can forget its beginning.</summary>
internal sealed class MemoryLog(IEventSubscriber? subscriber = null) : ICallLog, IEventSubscriber
{
    private readonly Lock _gate = new();
    private readonly List<LoggedEvent> _events = [];
    private long _horizon;
    private int _reads;

    public bool IsDown { get; set; }

    /// <summary>How often a page was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public void On(LoggedEvent happened)
    {
        lock (_gate)
            _events.Add(happened);
        subscriber?.On(happened);
    }

    /// <summary>Waits until no page is read any more: the readers' buffers are full, and their writes are stuck.</summary>
    public Task QuietAsync()
    {
        var (before, same) = (0, 0);
        return Eventually.TrueAsync(
            () =>
            {
                same = Reads > 0 && Reads == before ? same + 1 : 0;
                before = Reads;
                return same == 20;
            },
            "no page is read any more", TimeSpan.FromSeconds(60));
    }

    /// <summary>Forgets everything up to a cursor.</summary>
    public void Forget(long upTo)
    {
        lock (_gate)
        {
            _events.RemoveAll(e => e.Cursor <= upTo);
            _horizon = upTo;
        }
    }

    public long LastCursor() => _events.Count == 0 ? 0 : _events[^1].Cursor;

    public void Append(IReadOnlyList<LogWrite> writes) => throw new NotSupportedException();

    public IReadOnlyList<UnfinishedCall> Unfinished() => [];

    public ValueTask<LogPage> ReadAsync(long after, int most, EventFilter filter, CancellationToken cancellation)
    {
        if (IsDown)
            throw new StorageUnavailableException("The disk is gone.");
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            // As a log does that looks at so many events a read and at no more.
            var looked = _events.Where(e => e.Cursor > after).Take(most).ToList();
            return ValueTask.FromResult(new LogPage([.. looked.Where(e => filter.Wants(e.Event))], looked is [.., var last] ? last.Cursor : after, _horizon));
        }
    }
}
