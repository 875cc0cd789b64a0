using System.Globalization;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Events;

/// <summary>One event and its place in the order of all events.</summary>
internal sealed record RingEntry(long Number, CallEvent Event);

/// <summary>What a reader finds behind its place.</summary>
/// <param name="Missed">True when events between the place and the first entry are gone.</param>
internal sealed record RingRead(IReadOnlyList<RingEntry> Entries, bool Missed);

/// <summary>
/// The last events of all calls, in order. Readers hold a place and read at their own pace; who falls behind the oldest kept event has missed
/// some, and is told. Safe from any thread; appending never waits.
/// </summary>
internal sealed class EventRing(TimeProvider time, int capacity = EventRing.StandardCapacity) : IEventSubscriber
{
    public const int StandardCapacity = 16_384;

    private readonly Lock _gate = new();
    private readonly CallEvent?[] _events = new CallEvent?[capacity];

    // A place of an earlier run of the program must not pass for one of this run.
    private readonly string _run = time.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);
    private TaskCompletionSource _more = NewSignal();
    private long _next = 1;
    private long _callsEnded;

    /// <summary>Number of the newest event, 0 before the first.</summary>
    public long Last
    {
        get { lock (_gate) return _next - 1; }
    }

    /// <summary>Calls whose end went through here: one terminal event each.</summary>
    public long CallsEnded => Interlocked.Read(ref _callsEnded);

    public void On(LoggedEvent happened)
    {
        TaskCompletionSource reached;
        lock (_gate)
        {
            _events[_next % capacity] = happened.Event;
            _next++;
            (reached, _more) = (_more, NewSignal());
        }
        if (happened.Event is CallEnded)
            Interlocked.Increment(ref _callsEnded);
        reached.TrySetResult();
    }

    /// <summary>Completes when an event behind <paramref name="place"/> is there.</summary>
    public Task WaitAsync(long place, CancellationToken cancellation)
    {
        lock (_gate)
            return place < _next - 1 ? Task.CompletedTask : _more.Task.WaitAsync(cancellation);
    }

    /// <summary>At most <paramref name="most"/> events behind <paramref name="place"/>, oldest first.</summary>
    public RingRead Read(long place, int most)
    {
        lock (_gate)
        {
            var oldest = Math.Max(1, _next - capacity);
            var first = Math.Max(place + 1, oldest);
            var count = (int)Math.Clamp(_next - first, 0, most);
            var entries = new RingEntry[count];
            for (var i = 0; i < count; i++)
                entries[i] = new RingEntry(first + i, _events[(first + i) % capacity]!);
            return new RingRead(entries, place + 1 < oldest);
        }
    }

    /// <summary>A place as readers hold it.</summary>
    public string CursorAt(long number) => $"{_run}-{number}";

    /// <summary>
    /// The place a cursor names. A cursor of an earlier run of the program stands before the first event, and what came between is missed.
    /// </summary>
    /// <returns>False for what is no cursor.</returns>
    public bool TryPlace(string cursor, out long place, out bool fromThisRun)
    {
        place = 0;
        fromThisRun = false;
        var dash = cursor.IndexOf('-', StringComparison.Ordinal);
        if (dash < 1 || !long.TryParse(cursor.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(cursor.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
            return false;
        fromThisRun = cursor.AsSpan(0, dash).SequenceEqual(_run) && number <= Last;
        place = fromThisRun ? number : 0;
        return true;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
