using System.Buffers.Binary;

namespace Switchhook.Media.Rtp;

/// <summary>The fixed header of an RTP packet and where its payload lies (RFC 3550 §5.1).</summary>
internal readonly struct RtpHeader
{
    /// <summary>Octets of a header without contributing sources and extension: what we send.</summary>
    public const int Size = 12;

    public required byte PayloadType { get; init; }
    public required bool Marker { get; init; }
    public required ushort Sequence { get; init; }
    public required uint Timestamp { get; init; }
    public required uint Ssrc { get; init; }

    /// <summary>After contributing sources and extension; never under <see cref="Size"/>.</summary>
    public required int PayloadAt { get; init; }

    /// <summary>Without padding.</summary>
    public required int PayloadLength { get; init; }

    /// <summary>False for anything that is not version 2 or whose lengths do not fit in the datagram (RFC 3550 A.1).</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        header = default;
        if (packet.Length < Size || packet[0] >> 6 != 2) return false;

        var payloadAt = Size + 4 * (packet[0] & 0x0F);
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < payloadAt + 4) return false;
            payloadAt += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(payloadAt + 2)..]);
        }

        var padding = (packet[0] & 0x20) != 0 ? packet[^1] : 0;
        if (payloadAt + padding > packet.Length || ((packet[0] & 0x20) != 0 && padding == 0)) return false;

        header = new RtpHeader
        {
            PayloadType = (byte)(packet[1] & 0x7F),
            Marker = (packet[1] & 0x80) != 0,
            Sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]),
            PayloadAt = payloadAt,
            PayloadLength = packet.Length - payloadAt - padding,
        };
        return true;
    }

    /// <summary>Writes a header of <see cref="Size"/> octets.</summary>
    public static void Write(Span<byte> packet, byte payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc)
    {
        packet[11] = (byte)ssrc;                            // the furthest first: one bounds check
        packet[0] = 0x80;
        packet[1] = (byte)(marker ? payloadType | 0x80 : payloadType);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);
    }
}
