namespace Switchhook.Media.Prompts;

/// <summary>Why a file is no prompt.</summary>
public enum PromptError
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>The file exists and cannot be read.</summary>
    Unreadable,

    /// <summary>More octets than <see cref="PromptLimits.FileOctets"/> or longer than <see cref="PromptLimits.Length"/>.</summary>
    TooLarge,

    /// <summary>Not a RIFF/WAVE file.</summary>
    NotWave,

    /// <summary>It ends within a chunk, or lacks the format or the data.</summary>
    Truncated,

    /// <summary>Neither PCM of 8, 16 or 24 bits nor A-law nor µ-law.</summary>
    UnsupportedEncoding,

    /// <summary>Channels, rate or block size make no sense: 1–2 channels, 4,000–192,000 Hz.</summary>
    UnsupportedShape,

    /// <summary>No samples.</summary>
    Empty,

    /// <summary>None of WAV, MP3, Ogg Opus and GSM 06.10.</summary>
    UnknownFormat,

    /// <summary>Its beginning is that of a known format, and it cannot be decoded.</summary>
    NotDecodable,

    /// <summary>It needs <c>ffmpeg</c>, which is not installed.</summary>
    ConverterMissing,

    /// <summary><c>ffmpeg</c> took more than a minute.</summary>
    ConverterTimedOut,
}

/// <summary>How much a prompt may cost.</summary>
/// <param name="FileOctets">Largest file read.</param>
/// <param name="Length">Longest prompt.</param>
public sealed record PromptLimits(int FileOctets, TimeSpan Length)
{
    /// <summary>64 MiB and one hour.</summary>
    public static PromptLimits Default { get; } = new(64 << 20, TimeSpan.FromHours(1));
}
