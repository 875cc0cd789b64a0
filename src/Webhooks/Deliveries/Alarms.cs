namespace Switchhook.Webhooks.Deliveries;

/// <summary>Many wake-up times behind one timer. Counts by the steady clock: a stepped wall clock moves nothing. Guarded by its owner.</summary>
internal sealed class Alarms(TimeProvider time, Action ring) : IDisposable
{
    // The system's timers count whole milliseconds and may ring a little early; then there must be a pause, not a spin.
    private static readonly TimeSpan SystemTick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly PriorityQueue<Alarm, long> _alarms = new();
    private readonly ITimer _timer = time.CreateTimer(_ => ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private long _armed = long.MaxValue;

    /// <summary>Rings for it at that time; one set before for the same is not taken back, its owner knows it by the other time.</summary>
    public void Set(object owner, DateTimeOffset at)
    {
        var wait = at - time.GetUtcNow();
        var due = time.GetTimestamp() + (long)(Math.Max(0, wait.TotalSeconds) * time.TimestampFrequency);
        _alarms.Enqueue(new Alarm(owner, at), due);
        Arm(TimeSpan.Zero);
    }

    /// <summary>The next one whose time has come.</summary>
    public bool TryTake(out Alarm alarm)
    {
        alarm = default;
        if (!_alarms.TryPeek(out _, out var due) || due > time.GetTimestamp())
            return false;
        alarm = _alarms.Dequeue();
        return true;
    }

    /// <summary>After the timer rang: for the next time.</summary>
    public void Rearm()
    {
        _armed = long.MaxValue;
        Arm(SystemTick);
    }

    public void Dispose() => _timer.Dispose();

    private void Arm(TimeSpan atLeast)
    {
        if (!_alarms.TryPeek(out _, out var due) || due >= _armed)
            return;
        _armed = due;
        var wait = time.GetElapsedTime(time.GetTimestamp(), due);
        _timer.Change(wait > atLeast ? wait < Longest ? wait : Longest : atLeast, Timeout.InfiniteTimeSpan);
    }
}

internal readonly record struct Alarm(object Owner, DateTimeOffset At);
