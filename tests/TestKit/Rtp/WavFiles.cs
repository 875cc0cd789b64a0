using System.Buffers.Binary;

namespace Switchhook.TestKit.Rtp;

/// <summary>Small WAV files: 16-bit mono at 8 kHz.</summary>
public static class WavFiles
{
    private const int Header = 44;

    public static byte[] Sine(double seconds, int frequencyHz = 440)
    {
        var samples = (int)(seconds * 8000);
        var file = new byte[44 + (samples * 2)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), 8000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 16000);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples * 2);
        for (var i = 0; i < samples; i++)
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(44 + (i * 2)), (short)(8000 * Math.Sin(2 * Math.PI * frequencyHz * i / 8000)));
        return file;
    }

    /// <summary>The samples of a file with the usual header, as long as the header says.</summary>
    public static short[] Read(ReadOnlySpan<byte> file)
    {
        var octets = BinaryPrimitives.ReadInt32LittleEndian(file[40..]);
        if (!file.StartsWith("RIFF"u8) || octets > file.Length - Header)
            throw new InvalidDataException($"a WAV file of {file.Length} octets that says it has {octets} of audio");
        var samples = new short[octets / 2];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(file[(Header + (i * 2))..]);
        return samples;
    }
}
