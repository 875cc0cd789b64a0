using System.Net;

namespace Switchhook.Media.Transport;

/// <summary>A bound pair of sockets: RTP on the even port, RTCP on the next (RFC 3550 §11).</summary>
internal sealed class PortPair(UdpSocket rtp, UdpSocket rtcp) : IDisposable
{
    private volatile Poller? _watcher;
    private volatile MediaSession? _session;

    public UdpSocket Rtp { get; } = rtp;

    public UdpSocket Rtcp { get; } = rtcp;

    /// <summary>By which pollers know it.</summary>
    public int Key { get; init; }

    /// <summary>Whom its packets wake.</summary>
    public Poller? Watcher => _watcher;

    /// <summary>Who uses it now.</summary>
    public MediaSession? Session
    {
        get => _session;
        set => _session = value;
    }

    /// <summary>When it was last given back.</summary>
    public long FreedNs { get; set; }

    /// <summary>Has both sockets watched. They stay with the poller from one session to the next: four system calls less for each.</summary>
    public bool TryWatch(Poller poller)
    {
        if (_watcher == poller) return true;
        _watcher?.Remove(Rtp.Fd);
        _watcher?.Remove(Rtcp.Fd);
        _watcher = poller;
        return poller.TryAdd(Rtp.Fd, 2 * (ulong)Key) && poller.TryAdd(Rtcp.Fd, 2 * (ulong)Key + 1);
    }

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
    private const long RestNs = MediaClock.Second;
    private const int MostSystemChosen = 8_192;

    // Pairs kept bound without a user. Descriptors are scarce, too, and binding anew is much dearer than keeping.
    private static readonly int MostIdle = (int)Math.Clamp(Native.MostDescriptors() / 5, 256, 4_096);

    private readonly Lock _gate = new();
    private readonly Queue<PortPair> _free = new();
    private readonly Queue<int> _unbound = EvenPorts(firstPort, lastPort);
    private readonly Stack<int> _freeKeys = new();
    private volatile PortPair?[] _byKey = new PortPair?[256];
    private int _keys;
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

    /// <summary>The bound pair of that key; safe from any thread.</summary>
    public PortPair? Find(int key) => _byKey is var pairs && (uint)key < (uint)pairs.Length ? pairs[key] : null;

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
        _byKey[pair.Key] = null;
        _freeKeys.Push(pair.Key);
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
        if (rtp.Port < 65_535 && UdpSocket.TryBind(address, rtp.Port + 1) is { } rtcp) return Named(rtp, rtcp);
        rtp.Dispose();
        return null;
    }

    private PortPair Named(UdpSocket rtp, UdpSocket rtcp)
    {
        if (!_freeKeys.TryPop(out var key)) key = _keys++;
        var pairs = _byKey;
        if (key == pairs.Length) Array.Resize(ref pairs, 2 * key);
        var pair = pairs[key] = new PortPair(rtp, rtcp) { Key = key };
        _byKey = pairs;
        return pair;
    }
}
