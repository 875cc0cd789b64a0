namespace Switchhook.Media.Dtmf;

/// <summary>A digit that was pressed and let go.</summary>
internal readonly record struct DigitHeard(char Digit, int DurationMs);

/// <summary>
/// Makes one digit of the many packets of a key press (RFC 4733 §2.5.2): repeated ends are one end, a lost end is made up for by
/// the next press or by quiet, and a press longer than 65,535 units goes on in segments (§2.5.1.3). Owned by a media thread.
/// </summary>
internal struct DigitReceiver
{
    /// <summary>After this long without a packet an unfinished press is over, nanoseconds.</summary>
    public const long QuietNs = 400_000_000;

    /// <summary>Clock of the durations, Hz; 0 stands for 8,000.</summary>
    public int ClockHz { get; set; }

    private bool _open;
    private bool _reported;                                 // _timestamp and _code are those of a press already reported
    private byte _code;
    private uint _timestamp;
    private uint _earlier;                                  // duration of finished segments
    private ushort _duration;
    private long _heardNs;

    /// <summary>True between the first packet of a press and its report.</summary>
    public readonly bool IsOpen => _open;

    /// <summary>The key that went down with the last packet taken, if one did.</summary>
    public char? Begun { get; private set; }

    /// <summary>Takes a packet; returns what it completes: nothing, a press that never ended, its own press, or both in order.</summary>
    public (DigitHeard? Unended, DigitHeard? Ended) On(TelephoneEvent heard, uint timestamp, bool marker, long nowNs)
    {
        Begun = null;
        if (heard.Digit is null) return default;

        DigitHeard? unended = null;
        if (_open && timestamp != _timestamp)
        {
            if (IsOlder(timestamp)) return default;
            if (Continues(heard, timestamp, marker)) NextSegment(timestamp);
            else unended = Report();
        }
        else if (_reported && !_open && (timestamp == _timestamp || IsOlder(timestamp)))
        {
            return default;                                 // a repeated end, or a straggler
        }

        if (!_open) Begin(heard.Code, timestamp);
        if (heard.Code != _code) return (unended, null);
        _duration = Math.Max(_duration, heard.Duration);
        _heardNs = nowNs;
        return (unended, heard.End ? Report() : null);
    }

    /// <summary>Reports a press whose end was lost, once it has been quiet for long enough.</summary>
    public DigitHeard? OnTick(long nowNs) => _open && nowNs - _heardNs >= QuietNs ? Report() : null;

    private void Begin(byte code, uint timestamp)
    {
        (_open, _code, _timestamp, _earlier, _duration) = (true, code, timestamp, 0, 0);
        Begun = new TelephoneEvent(code, false, 0).Digit;
    }

    private void NextSegment(uint timestamp)
    {
        _earlier += _duration;
        (_timestamp, _duration) = (timestamp, 0);
    }

    private DigitHeard Report()
    {
        (_open, _reported) = (false, true);
        var digit = new TelephoneEvent(_code, true, 0).Digit!.Value;
        return new DigitHeard(digit, (int)((_earlier + _duration) / (ClockHz == 48_000 ? 48 : 8)));
    }

    private readonly bool Continues(TelephoneEvent heard, uint timestamp, bool marker) =>
        !marker && heard.Code == _code && _duration >= 0xFF00 && timestamp == _timestamp + _duration;

    /// <summary>Up to eight seconds back is a packet that took a detour; further back is a new timeline.</summary>
    private readonly bool IsOlder(uint timestamp) => (int)(timestamp - _timestamp) is < 0 and > -64_000;
}
