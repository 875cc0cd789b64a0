using System.Diagnostics.CodeAnalysis;
using Switchhook.Media.Codecs;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;
using Switchhook.Media.Wav;

namespace Switchhook.Media.Prompts;

/// <summary>
/// Audio ready to be played, made once and shared by every session that plays it: both G.711 encodings from the start, the
/// other codecs from the first playback on.
/// </summary>
public sealed class Prompt
{
    /// <summary>20 ms of a codec of 64 kbit/s.</summary>
    internal const int FrameOctets = 160;

    private readonly short[] _samples;
    private EncodedAudio? _g722;
    private EncodedAudio? _opus;
    private short[]? _otherRate;

    private Prompt(string name, short[] samples, int sampleRateHz)
    {
        (Name, _samples, SampleRateHz) = (name, samples, sampleRateHz);
        Frames = samples.Length / (sampleRateHz / 50);
        var narrow = sampleRateHz == 8_000 ? samples : PolyphaseResampler.Convert(samples, sampleRateHz, 8_000);
        (MuLaw, ALaw) = (new byte[Frames * FrameOctets], new byte[Frames * FrameOctets]);
        MuLaw.AsSpan(Math.Min(narrow.Length, MuLaw.Length)).Fill(G711.MuLawSilence);
        ALaw.AsSpan(Math.Min(narrow.Length, ALaw.Length)).Fill(G711.ALawSilence);
        var whole = narrow.AsSpan(0, Math.Min(narrow.Length, MuLaw.Length));
        _ = G711Codec.MuLaw.Encode(whole, MuLaw);
        _ = G711Codec.ALaw.Encode(whole, ALaw);
        (MuLawFrames, ALawFrames) = (new EncodedAudio(MuLaw, null), new EncodedAudio(ALaw, null));
    }

    /// <summary>What records and consoles call it.</summary>
    public string Name { get; }

    /// <summary>Playing time; a whole number of 20 ms frames.</summary>
    public TimeSpan Length => TimeSpan.FromMilliseconds((long)Frames * AudioCodecs.FrameMs);

    /// <summary>Memory it takes in all codecs together, octets, about.</summary>
    public long Octets => 2L * _samples.Length * (_otherRate is null ? 1 : 3) + Frames * (2L * FrameOctets + (_g722 is null ? 0 : FrameOctets) + (_opus is null ? 0 : 90));

    /// <summary>8,000 or 16,000: what its file had to give.</summary>
    internal int SampleRateHz { get; }

    /// <summary>Frames of 20 ms.</summary>
    internal int Frames { get; }

    /// <summary>Samples in µ-law, 8 kHz, padded with silence to whole frames.</summary>
    internal byte[] MuLaw { get; }

    /// <summary>The same in A-law.</summary>
    internal byte[] ALaw { get; }

    private EncodedAudio MuLawFrames { get; }

    private EncodedAudio ALawFrames { get; }

    /// <summary>Reads a WAV file from memory: PCM of 8, 16 or 24 bits, A-law or µ-law, mono or stereo, any usual rate.</summary>
    /// <returns>The first mistake found, or <see cref="PromptError.None"/>; never throws, whatever the octets.</returns>
    public static PromptError TryLoadWav(string name, ReadOnlySpan<byte> file, PromptLimits limits, out Prompt? prompt)
    {
        prompt = null;
        if (file.Length > limits.FileOctets) return PromptError.TooLarge;
        var error = WavReader.TryOpen(file, out var wav);
        if (error != PromptError.None) return error;

        if ((double)wav.Frames / wav.SampleRateHz > limits.Length.TotalSeconds) return PromptError.TooLarge;
        var samples = new short[wav.Frames];
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)wav.Sample(i);
        prompt = FromSamples(name, samples, wav.SampleRateHz);
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

    /// <summary>
    /// Reads a file of any known format from memory: WAV by ourselves, MP3, Ogg Opus, GSM 06.10 and rarer WAV encodings by
    /// <c>ffmpeg</c>. Blocks: never call it on a media thread or a shard.
    /// </summary>
    /// <param name="name">What records and consoles call it; a name ending in <c>.gsm</c> says that the file is one, for such files have no beginning of their own.</param>
    /// <param name="file">The file.</param>
    /// <param name="limits">How much it may cost.</param>
    /// <param name="prompt">The prompt, or null.</param>
    public static PromptError TryLoad(string name, byte[] file, PromptLimits limits, out Prompt? prompt)
    {
        prompt = null;
        if (file.Length > limits.FileOctets) return PromptError.TooLarge;
        var format = PromptFormat.Of(name, file);
        if (format is null) return PromptError.UnknownFormat;
        if (format == PromptFormat.Wav)
        {
            var error = TryLoadWav(name, file, limits, out prompt);
            if (error != PromptError.UnsupportedEncoding) return error;
        }

        var failure = Ffmpeg.Decode(file, format, limits, out var samples);
        if (failure == PromptError.None) prompt = FromSamples(name, samples, Ffmpeg.OutputRateHz);
        return failure;
    }

    /// <summary>Reads a file of any known format from disk. Blocks: never call it on a media thread or a shard.</summary>
    public static PromptError TryLoad(string path, PromptLimits limits, out Prompt? prompt)
    {
        prompt = null;
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) return PromptError.NotFound;
            // A device or a pipe has no length and no end.
            if ((info.Attributes & FileAttributes.Device) != 0 || info.Length == 0) return PromptError.Empty;
            if (info.Length > limits.FileOctets) return PromptError.TooLarge;
            return TryLoad(Path.GetFileName(path), File.ReadAllBytes(path), limits, out prompt);
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
        var samples = new short[(int)((length ?? tone.Period).TotalSeconds * 8_000)];
        ToneGenerator.Fill(tone, samples);
        return FromSamples(name, samples);
    }

    /// <summary>One prompt of several, played one after the other.</summary>
    /// <param name="name">What records and consoles call it.</param>
    /// <param name="parts">At least one.</param>
    public static Prompt Join(string name, IReadOnlyList<Prompt> parts)
    {
        var rate = parts.Max(static p => p.SampleRateHz);
        return new Prompt(name, [.. parts.SelectMany(p => p.SamplesAt(rate))], rate);
    }

    /// <summary>The same louder or quieter. Costs a millisecond or so a second of audio: never on a media thread or a shard.</summary>
    /// <param name="gainDb">Decibels; what gets too loud is cut off.</param>
    public Prompt Louder(int gainDb)
    {
        var factor = Math.Pow(10, gainDb / 20.0);
        return new Prompt(Name, Array.ConvertAll(_samples, s => (short)Math.Clamp(Math.Round(s * factor), short.MinValue, short.MaxValue)), SampleRateHz);
    }

    /// <summary>Makes a prompt of 16-bit linear samples of any rate, padded with silence to whole frames. Above 8 kHz it is kept at 16.</summary>
    internal static Prompt FromSamples(string name, ReadOnlySpan<short> samples, int sampleRateHz = 8_000)
    {
        var rate = sampleRateHz > 8_000 ? 16_000 : 8_000;
        var frame = rate / 50;
        var made = sampleRateHz == rate ? samples : PolyphaseResampler.Convert(samples, sampleRateHz, rate);
        var whole = new short[Math.Max(1, (made.Length + frame - 1) / frame) * frame];
        made.CopyTo(whole);
        return new Prompt(name, whole, rate);
    }

    /// <summary>
    /// Encodes the prompt for a codec unless that was done before. Takes milliseconds a second of audio: never on a media
    /// thread or a shard.
    /// </summary>
    public void Prepare(AudioCodec codec)
    {
        if (TryEncoded(codec, out _) || !AudioCodecs.IsAvailable(codec)) return;
        var samples = SamplesAt(codec.SampleRateHz());
        using var encoder = AudioCodecs.CreateEncoder(codec);
        var frame = codec.FrameSamples();
        var octets = new byte[Frames * FrameOctets * 2];
        var ends = new int[Frames];
        var length = 0;
        for (var i = 0; i < Frames; i++)
        {
            if (octets.Length - length < AudioCodecs.MostFrameOctets) Array.Resize(ref octets, octets.Length * 2);
            length += encoder.Encode(samples.AsSpan(i * frame, frame), octets.AsSpan(length));
            ends[i] = length;
        }

        Array.Resize(ref octets, length);
        if (codec == AudioCodec.G722) Volatile.Write(ref _g722, new EncodedAudio(octets, null));
        else Volatile.Write(ref _opus, new EncodedAudio(octets, ends));
    }

    /// <summary>The prompt in a codec, if it was encoded.</summary>
    internal bool TryEncoded(AudioCodec codec, [NotNullWhen(true)] out EncodedAudio? encoded)
    {
        encoded = codec switch
        {
            AudioCodec.Pcmu => MuLawFrames,
            AudioCodec.Pcma => ALawFrames,
            AudioCodec.G722 => Volatile.Read(ref _g722),
            AudioCodec.Opus => Volatile.Read(ref _opus),
        };
        return encoded is not null;
    }

    /// <summary>One frame of samples at <see cref="SampleRateHz"/>.</summary>
    internal ReadOnlySpan<short> Frame(int number) => _samples.AsSpan(number * (SampleRateHz / 50), SampleRateHz / 50);

    /// <summary>All samples at 8,000 or 16,000 Hz, whole frames; converted the first time.</summary>
    internal short[] SamplesAt(int rateHz)
    {
        if (rateHz == SampleRateHz) return _samples;
        if (Volatile.Read(ref _otherRate) is { } made) return made;
        made = PolyphaseResampler.Convert(_samples, SampleRateHz, rateHz);
        Array.Resize(ref made, Frames * (rateHz / 50));
        Volatile.Write(ref _otherRate, made);
        return made;
    }

    /// <summary>The octets in a codec that was prepared.</summary>
    internal byte[] Encoded(AudioCodec codec) => TryEncoded(codec, out var encoded) ? encoded.Octets : [];
}
