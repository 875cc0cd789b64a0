using System.Buffers.Binary;
using System.Net;

namespace Switchhook.TestKit.Rtp;

/// <summary>One RTP packet (RFC 3550 §5.1), without extensions or contributing sources.</summary>
public sealed record RtpPacket(int PayloadType, bool Marker, ushort Sequence, uint Timestamp, uint Source, byte[] Payload)
{
    /// <summary>Where it came from.</summary>
    public IPEndPoint? From { get; init; }

    /// <summary>Reads a packet; null for what is not RTP.</summary>
    public static RtpPacket? Read(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        if (bytes.Length < 12 || bytes[0] >> 6 != 2)
            return null;
        var start = 12 + ((bytes[0] & 0x0F) * 4);
        if (start > bytes.Length)
            return null;
        return new RtpPacket(
            bytes[1] & 0x7F, (bytes[1] & 0x80) != 0, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), bytes[start..].ToArray())
        { From = from };
    }

    /// <summary>The bytes for the wire.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[12 + Payload.Length];
        bytes[0] = 0x80;
        bytes[1] = (byte)(PayloadType | (Marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Source);
        Payload.CopyTo(bytes, 12);
        return bytes;
    }
}
