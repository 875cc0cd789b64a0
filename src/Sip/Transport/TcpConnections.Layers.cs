using System.Buffers;
using Switchhook.Sip.Transport.Layers;
using Switchhook.Sip.Transport.Linux;

namespace Switchhook.Sip.Transport;

/// <summary>Connections with a layer between their bytes and SIP.</summary>
internal sealed partial class TcpConnections
{
    private readonly ArrayBufferWriter<byte> _plain = new();
    private readonly ArrayBufferWriter<byte> _wire = new();
    private readonly List<int> _ends = [];

    private bool TryWrite(TcpConnection connection, ReadOnlySpan<byte> message)
    {
        if (connection.Layer is not { } layer) return connection.TryWrite(message, limits.MaxSendQueueBytes);
        _wire.ResetWrittenCount();
        return layer.Wrap(message, _wire) && connection.TryWrite(_wire.WrittenSpan, limits.MaxSendQueueBytes);
    }

    /// <summary>Takes bytes that were read behind what is kept of a message, and delivers what they hold.</summary>
    private int Unwrap(TcpConnection connection, IStreamLayer layer, int partial, int read, ISipTransportSink sink)
    {
        _plain.ResetWrittenCount();
        _wire.ResetWrittenCount();
        _ends.Clear();
        var goesOn = layer.Take(_buffer.AsSpan(partial, read), _plain, _ends, _wire);
        if (_wire.WrittenCount > 0 && !connection.TryWrite(_wire.WrittenSpan, limits.MaxSendQueueBytes)) goesOn = false;
        if (connection.HasPending) _ = epoll.Modify(connection.Descriptor, Constants.EpollIn | Constants.EpollOut, connection.Flow.Connection);
        var handled = layer.IsFramed ? DeliverFramed(connection, sink) : DeliverPlain(connection, sink);
        if (!goesOn) Close(connection, TransportFault.ConnectionClosed);
        return handled;
    }

    /// <summary>Each message by itself; one of line breaks alone keeps the connection open (RFC 7118 §6).</summary>
    private int DeliverFramed(TcpConnection connection, ISipTransportSink sink)
    {
        var start = 0;
        var handled = 0;
        foreach (var end in _ends)
        {
            if (connection.IsClosed) break;
            var message = _plain.WrittenSpan[start..end];
            start = end;
            handled++;
            if (message.IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0) sink.OnDropped(TransportDrop.KeepAlive);
            else OnMessage(connection, message, sink);
        }

        return handled;
    }

    private int DeliverPlain(TcpConnection connection, ISipTransportSink sink)
    {
        var handled = 0;
        // What one read holds may be a little more than its own length: the rest of a record of which the beginning had come before.
        var plain = _plain.WrittenSpan;
        for (var taken = 0; taken < plain.Length && !connection.IsClosed;)
        {
            var old = connection.Partial.Length;
            connection.Partial.CopyTo(_buffer);
            var length = Math.Min(plain.Length - taken, _buffer.Length - old);
            plain.Slice(taken, length).CopyTo(_buffer.AsSpan(old));
            taken += length;
            handled += Deliver(connection, old, old + length, sink);
        }

        return handled;
    }
}
