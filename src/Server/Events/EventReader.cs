using Switchhook.Calls.Ports;

namespace Switchhook.Server.Events;

/// <summary>What a reader finds at its next look.</summary>
/// <param name="Events">What it is to be shown; may be empty although the reader moved on.</param>
/// <param name="MissedUntil">Events up to this cursor are gone, and the reader goes on from there; null when none is missed.</param>
/// <param name="AtEnd">There was nothing to look at.</param>
internal sealed record EventBatch(IReadOnlyList<StreamedEvent> Events, long? MissedUntil = null, bool AtEnd = false)
{
    public static EventBatch End { get; } = new([], AtEnd: true);
}

/// <summary>
/// One reader's way through the log: pages of the log itself while it is far back, then the ring. Each event is shown once and in order; where
/// some are gone, the reader is told before it goes on.
/// </summary>
internal sealed class EventReader
{
    private const int Batch = 64;

    private readonly EventSource _source;
    private readonly EventFilter _filter;
    private long? _missed;

    private EventReader(EventSource source, EventFilter filter, long place) => (_source, _filter, Place) = (source, filter, place);

    /// <summary>Everything up to this cursor was looked at.</summary>
    public long Place { get; private set; }

    /// <param name="source">Where the events are.</param>
    /// <param name="filter">Which of them are shown.</param>
    /// <param name="after">The reader has seen everything up to here; null starts with what happens next.</param>
    /// <param name="cancellation">Ends the look at the log.</param>
    /// <exception cref="StorageUnavailableException">The log cannot be read.</exception>
    public static async ValueTask<EventReader> OpenAsync(EventSource source, EventFilter filter, long? after, CancellationToken cancellation)
    {
        var last = source.Ring.Last;
        // The log is a little ahead of the ring: a reader that paged may know more than the ring. Any other cursor beyond the end is of
        // another log, an older copy of which was put back, and says nothing about this one.
        if (after > last && !await source.HasAsync(after.Value, cancellation))
            return new EventReader(source, filter, last) { _missed = last };
        return new EventReader(source, filter, after ?? last);
    }

    /// <summary>The next events, at most a bounded number of them.</summary>
    /// <exception cref="StorageUnavailableException">The log cannot be read.</exception>
    public async ValueTask<EventBatch> ReadAsync(CancellationToken cancellation)
    {
        if (_missed is { } missed)
        {
            _missed = null;
            return new EventBatch([], missed);
        }
        if (_source.Ring.TryRead(Place, Batch, out var hot))
            return Show(hot);

        // Asked before the page: what lay below the floor then was in the log, or is gone.
        var floor = _source.Ring.Floor;
        var page = await _source.PageAsync(Place, Batch, _filter, cancellation);
        var gone = page.Through <= Place ? Math.Max(floor, page.Horizon) : page.Horizon;
        if (gone > Place)
        {
            Place = gone;
            return new EventBatch([], gone);
        }
        Place = Math.Max(Place, page.Through);
        return new EventBatch([.. page.Events.Select(e => new StreamedEvent(e))]);
    }

    /// <summary>Completes when there may be more.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _source.Ring.WaitAsync(Place, cancellation);

    private EventBatch Show(IReadOnlyList<StreamedEvent> events)
    {
        if (events.Count == 0)
            return EventBatch.End;
        Place = events[^1].Cursor;
        return new EventBatch([.. events.Where(e => _filter.Wants(e.Event))]);
    }
}
