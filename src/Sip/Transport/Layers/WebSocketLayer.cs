using System.Buffers;
using System.Buffers.Binary;

namespace Switchhook.Sip.Transport.Layers;

/// <summary>
/// The server's side of a WebSocket (RFC 6455) that carries SIP (RFC 7118): each message of it is one SIP message, whatever Content-Length says or
/// leaves out.
/// </summary>
/// <param name="maxMessageBytes">A longer message ends the connection.</param>
internal sealed class WebSocketLayer(int maxMessageBytes) : IStreamLayer
{
    private const int MostHeaderBytes = 14;

    private byte[] _waiting = [];
    private readonly ArrayBufferWriter<byte> _message = new();
    private bool _isOpen;
    private bool _hasEnded;

    public bool IsFramed => true;

    public bool Take(ReadOnlySpan<byte> received, ArrayBufferWriter<byte> plain, List<int> ends, ArrayBufferWriter<byte> answer)
    {
        byte[] joined = [];
        if (_waiting.Length > 0)
        {
            joined = [.. _waiting, .. received];
            received = joined;
        }

        if (!_isOpen && !TryOpen(ref received, answer)) return false;
        while (_isOpen && !_hasEnded && TryTakeFrame(ref received, plain, ends, answer))
        {
        }

        _waiting = received.ToArray();
        return !_hasEnded;
    }

    public bool Wrap(ReadOnlySpan<byte> message, ArrayBufferWriter<byte> wire)
    {
        if (!_isOpen || _hasEnded) return false;
        // RFC 7118 §5: text where it is UTF-8, which SIP need not be.
        WriteFrame(System.Text.Unicode.Utf8.IsValid(message) ? WebSocketOpcode.Text : WebSocketOpcode.Binary, message, wire);
        return true;
    }

    public void Dispose()
    {
    }

    /// <summary>False when the request is no opening handshake; it has been answered then.</summary>
    private bool TryOpen(ref ReadOnlySpan<byte> received, ArrayBufferWriter<byte> answer)
    {
        var verdict = WebSocketHandshake.TryRead(received, out var length, answer);
        if (verdict == HandshakeVerdict.Refused)
        {
            _hasEnded = true;
            return false;
        }

        if (verdict == HandshakeVerdict.Accepted)
        {
            _isOpen = true;
            received = received[length..];
        }

        return true;
    }

    /// <summary>True when a whole frame was taken off.</summary>
    private bool TryTakeFrame(ref ReadOnlySpan<byte> received, ArrayBufferWriter<byte> plain, List<int> ends, ArrayBufferWriter<byte> answer)
    {
        if (received.Length < 2) return false;
        var (first, second) = (received[0], received[1]);
        var (isLast, opcode) = ((first & 0x80) != 0, (WebSocketOpcode)(first & 0x0F));
        long length = second & 0x7F;
        var at = 2;
        if (length >= 126)
        {
            at += length == 126 ? 2 : 8;
            if (received.Length < at) return false;
            length = at == 4 ? BinaryPrimitives.ReadUInt16BigEndian(received[2..]) : BinaryPrimitives.ReadInt64BigEndian(received[2..]);
        }

        // §5.1, §5.2, §5.5: masked, no extension, control frames short and whole.
        var isControl = ((int)opcode & 0x8) != 0;
        if ((second & 0x80) == 0 || (first & 0x70) != 0 || (isControl && (!isLast || length > 125)))
            return End(WebSocketClose.ProtocolError, answer);
        if (length < 0 || length + _message.WrittenCount > maxMessageBytes) return End(WebSocketClose.TooBig, answer);
        if (received.Length < at + 4 + length) return false;

        var mask = received.Slice(at, 4);
        Span<byte> payload = new byte[length];
        received.Slice(at + 4, (int)length).CopyTo(payload);
        for (var i = 0; i < payload.Length; i++) payload[i] ^= mask[i & 3];
        received = received[(at + 4 + (int)length)..];
        return opcode switch
        {
            WebSocketOpcode.Ping => Answer(WebSocketOpcode.Pong, payload, answer),
            WebSocketOpcode.Pong => true,
            WebSocketOpcode.Close => End(WebSocketClose.Normal, answer),
            WebSocketOpcode.Text or WebSocketOpcode.Binary when _message.WrittenCount == 0 => OnPayload(payload, isLast, plain, ends),
            WebSocketOpcode.Continuation when _message.WrittenCount > 0 => OnPayload(payload, isLast, plain, ends),
            _ => End(WebSocketClose.ProtocolError, answer),
        };
    }

    private bool OnPayload(ReadOnlySpan<byte> payload, bool isLast, ArrayBufferWriter<byte> plain, List<int> ends)
    {
        _message.Write(payload);
        if (!isLast) return true;
        plain.Write(_message.WrittenSpan);
        ends.Add(plain.WrittenCount);
        _message.ResetWrittenCount();
        return true;
    }

    private static bool Answer(WebSocketOpcode opcode, ReadOnlySpan<byte> payload, ArrayBufferWriter<byte> answer)
    {
        WriteFrame(opcode, payload, answer);
        return true;
    }

    private bool End(WebSocketClose code, ArrayBufferWriter<byte> answer)
    {
        _hasEnded = true;
        Span<byte> payload = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        WriteFrame(WebSocketOpcode.Close, payload, answer);
        return false;
    }

    /// <summary>§5.1: a server's frames are not masked.</summary>
    private static void WriteFrame(WebSocketOpcode opcode, ReadOnlySpan<byte> payload, ArrayBufferWriter<byte> wire)
    {
        var header = wire.GetSpan(MostHeaderBytes);
        header[0] = (byte)(0x80 | (int)opcode);
        if (payload.Length < 126)
        {
            header[1] = (byte)payload.Length;
            wire.Advance(2);
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            header[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)payload.Length);
            wire.Advance(4);
        }
        else
        {
            header[1] = 127;
            BinaryPrimitives.WriteUInt64BigEndian(header[2..], (ulong)payload.Length);
            wire.Advance(10);
        }

        wire.Write(payload);
    }

    private enum WebSocketOpcode
    {
        Continuation = 0x0,
        Text = 0x1,
        Binary = 0x2,
        Close = 0x8,
        Ping = 0x9,
        Pong = 0xA,
    }

    private enum WebSocketClose
    {
        Normal = 1000,
        ProtocolError = 1002,
        TooBig = 1009,
    }
}
