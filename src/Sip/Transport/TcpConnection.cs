using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport.Layers;
using Switchhook.Sip.Transport.Linux;

namespace Switchhook.Sip.Transport;

/// <summary>One stream connection: its socket, what is half received and what is half sent. Its table decides when it ends.</summary>
internal sealed unsafe class TcpConnection(TcpConnections table, int fd, SipFlow flow, bool connecting) : ITimed
{
    private byte[] _partial = [];
    private int _partialLength;
    private byte[] _pending = [];
    private int _pendingStart;
    private int _pendingEnd;

    public int Descriptor => fd;

    /// <summary>What lies between its bytes and SIP; null over plain TCP.</summary>
    public IStreamLayer? Layer { get; init; }

    public SipFlow Flow => flow;

    public bool IsConnecting { get; private set; } = connecting;

    public bool IsClosed { get; private set; }

    /// <summary>Whether a whole message has come or the connection was made by us: such a peer may be silent for long.</summary>
    public bool IsProven { get; set; } = connecting;

    /// <summary>Timestamp of the last bytes in either direction.</summary>
    public long LastActivity { get; set; }

    /// <summary>Timestamp at which the message now half received began, or the connection when nothing came yet.</summary>
    public long BegunAt { get; set; }

    public TimerHandle Timer;

    public TimerHandle PingTimer;

    /// <summary>How often we ping; zero for never.</summary>
    public TimeSpan PingEvery { get; set; }

    /// <summary>Whether our ping awaits its answer.</summary>
    public bool AwaitsPong { get; set; }

    /// <summary>The beginning of a message whose rest has not come.</summary>
    public ReadOnlySpan<byte> Partial => _partial.AsSpan(0, _partialLength);

    public bool HasPending => _pendingEnd > _pendingStart;

    public void OnTimer(int timer) => table.OnTimer(this, timer);

    public void MarkConnected() => IsConnecting = false;

    /// <summary>Reads once, into the caller's buffer. Returns the bytes read, 0 at the end of the stream, or minus errno.</summary>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            var length = (int)LibC.ReceiveFrom(fd, bytes, buffer.Length, Constants.MessageDontWait, null, null);
            return length < 0 ? -LibC.Errno : length;
        }
    }

    /// <summary>Keeps what is not yet a whole message until more comes; an idle connection holds no buffer.</summary>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty) _partial = [];
        else if (_partial.Length < rest.Length) _partial = new byte[Math.Max(2048, rest.Length * 2)];
        rest.CopyTo(_partial);
        _partialLength = rest.Length;
    }

    /// <summary>Sends or queues. False when the peer is gone or its queue would pass the bound.</summary>
    public bool TryWrite(ReadOnlySpan<byte> bytes, int maxPending)
    {
        if (!IsConnecting && !HasPending)
        {
            var sent = WriteNow(bytes);
            if (sent < 0) return false;
            bytes = bytes[sent..];
        }

        return bytes.IsEmpty || TryQueue(bytes, maxPending);
    }

    /// <summary>Sends what waits, as far as the peer takes it. False when the peer is gone.</summary>
    public bool TryFlush()
    {
        if (!HasPending) return true;

        var sent = WriteNow(_pending.AsSpan(_pendingStart, _pendingEnd - _pendingStart));
        if (sent < 0) return false;
        _pendingStart += sent;
        if (!HasPending) (_pending, _pendingStart, _pendingEnd) = ([], 0, 0);
        return true;
    }

    public void Close()
    {
        if (IsClosed) return;

        IsClosed = true;
        Layer?.Dispose();
        _ = LibC.Close(fd);
    }

    /// <summary>Bytes the kernel took, or -1 when the connection is broken.</summary>
    private int WriteNow(ReadOnlySpan<byte> bytes)
    {
        var total = 0;
        fixed (byte* start = bytes)
        {
            while (total < bytes.Length)
            {
                var sent = LibC.SendTo(fd, start + total, bytes.Length - total, Constants.MessageDontWait | Constants.MessageNoSignal, null, 0);
                if (sent >= 0) total += (int)sent;
                else if (LibC.Errno == Constants.TryAgain) break;
                else if (LibC.Errno != Constants.Interrupted) return -1;
            }
        }

        return total;
    }

    private bool TryQueue(ReadOnlySpan<byte> bytes, int maxPending)
    {
        var waiting = _pendingEnd - _pendingStart;
        if (waiting + bytes.Length > maxPending) return false;

        if (_pending.Length - _pendingEnd < bytes.Length)
        {
            var room = new byte[Math.Max(4096, (waiting + bytes.Length) * 2)];
            _pending.AsSpan(_pendingStart, waiting).CopyTo(room);
            (_pending, _pendingStart, _pendingEnd) = (room, 0, waiting);
        }

        bytes.CopyTo(_pending.AsSpan(_pendingEnd));
        _pendingEnd += bytes.Length;
        return true;
    }
}
