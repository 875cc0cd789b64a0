using System.Buffers.Binary;

namespace Switchhook.Media.Recording;

/// <summary>The header of a WAV file of 16-bit samples: RIFF, format and data in 44 octets.</summary>
internal static class WavHeader
{
    public const int Size = 44;

    /// <summary>Writes it for so many octets of samples.</summary>
    public static void Write(Span<byte> header, int sampleRateHz, int channels, long dataOctets)
    {
        var data = (uint)Math.Min(dataOctets, uint.MaxValue - Size);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], data + Size - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], sampleRateHz * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], data);
    }

    /// <summary>Sets the sizes of a header of ours right for the length its file has; false when it is none.</summary>
    public static bool TryMend(Span<byte> header, long fileOctets)
    {
        if (header.Length < Size || !header[..4].SequenceEqual("RIFF"u8) || !header[36..40].SequenceEqual("data"u8)) return false;
        var channels = BinaryPrimitives.ReadInt16LittleEndian(header[22..]);
        if (channels is not (1 or 2)) return false;
        var block = channels * 2;
        Write(header, BinaryPrimitives.ReadInt32LittleEndian(header[24..]), channels, Math.Max(0, fileOctets - Size) / block * block);
        return true;
    }
}
