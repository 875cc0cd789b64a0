namespace Switchhook.Storage;

/// <summary>Points in time as the database keeps them: microseconds of UTC since 1970.</summary>
internal static class StoredTime
{
    public static long ToMicroseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static long? ToMicroseconds(DateTimeOffset? time) => time is { } known ? ToMicroseconds(known) : null;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
