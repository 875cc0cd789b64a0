using Switchhook.Media.Tones;

namespace Switchhook.Media.Prompts;

/// <summary>Audio ready to be played: both G.711 encodings, made once, shared by every session that plays it.</summary>
public sealed class Prompt
{
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
        _ = (name, limits);
        return file.Length > limits.FileOctets ? PromptError.TooLarge : PromptError.NotWave;
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
    public static Prompt FromTone(string name, Tone tone, TimeSpan? length = null) =>
        new(name, new byte[(int)((length ?? (tone.On + tone.Off)).TotalMilliseconds / 20) * 160], []);
}
