namespace Switchhook.Sip.Tests.Transactions;

/// <summary>A clock that stands until it is moved; one unit is a microsecond.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _now = 1_000_000_000;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => _now;

    public void Advance(TimeSpan by) => _now += (long)by.TotalMicroseconds;

    public void AdvanceTo(long timestamp) => _now = Math.Max(_now, timestamp);
}
