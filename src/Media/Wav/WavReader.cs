using System.Buffers.Binary;
using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;

namespace Switchhook.Media.Wav;

/// <summary>The samples of a RIFF/WAVE file as they lie in it.</summary>
internal readonly ref struct WavReader
{
    private const ushort Pcm = 1;
    private const ushort ALaw = 6;
    private const ushort MuLaw = 7;
    private const ushort Extensible = 0xFFFE;

    private readonly ReadOnlySpan<byte> _data;
    private readonly ushort _encoding;
    private readonly int _channels;
    private readonly int _octets;                           // of one sample of one channel

    private WavReader(ReadOnlySpan<byte> data, ushort encoding, int channels, int octets, int rateHz)
    {
        (_encoding, _channels, _octets, SampleRateHz) = (encoding, channels, octets, rateHz);
        _data = data;
        Frames = data.Length / (channels * octets);
    }

    /// <summary>4,000–192,000.</summary>
    public int SampleRateHz { get; }

    /// <summary>Samples of each channel.</summary>
    public int Frames { get; }

    public static PromptError TryOpen(ReadOnlySpan<byte> file, out WavReader wav)
    {
        wav = default;
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8)) return PromptError.NotWave;

        file = file[12..];
        ReadOnlySpan<byte> format = [];
        while (file.Length >= 8)
        {
            var name = file[..4];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
            file = file[8..];
            if (name.SequenceEqual("data"u8))
            {
                // Programs that write to a pipe cannot know the size and say too much: what is there counts.
                return format.IsEmpty ? PromptError.Truncated : TryShape(format, file[..(int)Math.Min(size, (uint)file.Length)], out wav);
            }

            var padded = size + (size & 1);
            if (padded < size || padded > (uint)file.Length) return PromptError.Truncated;
            if (name.SequenceEqual("fmt "u8)) format = file[..(int)size];
            file = file[(int)padded..];
        }

        return PromptError.Truncated;
    }

    /// <summary>One sample, channels averaged, as 16-bit linear.</summary>
    public int Sample(int frame)
    {
        var at = frame * _channels * _octets;
        var sum = 0;
        for (var channel = 0; channel < _channels; channel++, at += _octets) sum += One(_data[at..]);
        return sum / _channels;
    }

    private int One(ReadOnlySpan<byte> at) => (_encoding, _octets) switch
    {
        (ALaw, _) => G711.DecodeALaw(at[0]),
        (MuLaw, _) => G711.DecodeMuLaw(at[0]),
        (_, 1) => (at[0] - 128) << 8,
        (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(at),
        _ => (short)(at[1] | (at[2] << 8)),
    };

    private static PromptError TryShape(ReadOnlySpan<byte> format, ReadOnlySpan<byte> data, out WavReader wav)
    {
        wav = default;
        if (format.Length < 16) return PromptError.Truncated;
        var encoding = BinaryPrimitives.ReadUInt16LittleEndian(format);
        if (encoding == Extensible)
        {
            if (format.Length < 26) return PromptError.Truncated;
            encoding = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        }

        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rateHz = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (!((encoding == Pcm && bits is (8 or 16 or 24)) || (encoding is ALaw or MuLaw && bits == 8))) return PromptError.UnsupportedEncoding;
        if (channels is < 1 or > 2 || rateHz is < 4_000 or > 192_000) return PromptError.UnsupportedShape;

        wav = new WavReader(data, encoding, channels, bits / 8, (int)rateHz);
        return wav.Frames == 0 ? PromptError.Empty : PromptError.None;
    }
}
