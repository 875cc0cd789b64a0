namespace Switchhook.Media.Transport;

/// <summary>Monotonic time in nanoseconds since the engine started.</summary>
internal sealed class MediaClock
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000 * Millisecond;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly double _nanosecondsPerTick;

    public MediaClock(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
    }

    public long NowNs
    {
        get
        {
            var ticks = _time.GetTimestamp() - _start;
            return _nanosecondsPerTick == 1 ? ticks : (long)(ticks * _nanosecondsPerTick);
        }
    }

    /// <summary>When that was, by the wall clock.</summary>
    public DateTimeOffset ToUtc(long ns) => _time.GetUtcNow() - TimeSpan.FromTicks((NowNs - ns) / 100);

    /// <summary>The wall clock as RTCP writes it: seconds since 1900 and a binary fraction (RFC 3550 §4).</summary>
    public ulong NtpNow
    {
        get
        {
            var since = (_time.GetUtcNow() - new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero)).Ticks;
            var seconds = (ulong)(since / TimeSpan.TicksPerSecond);
            var fraction = ((ulong)(since % TimeSpan.TicksPerSecond) << 32) / TimeSpan.TicksPerSecond;
            return seconds << 32 | fraction;
        }
    }

    /// <summary>Units of an RTP clock in a time.</summary>
    public static uint Units(long ns, int clockHz) => (uint)(ns / 1_000 * (clockHz / 1_000) / 1_000);
}
