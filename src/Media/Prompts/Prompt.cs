using Switchhook.Media.Codecs;
using Switchhook.Media.Tones;
using Switchhook.Media.Wav;

namespace Switchhook.Media.Prompts;

/// <summary>Audio ready to be played: both G.711 encodings, made once, shared by every session that plays it.</summary>
public sealed class Prompt
{
    /// <summary>20 ms at 8 kHz.</summary>
    internal const int FrameOctets = 160;

    private Prompt(string name, byte[] muLaw, byte[] aLaw) => (Name, MuLaw, ALaw) = (name, muLaw, aLaw);

    /// <summary>What records and consoles call it.</summary>
    public string Name { get; }

    /// <summary>Playing time; a whole number of 20 ms frames.</summary>
    public TimeSpan Length => TimeSpan.FromMilliseconds(MuLaw.Length / 8);

    /// <summary>Samples in µ-law, 8 kHz, padded with silence to whole frames.</summary>
    internal byte[] MuLaw { get; }

    /// <summary>The same in A-law.</summary>
    internal byte[] ALaw { get; }

    /// <summary>Reads a WAV file from memory: PCM of 8, 16 or 24 bits, A-law or µ-law, mono or stereo, any usual rate.</summary>
    /// <returns>The first mistake found, or <see cref="PromptError.None"/>; never throws, whatever the octets.</returns>
    public static PromptError TryLoadWav(string name, ReadOnlySpan<byte> file, PromptLimits limits, out Prompt? prompt)
    {
        prompt = null;
        if (file.Length > limits.FileOctets) return PromptError.TooLarge;
        var error = WavReader.TryOpen(file, out var wav);
        if (error != PromptError.None) return error;

        var length = Resampler.Length(wav);
        if (length > limits.Length.TotalSeconds * 8_000) return PromptError.TooLarge;
        var samples = new short[(int)length];
        Resampler.Fill(wav, samples);
        prompt = FromSamples(name, samples);
        return PromptError.None;
    }

    /// <summary>Reads a WAV file from disk. Blocks: never call it on a media thread or a shard.</summary>
    public static PromptError TryLoadWav(string path, PromptLimits limits, out Prompt? prompt)
    {
        prompt = null;
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) return PromptError.NotFound;
            if (info.Length > limits.FileOctets) return PromptError.TooLarge;
            return TryLoadWav(Path.GetFileName(path), File.ReadAllBytes(path), limits, out prompt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return PromptError.Unreadable;
        }
    }

    /// <summary>Makes a prompt of a tone.</summary>
    /// <param name="name">What records and consoles call it.</param>
    /// <param name="tone">The cadence; play one period with <c>loop</c> for an endless tone.</param>
    /// <param name="length">Playing time, rounded up to whole 20 ms frames; null: one period.</param>
    public static Prompt FromTone(string name, Tone tone, TimeSpan? length = null)
    {
        var samples = new short[(int)((length ?? (tone.On + tone.Off)).TotalSeconds * 8_000)];
        ToneGenerator.Fill(tone, samples);
        return FromSamples(name, samples);
    }

    /// <summary>Makes a prompt of 16-bit linear samples at 8 kHz, padded with silence to whole frames.</summary>
    internal static Prompt FromSamples(string name, ReadOnlySpan<short> samples)
    {
        var octets = Math.Max(1, (samples.Length + FrameOctets - 1) / FrameOctets) * FrameOctets;
        var (muLaw, aLaw) = (new byte[octets], new byte[octets]);
        muLaw.AsSpan(samples.Length).Fill(G711.MuLawSilence);
        aLaw.AsSpan(samples.Length).Fill(G711.ALawSilence);
        for (var i = 0; i < samples.Length; i++)
        {
            muLaw[i] = G711.EncodeMuLaw(samples[i]);
            aLaw[i] = G711.EncodeALaw(samples[i]);
        }

        return new Prompt(name, muLaw, aLaw);
    }

    /// <summary>The samples in a codec.</summary>
    internal byte[] Encoded(AudioCodec codec) => codec == AudioCodec.Pcmu ? MuLaw : ALaw;
}
