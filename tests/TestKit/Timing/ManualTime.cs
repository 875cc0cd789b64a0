namespace Switchhook.TestKit.Timing;

/// <summary>A clock that moves only when told to; timers fire in the order of their due times, on the thread that advances.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;
    private TimeSpan _stepped;
    private long _order;

    public ManualTime() : this(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)) { }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that are waiting.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _timers.Count;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + _stepped;
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.UtcTicks;
    }

    /// <summary>Sets the wall clock, as an operator or a time server does; no time passes by it.</summary>
    public void Step(TimeSpan by)
    {
        lock (_lock)
            _stepped += by;
    }

    /// <summary>Moves on; every timer due on the way fires at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset until;
        lock (_lock)
            until = _now + by;
        while (TakeDue(until) is { } due)
            due.Fire();
        lock (_lock)
            _now = until;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            var due = _timers.Where(t => t.Due <= until).OrderBy(t => t.Due).ThenBy(t => t.Order).FirstOrDefault();
            if (due is null)
                return null;
            if (due.Due > _now)
                _now = due.Due;
            if (due.Period > TimeSpan.Zero)
                due.Due += due.Period;
            else
                _timers.Remove(due);
            return due;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }
        public TimeSpan Period { get; private set; }
        public long Order { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._now + dueTime;
                Period = period > TimeSpan.Zero ? period : TimeSpan.Zero;
                Order = time._order++;
                time._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
