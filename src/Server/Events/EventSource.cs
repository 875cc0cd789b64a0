using Switchhook.Calls.Ports;

namespace Switchhook.Server.Events;

/// <summary>Where readers of events find them: the newest in memory, the others in the log, which only a few readers page through at a time.</summary>
internal sealed class EventSource(EventRing ring, ICallLog log) : IDisposable
{
    /// <summary>Leaves most of the store's connections to requests that look for calls.</summary>
    private const int MostPaging = 2;

    private readonly SemaphoreSlim _paging = new(MostPaging);

    public EventRing Ring => ring;

    /// <summary>What the filter wants of a page of the log.</summary>
    public async ValueTask<LogPage> PageAsync(long after, int most, EventFilter filter, CancellationToken cancellation)
    {
        await _paging.WaitAsync(cancellation);
        try
        {
            return await log.ReadAsync(after, most, filter, cancellation);
        }
        finally
        {
            _paging.Release();
        }
    }

    /// <summary>True when the log holds an event with that cursor.</summary>
    public async ValueTask<bool> HasAsync(long cursor, CancellationToken cancellation)
    {
        var page = await PageAsync(cursor - 1, 1, EventFilter.Everything, cancellation);
        return page.Events.Count > 0 && page.Events[0].Cursor == cursor;
    }

    public void Dispose() => _paging.Dispose();
}
