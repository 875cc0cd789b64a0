using System.Buffers.Binary;

namespace Switchhook.Media.Rtp;

/// <summary>What a sender report says of us (RFC 3550 §6.4.1).</summary>
internal readonly record struct SenderInfo(ulong NtpTime, uint RtpTimestamp, uint Packets, uint Octets);

/// <summary>What a report block says of a source we hear.</summary>
internal readonly record struct ReportBlock(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint ExtendedHighest, uint Jitter, uint LastSr, uint DelaySinceLastSr);

/// <summary>Builds compound RTCP packets: a report, our canonical name, and a goodbye when we leave (RFC 3550 §6.1).</summary>
internal static class RtcpWriter
{
    /// <summary>Room enough for any packet built here.</summary>
    public const int MostOctets = 128;

    /// <summary>Octets of a canonical name; fixed, so that no length needs to be computed.</summary>
    public const int NameOctets = 16;

    /// <summary>Writes the packet; returns its length. Without <paramref name="sender"/> it is a receiver report.</summary>
    public static int Write(Span<byte> room, uint ssrc, SenderInfo? sender, ReportBlock? block, ReadOnlySpan<byte> name, bool goodbye)
    {
        var length = 8;
        if (sender is { } info)
        {
            BinaryPrimitives.WriteUInt64BigEndian(room[8..], info.NtpTime);
            BinaryPrimitives.WriteUInt32BigEndian(room[16..], info.RtpTimestamp);
            BinaryPrimitives.WriteUInt32BigEndian(room[20..], info.Packets);
            BinaryPrimitives.WriteUInt32BigEndian(room[24..], info.Octets);
            length = 28;
        }

        if (block is { } report)
        {
            WriteBlock(room[length..], report);
            length += 24;
        }

        WriteStart(room, block is null ? 0 : 1, sender is null ? RtcpType.ReceiverReport : RtcpType.SenderReport, length, ssrc);
        length += WriteName(room[length..], ssrc, name);
        if (!goodbye) return length;
        WriteStart(room[length..], 1, RtcpType.Goodbye, 8, ssrc);
        return length + 8;
    }

    private static void WriteStart(Span<byte> room, int count, byte type, int octets, uint ssrc)
    {
        room[0] = (byte)(0x80 | count);
        room[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(room[2..], (ushort)(octets / 4 - 1));
        BinaryPrimitives.WriteUInt32BigEndian(room[4..], ssrc);
    }

    private static void WriteBlock(Span<byte> room, in ReportBlock report)
    {
        var lost = Math.Clamp(report.CumulativeLost, -0x80_0000, 0x7F_FFFF);
        BinaryPrimitives.WriteUInt32BigEndian(room, report.Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(room[4..], ((uint)report.FractionLost << 24) | ((uint)lost & 0xFF_FFFF));
        BinaryPrimitives.WriteUInt32BigEndian(room[8..], report.ExtendedHighest);
        BinaryPrimitives.WriteUInt32BigEndian(room[12..], report.Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(room[16..], report.LastSr);
        BinaryPrimitives.WriteUInt32BigEndian(room[20..], report.DelaySinceLastSr);
    }

    private static int WriteName(Span<byte> room, uint ssrc, ReadOnlySpan<byte> name)
    {
        const int octets = 8 + 2 + NameOctets + 2;          // start, item, end and fill to a whole word
        WriteStart(room, 1, RtcpType.SourceDescription, octets, ssrc);
        room[8] = 1;                                        // CNAME
        room[9] = NameOctets;
        name[..NameOctets].CopyTo(room[10..]);
        room[10 + NameOctets] = room[11 + NameOctets] = 0;
        return octets;
    }
}

/// <summary>RTCP packet types (RFC 3550 §12.1).</summary>
internal static class RtcpType
{
    public const byte SenderReport = 200;
    public const byte ReceiverReport = 201;
    public const byte SourceDescription = 202;
    public const byte Goodbye = 203;
    public const byte LastKnown = 207;
}
