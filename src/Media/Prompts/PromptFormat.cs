namespace Switchhook.Media.Prompts;

/// <summary>Which format a prompt file has, told by how it begins. The words are those <c>ffmpeg</c> has for them.</summary>
internal static class PromptFormat
{
    /// <summary>Octets of 320 kbit/s at 32 kHz, and a header after them.</summary>
    private const int LongestMp3Frame = 1_440 + 4;

    public const string Wav = "wav";
    public const string Mp3 = "mp3";
    public const string Ogg = "ogg";
    public const string Gsm = "gsm";

    /// <summary>Null for none of ours.</summary>
    public static string? Of(string name, ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("RIFF"u8)) return Wav;
        if (file.StartsWith("OggS"u8)) return Ogg;
        if (file.StartsWith("ID3"u8)) return Mp3;
        // GSM frames have 33 octets, the first of which begins with 0xD (RFC 3551 §4.5.8).
        if (name.EndsWith(".gsm", StringComparison.OrdinalIgnoreCase) && file.Length >= 33 && file[0] >> 4 == 0xD) return Gsm;
        // A stream that was cut out of a longer one begins in the middle of a frame; its name says what it is.
        var within = name.EndsWith(".mp3", StringComparison.OrdinalIgnoreCase) ? Math.Min(file.Length, LongestMp3Frame) : Math.Min(file.Length, 4);
        for (var at = 0; at + 4 <= within; at++)
            if (file[at] == 0xFF && (file[at + 1] & 0xE6) == 0xE2) return Mp3;
        return null;
    }
}
