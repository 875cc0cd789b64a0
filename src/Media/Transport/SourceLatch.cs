using Switchhook.Media.Rtp;

namespace Switchhook.Media.Transport;

/// <summary>
/// Decides which source a session listens to: symmetric RTP (RFC 4961) that latches once. A packet from the signalled machine
/// decides at once, whatever its port. From elsewhere (the far side is behind a NAT, or its media comes from another machine)
/// it takes several in a row of one source: few when the signalled address is private and so cannot be the true one, more when it is public.
/// </summary>
internal struct SourceLatch
{
    /// <summary>In a row, when the signalled address is private or unknown.</summary>
    public const int FewInARow = 5;

    /// <summary>In a row, when it is public.</summary>
    public const int ManyInARow = 25;

    private PeerAddress _signalled;
    private PeerAddress _candidate;
    private uint _candidateSsrc;
    private ushort _expected;
    private int _inARow;

    /// <summary>The only source accepted; unset before the first.</summary>
    public PeerAddress Source { get; private set; }

    /// <summary>Where to send: the source heard, or the signalled address until then.</summary>
    public readonly PeerAddress Destination => Source.IsSet ? Source : _signalled;

    /// <summary>Takes a signalled address; a changed one forgets the source. An unset one (hold) changes nothing.</summary>
    public void Signal(in PeerAddress signalled)
    {
        if (!signalled.IsSet || signalled.Equals(_signalled)) return;
        this = default;
        _signalled = signalled;
    }

    /// <summary>True when the packet is from the source listened to, which it may just have become.</summary>
    public bool Accepts(in PeerAddress from, in RtpHeader header)
    {
        if (Source.IsSet) return from.Equals(Source);
        if (!(_signalled.IsSet && from.IsSameHost(_signalled)) && !IsConvincing(from, header)) return false;
        Source = from;
        return true;
    }

    private bool IsConvincing(in PeerAddress from, in RtpHeader header)
    {
        var follows = from.Equals(_candidate) && header.Ssrc == _candidateSsrc && header.Sequence == _expected;
        _inARow = follows ? _inARow + 1 : 1;
        (_candidate, _candidateSsrc, _expected) = (from, header.Ssrc, (ushort)(header.Sequence + 1));
        return _inARow >= (_signalled.IsSet && !_signalled.IsPrivate ? ManyInARow : FewInARow);
    }
}
