using System.Net;

namespace Switchhook.Media.Transport;

/// <summary>A bound pair of sockets: RTP on the even port, RTCP on the next (RFC 3550 §11).</summary>
internal sealed class PortPair(UdpSocket rtp, UdpSocket rtcp) : IDisposable
{
    public UdpSocket Rtp { get; } = rtp;

    public UdpSocket Rtcp { get; } = rtcp;

    /// <summary>When it was last given back.</summary>
    public long FreedNs { get; set; }

    public void Dispose()
    {
        Rtp.Dispose();
        Rtcp.Dispose();
    }
}

/// <summary>
/// The pairs of the port range. A pair stays bound when it is given back and goes to the end of the line: the packets its
/// former user still gets should have stopped by the time it is used again.
/// </summary>
internal sealed class PortPool(IPAddress address, int firstPort, int lastPort, MediaClock clock) : IDisposable
{
    private const long RestNs = 2 * MediaClock.Second;
    private const int MostIdle = 1_024;                     // pairs kept bound without a user: descriptors are scarce, too
    private const int MostSystemChosen = 8_192;

    private readonly Lock _gate = new();
    private readonly Queue<PortPair> _free = new();
    private readonly Queue<int> _unbound = EvenPorts(firstPort, lastPort);
    private int _bound;
    private int _taken;
    private bool _disposed;

    /// <summary>Ports in use, two a pair.</summary>
    public int LivePorts => 2 * Volatile.Read(ref _taken);

    /// <summary>Null when every pair is in use, or bound by other programs.</summary>
    public PortPair? TryTake()
    {
        PortPair? pair;
        lock (_gate)
        {
            if (_disposed) return null;
            var hasRested = _free.TryPeek(out var oldest) && clock.NowNs - oldest.FreedNs >= RestNs;
            pair = (hasRested ? null : TryBind()) ?? (_free.Count > 0 ? _free.Dequeue() : null);
            if (pair is null) return null;
            _taken++;
        }

        pair.Rtp.Drain();
        pair.Rtcp.Drain();
        return pair;
    }

    public void Return(PortPair pair)
    {
        lock (_gate)
        {
            _taken--;
            pair.FreedNs = clock.NowNs;
            if (!_disposed && _free.Count < MostIdle) _free.Enqueue(pair);
            else Unbind(pair);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_free.TryDequeue(out var pair)) pair.Dispose();
        }
    }

    private PortPair? TryBind()
    {
        if (firstPort == 0) return TryBindAny();
        for (var left = _unbound.Count; left > 0; left--)
        {
            var port = _unbound.Dequeue();
            if (TryPair(UdpSocket.TryBind(address, port)) is { } pair) return pair;
            _unbound.Enqueue(port);                         // another program has it, for now
        }

        return null;
    }

    private void Unbind(PortPair pair)
    {
        pair.Dispose();
        _bound--;
        if (firstPort != 0) _unbound.Enqueue(pair.Rtp.Port);
    }

    private static Queue<int> EvenPorts(int first, int last)
    {
        var ports = new Queue<int>();
        if (first == 0) return ports;
        for (var port = first + (first & 1); port + 1 <= last; port += 2) ports.Enqueue(port);
        return ports;
    }

    private PortPair? TryBindAny()
    {
        if (_bound == MostSystemChosen) return null;
        for (var attempt = 0; attempt < 64; attempt++)
        {
            // The system tends to hand out ports of one parity in a row: an odd one still names an even neighbour.
            var chosen = UdpSocket.TryBind(address, 0);
            if (chosen is { } odd && (odd.Port & 1) != 0)
            {
                chosen = UdpSocket.TryBind(address, odd.Port - 1);
                odd.Dispose();
            }

            if (TryPair(chosen) is not { } pair) continue;
            _bound++;
            return pair;
        }

        return null;
    }

    private PortPair? TryPair(UdpSocket? rtp)
    {
        if (rtp is null) return null;
        if (rtp.Port < 65_535 && UdpSocket.TryBind(address, rtp.Port + 1) is { } rtcp) return new PortPair(rtp, rtcp);
        rtp.Dispose();
        return null;
    }
}
