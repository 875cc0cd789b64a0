using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Switchhook.Sip.Resolution;

/// <summary>Walks over the bytes of a DNS message; every read says false instead of leaving them.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const int MostOctets = 255;

    // An octet that is no plain character takes four in text.
    private const int MostText = MostOctets * 4;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; set; }

    public bool TryNumber16(out ushort value)
    {
        var ok = BinaryPrimitives.TryReadUInt16BigEndian(_message[Position..], out value);
        if (ok) Position += sizeof(ushort);
        return ok;
    }

    public bool TryNumber32(out uint value)
    {
        var ok = BinaryPrimitives.TryReadUInt32BigEndian(_message[Position..], out value);
        if (ok) Position += sizeof(uint);
        return ok;
    }

    public bool TryBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count > _message.Length - Position) return false;
        bytes = _message.Slice(Position, count);
        Position += count;
        return true;
    }

    /// <summary>A character-string: one octet of length, then so many (RFC 1035 §3.3).</summary>
    public bool TryText([NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryBytes(1, out var length) || !TryBytes(length[0], out var bytes)) return false;
        text = Encoding.Latin1.GetString(bytes);
        return true;
    }

    /// <summary>
    /// A name, compressed or not (RFC 1035 §4.1.4). A pointer has to aim before everything read so far for this name, as a compressing
    /// sender's do: each jump leads further back, so there is no loop to fall into.
    /// </summary>
    public bool TryName([NotNullWhen(true)] out string? name)
    {
        name = null;
        Span<char> text = stackalloc char[MostText];
        var (at, written, octets, after, earliest) = (Position, 0, 0, -1, Position);
        while (at < _message.Length)
        {
            int length = _message[at++];
            switch (length >> 6)
            {
                case 0 when length == 0:
                    Position = after < 0 ? at : after;
                    name = written == 0 ? "" : new string(text[..(written - 1)]);
                    return true;
                case 0:
                    octets += length + 1;
                    if (octets >= MostOctets || length > _message.Length - at) return false;
                    written += WriteLabel(_message.Slice(at, length), text[written..]);
                    at += length;
                    break;
                case 3:
                    if (at >= _message.Length) return false;
                    var target = ((length & 0x3F) << 8) | _message[at++];
                    if (after < 0) after = at;
                    if (target >= earliest) return false;
                    at = earliest = target;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>The label and a dot. What is no plain character is written as a backslash and three digits (RFC 1035 §5.1).</summary>
    private static int WriteLabel(ReadOnlySpan<byte> label, Span<char> text)
    {
        var written = 0;
        foreach (var octet in label)
        {
            var c = (char)octet;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            {
                text[written++] = char.ToLowerInvariant(c);
                continue;
            }

            text[written++] = '\\';
            text[written++] = (char)('0' + (octet / 100));
            text[written++] = (char)('0' + (octet / 10 % 10));
            text[written++] = (char)('0' + (octet % 10));
        }

        text[written++] = '.';
        return written;
    }
}
