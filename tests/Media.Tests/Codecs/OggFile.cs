using System.Buffers.Binary;

namespace Switchhook.Media.Tests.Codecs;

/// <summary>Opus packets in and out of an Ogg file (RFC 3533, RFC 7845), as much as the tests need.</summary>
internal static class OggFile
{
    /// <summary>The packets after the two headers.</summary>
    public static List<byte[]> Packets(byte[] file)
    {
        var packets = new List<byte[]>();
        var open = new List<byte>();
        for (var at = 0; at + 27 <= file.Length;)
        {
            var count = file[at + 26];
            var body = at + 27 + count;
            for (var i = 0; i < count; i++)
            {
                var length = file[at + 27 + i];
                open.AddRange(file.AsSpan(body, length));
                body += length;
                if (length == 255) continue;
                packets.Add([.. open]);
                open.Clear();
            }

            at = body;
        }

        return packets[2..];
    }

    public static byte[] Write(IReadOnlyList<byte[]> packets, int skip = 0)
    {
        byte[] head = [.. "OpusHead"u8, 1, 1, (byte)skip, (byte)(skip >> 8), 0x80, 0x3E, 0, 0, 0, 0, 0];
        byte[] tags = [.. "OpusTags"u8, 0, 0, 0, 0, 0, 0, 0, 0];
        var file = new List<byte>();
        file.AddRange(Page(head, 0, 0, 2));
        file.AddRange(Page(tags, 1, 0, 0));
        for (var i = 0; i < packets.Count; i++) file.AddRange(Page(packets[i], i + 2, (i + 1) * 960, (byte)(i == packets.Count - 1 ? 4 : 0)));
        return [.. file];
    }

    private static byte[] Page(byte[] packet, int number, long granule, byte flags)
    {
        var segments = packet.Length / 255 + 1;
        var page = new byte[27 + segments + packet.Length];
        "OggS"u8.CopyTo(page);
        page[5] = flags;
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        page[14] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(18), number);
        page[26] = (byte)segments;
        for (var i = 0; i < segments; i++) page[27 + i] = (byte)Math.Min(255, packet.Length - i * 255);
        packet.CopyTo(page, 27 + segments);
        uint crc = 0;
        foreach (var octet in page)
        {
            crc ^= (uint)octet << 24;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ 0x04C1_1DB7 : crc << 1;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), crc);
        return page;
    }
}
