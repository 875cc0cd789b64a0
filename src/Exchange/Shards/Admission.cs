namespace Switchhook.Exchange.Shards;

/// <summary>Whether one more call may begin: live calls, calls a second, and whether the server is stopping.</summary>
internal sealed class Admission(int maxLive, int maxPerSecond, TimeProvider time)
{
    private long _second;
    private int _inSecond;

    /// <summary>Set once: no new call from then on.</summary>
    public bool Stopping { get; set; }

    /// <summary>Null when it may, else the rule that forbids it.</summary>
    public string? Refuse(long live)
    {
        if (Stopping)
            return "stopping";
        if (live >= maxLive)
            return "too many calls";
        return Second() == _second && _inSecond >= maxPerSecond ? "too many calls a second" : null;
    }

    /// <summary>A call begins. A request that is only challenged or refused at the door is none and uses nothing up.</summary>
    public void Count()
    {
        var second = Second();
        if (second != _second)
            (_second, _inSecond) = (second, 0);
        _inSecond++;
    }

    private long Second() => time.GetTimestamp() / time.TimestampFrequency;
}
