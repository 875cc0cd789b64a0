using Switchhook.Calls.Ports;

namespace Switchhook.Server.Events;

/// <summary>Where readers of events find them: the newest in memory, the others in the log, which only a few readers page through at a time.</summary>
internal sealed class EventSource(EventRing ring, ICallLog log) : IDisposable
{
    /// <summary>Leaves most of the store's connections to requests that look for calls.</summary>
    private const int MostPaging = 2;

    private readonly SemaphoreSlim _paging = new(MostPaging);

    public EventRing Ring => ring;

    /// <summary>A page of the log, and the log's horizon right after it was read.</summary>
    public async ValueTask<(IReadOnlyList<LoggedEvent> Events, long Horizon)> PageAsync(long after, int most, CancellationToken cancellation)
    {
        await _paging.WaitAsync(cancellation);
        try
        {
            var events = await log.ReadAsync(after, most, cancellation);
            return (events, await log.HorizonAsync(cancellation));
        }
        finally
        {
            _paging.Release();
        }
    }

    /// <summary>True when the log holds an event with that cursor.</summary>
    public async ValueTask<bool> HasAsync(long cursor, CancellationToken cancellation)
    {
        var (events, _) = await PageAsync(cursor - 1, 1, cancellation);
        return events.Count > 0 && events[0].Cursor == cursor;
    }

    public void Dispose() => _paging.Dispose();
}
