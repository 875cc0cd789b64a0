using Switchhook.Calls;

namespace Switchhook.Exchange.Shards;

/// <summary>Ids that ascend with time and stay above every one stored before. Safe from any thread.</summary>
internal sealed class CallIdSource(TimeProvider time, CallId last) : IIdSource
{
    private long _last = last.Value;

    /// <inheritdoc/>
    public CallId NextCall()
    {
        var now = (time.GetUtcNow() - CallId.Epoch).Ticks / (TimeSpan.TicksPerSecond / CallId.StepsPerSecond);
        long previous, next;
        do
        {
            previous = Volatile.Read(ref _last);
            next = Math.Max(previous + 1, now);
        }
        while (Interlocked.CompareExchange(ref _last, next, previous) != previous);
        return new CallId(next);
    }
}
