namespace Switchhook.Media.Rtp;

/// <summary>What one receiver knows of the source it hears: RFC 3550 §6.4.1, A.1, A.3 and A.8. Owned by a media thread.</summary>
internal struct ReceiverStatistics
{
    private const int MaxDropout = 3_000;
    private const int MaxMisorder = 100;

    private bool _started;
    private uint _cycles;                                   // sequence wraps, in the upper 16 bits
    private ushort _highest;
    private uint _base;
    private uint _bad;                                      // next number expected after a jump; 0x10000 = none
    private long _received;                                 // of this source
    private long _expectedBefore;                           // at the last report
    private long _receivedBefore;
    private long _lostEarlier;                              // of former sources
    private uint _transit;
    private uint _jitterTimes16;

    /// <summary>The source last heard.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>True once a packet was counted.</summary>
    public readonly bool HasSource => _started;

    /// <summary>Packets of all sources that never came; duplicates count against it.</summary>
    public readonly long Lost => _lostEarlier + Expected - _received;

    /// <summary>In RTP timestamp units.</summary>
    public readonly uint Jitter => _jitterTimes16 >> 4;

    /// <summary>For reports: wraps in the upper half.</summary>
    public readonly uint ExtendedHighest => _cycles + _highest;

    private readonly long Expected => _started ? (long)ExtendedHighest - _base + 1 : 0;

    /// <summary>Counts a packet.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="arrival">When it came, in RTP timestamp units of any origin.</param>
    /// <param name="timesMean">False for telephone events, whose timestamps stand still (RFC 4733 §2.3.1): no jitter from them.</param>
    public void On(in RtpHeader header, uint arrival, bool timesMean)
    {
        var isNew = !_started || header.Ssrc != Ssrc;
        if (isNew) Start(header);
        else Advance(header.Sequence);
        _received++;
        if (timesMean) Time(header.Timestamp, arrival, isNew);
    }

    /// <summary>Loss since the last call as a fraction of 256, for a reception report.</summary>
    public byte TakeFractionLost()
    {
        var expected = Expected - _expectedBefore;
        var lost = expected - (_received - _receivedBefore);
        (_expectedBefore, _receivedBefore) = (Expected, _received);
        return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, lost * 256 / expected);
    }

    private void Start(in RtpHeader header)
    {
        if (_started) _lostEarlier = Lost;
        _started = true;
        Ssrc = header.Ssrc;
        Restart(header.Sequence);
        _jitterTimes16 = 0;
        _transit = 0;
    }

    private void Restart(ushort sequence)
    {
        (_base, _highest, _cycles, _bad) = (sequence, sequence, 0, 0x1_0000);
        _received = _expectedBefore = _receivedBefore = 0;
    }

    private void Advance(ushort sequence)
    {
        var ahead = (ushort)(sequence - _highest);
        if (ahead == 0) return;
        if (ahead < MaxDropout)
        {
            if (sequence < _highest) _cycles += 0x1_0000;
            _highest = sequence;
            _bad = 0x1_0000;
        }
        else if (ahead <= 0x1_0000 - MaxMisorder)
        {
            // Two in a row after a jump: the other side began anew without saying so.
            if (sequence != _bad) { _bad = (ushort)(sequence + 1); return; }
            _lostEarlier = Lost;
            Restart(sequence);
        }
    }

    private void Time(uint timestamp, uint arrival, bool isNew)
    {
        var transit = arrival - timestamp;
        var difference = (int)(transit - _transit);
        _transit = transit;
        if (isNew || _received == 1) return;

        // A jump of more than ten seconds is a new timeline, not jitter.
        var distance = (uint)Math.Abs((long)difference);
        if (distance < 80_000) _jitterTimes16 += distance - ((_jitterTimes16 + 8) >> 4);
    }
}
