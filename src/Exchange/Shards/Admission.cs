namespace Switchhook.Exchange.Shards;

/// <summary>Whether one more call may begin: live calls, calls a second, and whether the server is stopping.</summary>
internal sealed class Admission(int maxLive, int maxPerSecond, TimeProvider time)
{
    private long _second;
    private int _inSecond;

    /// <summary>Set once: no new call from then on.</summary>
    public bool Stopping { get; set; }

    /// <summary>Null when it may, else the rule that forbids it. Counts the call when it may.</summary>
    public string? Refuse(long live)
    {
        if (Stopping)
            return "stopping";
        if (live >= maxLive)
            return "too many calls";
        var second = time.GetTimestamp() / time.TimestampFrequency;
        if (second != _second)
            (_second, _inSecond) = (second, 0);
        if (_inSecond >= maxPerSecond)
            return "too many calls a second";
        _inSecond++;
        return null;
    }
}
