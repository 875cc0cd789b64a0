using System.Buffers.Binary;

namespace Switchhook.Media.Rtp;

/// <summary>What a compound RTCP packet tells one sender (RFC 3550 §6.4).</summary>
internal struct RtcpNews
{
    /// <summary>Middle 32 bits of the NTP time of a sender report; 0 without one.</summary>
    public uint SenderReport;

    /// <summary>The block about us, when there is one.</summary>
    public ReportBlock? About;

    /// <summary>The other side said goodbye.</summary>
    public bool Goodbye;
}

/// <summary>Reads compound RTCP packets.</summary>
internal static class RtcpReader
{
    /// <summary>False for anything whose headers and lengths do not fit (RFC 3550 A.2); nothing of it is used then.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="ssrc">Our own source: blocks about others are passed over.</param>
    /// <param name="news">What was found.</param>
    public static bool TryParse(ReadOnlySpan<byte> datagram, uint ssrc, out RtcpNews news)
    {
        news = default;
        var found = default(RtcpNews);
        if (datagram.Length < 8) return false;

        while (!datagram.IsEmpty)
        {
            if (datagram.Length < 4 || datagram[0] >> 6 != 2) return false;
            var octets = 4 * (BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) + 1);
            var type = datagram[1];
            if (octets > datagram.Length || type is < RtcpType.SenderReport or > RtcpType.LastKnown) return false;
            if (!TryPacket(datagram[..octets], type, ssrc, ref found)) return false;
            datagram = datagram[octets..];
        }

        news = found;
        return true;
    }

    private static bool TryPacket(ReadOnlySpan<byte> packet, byte type, uint ssrc, ref RtcpNews found)
    {
        var blocksAt = type switch { RtcpType.SenderReport => 28, RtcpType.ReceiverReport => 8, _ => 0 };
        if (type == RtcpType.Goodbye) found.Goodbye = true;
        if (blocksAt == 0) return true;

        var count = packet[0] & 0x1F;
        if (packet.Length < blocksAt + 24 * count) return false;
        if (type == RtcpType.SenderReport) found.SenderReport = BinaryPrimitives.ReadUInt32BigEndian(packet[10..]);
        for (var i = 0; i < count; i++)
        {
            var block = packet.Slice(blocksAt + 24 * i, 24);
            if (BinaryPrimitives.ReadUInt32BigEndian(block) == ssrc) found.About = ReadBlock(block);
        }

        return true;
    }

    private static ReportBlock ReadBlock(ReadOnlySpan<byte> block)
    {
        var loss = BinaryPrimitives.ReadUInt32BigEndian(block[4..]);
        return new ReportBlock(
            BinaryPrimitives.ReadUInt32BigEndian(block),
            (byte)(loss >> 24),
            (int)(loss << 8) >> 8,                          // 24 bits, signed
            BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[20..]));
    }
}
