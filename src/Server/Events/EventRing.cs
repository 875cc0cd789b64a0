using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Events;

/// <summary>
/// The newest events of the log, in memory, for readers that are nearly up to date. Readers hold a cursor and read at their own pace; who is
/// further back than the oldest event here reads the log itself. Safe from any thread; appending never waits.
/// </summary>
/// <param name="after">The log's greatest cursor when nothing was appended yet.</param>
/// <param name="capacity">So many events are held.</param>
internal sealed class EventRing(long after, int capacity = EventRing.StandardCapacity) : IEventSubscriber
{
    public const int StandardCapacity = 1_024;

    /// <summary>So many keep their JSON.</summary>
    private const int New = 512;

    private readonly Lock _gate = new();
    private readonly StreamedEvent[] _events = new StreamedEvent[capacity];
    private TaskCompletionSource? _more;
    private long _appended;
    private long _floor = after;
    private long _last = after;
    private long _callsEnded;

    /// <summary>Cursor of the newest event.</summary>
    public long Last
    {
        get { lock (_gate) return _last; }
    }

    /// <summary>Every event behind this cursor is here.</summary>
    public long Floor
    {
        get { lock (_gate) return _floor; }
    }

    /// <summary>Calls whose end went through here: one terminal event each.</summary>
    public long CallsEnded => Interlocked.Read(ref _callsEnded);

    public void On(LoggedEvent happened)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            ref var slot = ref _events[_appended % capacity];
            if (_appended >= capacity)
                _floor = slot.Cursor;
            slot = new StreamedEvent(happened);
            if (_appended >= New && New < capacity)
                _events[(_appended - New) % capacity].GrowOld();
            _appended++;
            _last = happened.Cursor;
            (waiting, _more) = (_more, null);
        }
        if (happened.Event is CallEnded)
            Interlocked.Increment(ref _callsEnded);
        waiting?.TrySetResult();
    }

    /// <summary>Completes when an event behind <paramref name="place"/> is here.</summary>
    public Task WaitAsync(long place, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (place < _last)
                return Task.CompletedTask;
            _more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _more.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>At most <paramref name="most"/> events behind <paramref name="place"/>, oldest first. False when some of them are only in the log.</summary>
    public bool TryRead(long place, int most, out IReadOnlyList<StreamedEvent> events)
    {
        lock (_gate)
        {
            events = [];
            if (place < _floor)
                return false;
            var first = FirstBehind(place);
            var found = new StreamedEvent[(int)Math.Min(_appended - first, most)];
            for (var i = 0; i < found.Length; i++)
                found[i] = _events[(first + i) % capacity];
            events = found;
            return true;
        }
    }

    /// <summary>Completes when an event of the call came after <paramref name="place"/>, which means that it is durable; or when the time is over.</summary>
    public async Task SeenAsync(CallId call, long place, TimeSpan atMost, TimeProvider time)
    {
        using var over = new CancellationTokenSource(atMost, time);
        try
        {
            while (TryRead(place, New, out var events) && !events.Any(e => e.Event.Call.Id == call))
            {
                place = events.Count > 0 ? events[^1].Cursor : place;
                await WaitAsync(place, over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked for.
        }
    }

    /// <summary>Cursors ascend, but need not be next to each other.</summary>
    private long FirstBehind(long place)
    {
        var (low, high) = (Math.Max(0, _appended - capacity), _appended);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (_events[middle % capacity].Cursor > place)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
