using System.Diagnostics.CodeAnalysis;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport.Linux;

namespace Switchhook.Sip.Transport;

/// <summary>
/// UDP, TCP, TLS and WebSockets for one shard, over epoll: the only place of this project with sockets. Nothing here waits except
/// <see cref="Poll"/>, and nothing here is for two threads except <see cref="Wake"/>.
/// </summary>
public sealed partial class SipTransport : ISipTransport, IDisposable
{
    private const long WakeToken = 0;

    private readonly TimeProvider _time;
    private readonly Epoll _epoll = new();
    private readonly WakeEvent _wake = new();
    private readonly TcpConnections _connections;
    private readonly List<SipListener> _listeners = [];
    private readonly List<UdpSocket?> _udp = []; // by listener index, as the next
    private readonly List<TcpAcceptor?> _tcp = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(65536, pinned: true);
    private bool _isClosed;

    private SipTransport(SipTransportLimits limits, SipLimits messageLimits, TimerWheel timers)
    {
        _time = timers.Time;
        _connections = new TcpConnections(_epoll, timers, limits, messageLimits);
        _ = _epoll.Add(_wake.Descriptor, Constants.EpollIn, WakeToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SipListener> Listeners => _listeners;

    /// <summary>Open stream connections, accepted and made.</summary>
    public int LiveConnections => _connections.Count;

    /// <summary>Opens every address or none.</summary>
    /// <param name="listens">The addresses; an empty list is allowed and can neither receive nor send.</param>
    /// <param name="limits">Bounds of sockets and connections.</param>
    /// <param name="messageLimits">Bounds of a message in a stream.</param>
    /// <param name="timers">The wheel of the thread that will poll; it also supplies the clock.</param>
    /// <param name="transport">The open transport.</param>
    /// <param name="failure">The first address that could not be opened, and why.</param>
    public static bool TryOpen(
        IReadOnlyList<SipListen> listens,
        SipTransportLimits limits,
        SipLimits messageLimits,
        TimerWheel timers,
        [NotNullWhen(true)] out SipTransport? transport,
        [NotNullWhen(false)] out SipOpenFailure? failure)
    {
        var opening = new SipTransport(limits, messageLimits, timers);
        foreach (var listen in listens)
        {
            failure = opening.Open(listen, limits, messageLimits, timers);
            if (failure is null) continue;

            opening.Dispose();
            transport = null;
            return false;
        }

        transport = opening;
        failure = null;
        return true;
    }

    /// <summary>
    /// The calling thread goes before others of the process from now on, where the system allows it: whoever polls should not wait for a compiler or a
    /// log when a message comes. Audio still goes first.
    /// </summary>
    public static void GoFirst() => _ = LibC.SetPriority(0, 0, -5);

    /// <inheritdoc/>
    public int Poll(long deadline, ISipTransportSink sink)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var handled = _connections.DeliverFaults(sink);
        var events = _epoll.Wait(handled > 0 ? 0 : TimeoutMs(deadline));
        for (var i = 0; i < events; i++)
        {
            var (ready, token) = _epoll[i];
            handled += token switch
            {
                WakeToken => OnWake(),
                >= TcpConnections.FirstId => _connections.OnReady(token, ready, sink),
                _ => OnListener((int)token - 1, ready, sink),
            };
        }

        return handled + _connections.DeliverFaults(sink);
    }

    /// <inheritdoc/>
    public void Wake() => _wake.Raise();

    /// <inheritdoc/>
    public SendResult Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (flow.IsReliable) return _connections.Send(flow, ListenerFor(flow), message);
        if (ListenerFor(flow) is not { } listener || _udp[listener.Index] is not { } socket) return SendResult.NoListener;

        return socket.Send(flow.Remote, message);
    }

    /// <inheritdoc/>
    public bool KeepAlive(in SipFlow flow, TimeSpan interval) => flow.IsReliable && _connections.KeepAlive(flow, interval);

    /// <inheritdoc/>
    public SipListener? ListenerFor(in SipFlow flow)
    {
        if ((uint)flow.Listener < (uint)_listeners.Count)
        {
            var named = _listeners[flow.Listener];
            return named.Kind == flow.Kind && named.Bound.SameFamily(flow.Remote) ? named : null;
        }

        foreach (var listener in _listeners) // a handful, from the configuration
        {
            if (listener.Kind == flow.Kind && listener.Bound.SameFamily(flow.Remote)) return listener;
        }

        return null;
    }

    /// <summary>Closes every socket, once. <see cref="Wake"/> stays harmless.</summary>
    public void Dispose()
    {
        if (_isClosed) return;

        _isClosed = true;
        foreach (var socket in _udp) socket?.Dispose();
        foreach (var acceptor in _tcp) acceptor?.Dispose();
        _connections.Dispose();
        _epoll.Dispose();
        _wake.Dispose();
    }

    private int OnWake()
    {
        _wake.Clear();
        return 0;
    }

    private int OnListener(int index, uint ready, ISipTransportSink sink)
    {
        if (_tcp[index] is { } acceptor) return acceptor.Accept(sink);

        var socket = _udp[index]!;
        var handled = (ready & Constants.EpollError) != 0 ? socket.DrainErrors(sink) : 0;
        return (ready & Constants.EpollIn) != 0 ? handled + socket.Receive(_buffer, sink) : handled;
    }

    private int TimeoutMs(long deadline)
    {
        if (deadline == long.MaxValue) return -1;

        var left = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
        return left <= TimeSpan.Zero ? 0 : (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue);
    }
}
