using Switchhook.Calls.Ports;

namespace Switchhook.Server.Speech;

/// <summary>Makes speech of one text with one voice: a program or a server.</summary>
internal interface ISpeechEngine
{
    /// <summary>A WAV file or a failure of <see cref="SpeechFailures"/>; one of <see cref="SpeechFailures.UnknownVoice"/> lets another voice be tried.</summary>
    ValueTask<SpeechReply> SpeakAsync(string text, string voice, CancellationToken cancellation);
}

/// <summary>What keeps a text from being spoken, by the first word of the error.</summary>
internal static class SpeechFailures
{
    public const string UnknownVoice = "speech-voice";
    public const string NotAudio = "speech-not-audio: what came is no WAV file";

    /// <summary>More audio than a call could ever use.</summary>
    public const int MostOctets = 32 * 1024 * 1024;

    public static SpeechReply Failed(string error) => new(default, error);

    public static SpeechReply TooLarge() => Failed($"speech-too-large: more than {MostOctets} octets of audio");

    public static SpeechReply TimedOut(TimeSpan longest) => Failed($"speech-timed-out: no speech within {longest.TotalSeconds} s");

    public static bool IsWav(ReadOnlySpan<byte> audio) => audio.Length > 44 && audio.StartsWith("RIFF"u8) && audio[8..].StartsWith("WAVE"u8);
}
