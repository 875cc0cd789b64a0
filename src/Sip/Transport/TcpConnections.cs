using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport.Layers;
using Switchhook.Sip.Transport.Linux;

namespace Switchhook.Sip.Transport;

/// <summary>
/// The open stream connections of a transport: found by id for answers and by remote for reuse (RFC 3261 §18.1.1). A connection that
/// breaks is closed at once and reported at the next poll, so that sending never calls back.
/// </summary>
internal sealed partial class TcpConnections(Epoll epoll, TimerWheel timers, SipTransportLimits limits, SipLimits messageLimits) : IDisposable
{
    /// <summary>Connection ids begin above the tokens of the listening sockets.</summary>
    public const long FirstId = 1L << 32;

    private const int ReadsPerWake = 4;
    private readonly Dictionary<long, TcpConnection> _byId = [];
    private readonly Dictionary<SipEndpoint, TcpConnection> _byRemote = [];
    private readonly Queue<(SipFlow Flow, TransportFault Fault)> _faults = new();
    private readonly byte[] _buffer = new byte[messageLimits.MaxMessageBytes + 65536];
    private long _nextId = FirstId;

    public int Count => _byId.Count;

    public bool IsFull => _byId.Count >= limits.MaxConnections;

    public bool HasFaults => _faults.Count > 0;

    /// <summary>Takes over a connection a listener has accepted.</summary>
    public void Accept(int fd, SipEndpoint remote, SipListener listener, IStreamLayer? layer) => Add(fd, remote, listener, connecting: false, layer);

    /// <summary>Sends on the named connection, on one to the same remote, or on a new one from the listener's address.</summary>
    public SendResult Send(in SipFlow flow, SipListener? listener, ReadOnlySpan<byte> message)
    {
        if (!TryFind(flow, out var connection))
        {
            if (flow.Connection != 0) return SendResult.ConnectionGone;
            if (listener is null) return SendResult.NoListener;
            // Connections with a layer are made by the far side alone.
            if (listener.Kind != SipTransportKind.Tcp) return SendResult.Unreachable;
            if (Open(flow.Remote, listener) is not { } opened) return SendResult.Unreachable;
            connection = opened;
        }

        if (!TryWrite(connection, message))
        {
            var fault = connection.HasPending ? TransportFault.QueueOverflow : TransportFault.ConnectionClosed;
            Close(connection, fault);
            return SendResult.Unreachable;
        }

        connection.LastActivity = timers.Time.GetTimestamp();
        if (!connection.HasPending) return SendResult.Sent;
        _ = epoll.Modify(connection.Descriptor, Constants.EpollIn | Constants.EpollOut, connection.Flow.Connection);
        return SendResult.Queued;
    }

    /// <summary>Handles readiness of a connection; one closed earlier in the same batch is not found and ignored.</summary>
    public int OnReady(long id, uint ready, ISipTransportSink sink)
    {
        if (!_byId.TryGetValue(id, out var connection)) return 0;
        if (connection.IsConnecting && !FinishConnecting(connection)) return 1;

        if ((ready & Constants.EpollOut) != 0)
        {
            if (!connection.TryFlush()) Close(connection, TransportFault.ConnectionClosed);
            else if (!connection.HasPending) _ = epoll.Modify(connection.Descriptor, Constants.EpollIn, id);
        }

        const uint Readable = Constants.EpollIn | Constants.EpollError | Constants.EpollHangup;
        return (ready & Readable) != 0 && !connection.IsClosed ? Receive(connection, sink) : 1;
    }

    /// <summary>Reports the connections that ended since the last poll.</summary>
    public int DeliverFaults(ISipTransportSink sink)
    {
        var delivered = 0;
        for (; _faults.TryDequeue(out var fault); delivered++) sink.OnFailed(fault.Flow, fault.Fault);
        return delivered;
    }

    /// <summary>The timer of a connection: one for connecting, one for the message begun, one for silence; whichever is next.</summary>
    public void OnTimer(TcpConnection connection, int timer)
    {
        if (connection.IsClosed) return;
        if (timer == PingTimer)
        {
            OnPingTimer(connection);
            return;
        }

        var left = TimeLeft(connection);
        if (left > TimeSpan.Zero) timers.Restart(ref connection.Timer, left, connection, 0);
        else Close(connection, connection.IsConnecting ? TransportFault.ConnectTimedOut : TransportFault.Idle);
    }

    public void Dispose()
    {
        foreach (var connection in _byId.Values)
        {
            _ = timers.Cancel(ref connection.Timer);
            _ = timers.Cancel(ref connection.PingTimer);
            connection.Close();
        }

        _byId.Clear();
        _byRemote.Clear();
    }

    private bool TryFind(in SipFlow flow, out TcpConnection connection) => flow.Connection != 0
        ? _byId.TryGetValue(flow.Connection, out connection!)
        : _byRemote.TryGetValue(flow.Remote, out connection!) && connection.Flow.Kind == flow.Kind;

    private TcpConnection? Open(SipEndpoint remote, SipListener listener)
    {
        if (IsFull) return null;
        var fd = NativeSocket.OpenStream(remote);
        if (fd < 0) return null;

        // The address peers know us by is also the one we call from, with a free port.
        var bound = listener.Bound.IsAny || NativeSocket.Bind(fd, listener.Bound.WithPort(0)) == 0;
        if (!bound || NativeSocket.Connect(fd, remote) is not (0 or Constants.InProgress))
        {
            _ = LibC.Close(fd);
            return null;
        }

        return Add(fd, remote, listener, connecting: true);
    }

    private TcpConnection Add(int fd, SipEndpoint remote, SipListener listener, bool connecting, IStreamLayer? layer = null)
    {
        var flow = new SipFlow(listener.Kind, remote, listener.Index, _nextId++);
        var connection = new TcpConnection(this, fd, flow, connecting) { Layer = layer };
        _ = NativeSocket.Set(fd, Constants.IpProtocolTcp, Constants.TcpNoDelay, 1);
        _ = epoll.Add(fd, connecting ? Constants.EpollIn | Constants.EpollOut : Constants.EpollIn, flow.Connection);
        _byId.Add(flow.Connection, connection);
        _byRemote[remote] = connection;
        connection.LastActivity = connection.BegunAt = timers.Time.GetTimestamp();
        connection.Timer = timers.Start(TimeLeft(connection), connection, 0);
        return connection;
    }

    private bool FinishConnecting(TcpConnection connection)
    {
        var error = NativeSocket.TakeError(connection.Descriptor);
        if (error != 0)
        {
            Close(connection, error == Constants.ConnectionRefused ? TransportFault.Refused : TransportFault.Unreachable);
            return false;
        }

        connection.MarkConnected();
        timers.Restart(ref connection.Timer, TimeLeft(connection), connection, 0);
        return true;
    }

    private int Receive(TcpConnection connection, ISipTransportSink sink)
    {
        var handled = 0;
        for (var i = 0; i < ReadsPerWake && !connection.IsClosed; i++)
        {
            var partial = connection.Partial.Length;
            connection.Partial.CopyTo(_buffer);
            var read = connection.Read(_buffer.AsSpan(partial));
            if (read == -Constants.TryAgain) break;
            if (read == -Constants.Interrupted) continue;
            if (read <= 0)
            {
                Close(connection, TransportFault.ConnectionClosed);
                break;
            }

            connection.LastActivity = timers.Time.GetTimestamp();
            if (connection.Layer is { } layer)
            {
                handled += Unwrap(connection, layer, partial, read, sink);
                continue;
            }

            handled += Deliver(connection, partial, partial + read, sink);
            if (partial + read < _buffer.Length) break; // short read: nothing more waits
        }

        return Math.Max(1, handled);
    }

    /// <summary>Cuts the buffered bytes into messages, keeps the rest, and closes the connection when they cannot be cut.</summary>
    private int Deliver(TcpConnection connection, int old, int end, ISipTransportSink sink)
    {
        var (offset, handled) = (0, 0);
        try
        {
            while (offset < end && !connection.IsClosed)
            {
                var buffered = _buffer.AsSpan(offset, end - offset);
                if (TakePong(connection, buffered))
                {
                    offset += 2;
                    handled++;
                    sink.OnDropped(TransportDrop.KeepAlive);
                    continue;
                }

                var verdict = SipFramer.TryFrame(buffered, messageLimits, out var length);
                if (verdict == SipFrame.NeedMore) break;
                if (verdict == SipFrame.Error)
                {
                    sink.OnDropped(TransportDrop.BadFraming);
                    if (length > 0) sink.OnUnframed(connection.Flow, buffered[..length]);
                    Close(connection, TransportFault.BadFraming);
                    break;
                }

                offset += length; // before the call: a message that makes the sink throw is not met again
                handled++;
                if (verdict == SipFrame.KeepAlive) OnKeepAlive(connection, sink);
                else OnMessage(connection, buffered[..length], sink);
            }
        }
        finally
        {
            var begun = end > offset && (old == 0 || offset > 0);
            connection.Keep(_buffer.AsSpan(offset, end - offset));
            if (begun && !connection.IsClosed) Begin(connection);
        }

        return handled;
    }

    private static void OnMessage(TcpConnection connection, ReadOnlySpan<byte> message, ISipTransportSink sink)
    {
        connection.IsProven = true;
        sink.OnMessage(connection.Flow, message);
    }

    /// <summary>RFC 5626 §4.4.1: a double CRLF is a ping, answered by a single one.</summary>
    private void OnKeepAlive(TcpConnection connection, ISipTransportSink sink)
    {
        sink.OnDropped(TransportDrop.KeepAlive);
        _ = Send(connection.Flow, null, "\r\n"u8);
    }

    private void Begin(TcpConnection connection)
    {
        connection.BegunAt = connection.LastActivity;
        timers.Restart(ref connection.Timer, limits.MessageTimeout, connection, 0);
    }

    private TimeSpan TimeLeft(TcpConnection connection)
    {
        var (since, allowed) = connection switch
        {
            { IsConnecting: true } => (connection.BegunAt, limits.ConnectTimeout),
            { IsProven: false } or { Partial.IsEmpty: false } => (connection.BegunAt, limits.MessageTimeout),
            _ => (connection.LastActivity, limits.IdleTimeout),
        };
        return allowed - timers.Time.GetElapsedTime(since);
    }

    private void Close(TcpConnection connection, TransportFault fault)
    {
        if (connection.IsClosed) return;

        _ = timers.Cancel(ref connection.Timer);
        _ = timers.Cancel(ref connection.PingTimer);
        connection.Close(); // closing takes it out of epoll as well
        _byId.Remove(connection.Flow.Connection);
        if (_byRemote.TryGetValue(connection.Flow.Remote, out var known) && known == connection) _byRemote.Remove(connection.Flow.Remote);
        _faults.Enqueue((connection.Flow, fault));
    }
}
