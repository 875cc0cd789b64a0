namespace Switchhook.Calls.Ports;

/// <summary>Turns text into speech.</summary>
public interface ISpeech
{
    /// <summary>A WAV file, or a named failure.</summary>
    ValueTask<SpeechReply> SpeakAsync(string text, string? language, string? voice, CancellationToken cancellation);
}

/// <summary>Speech or why there is none.</summary>
public sealed record SpeechReply(ReadOnlyMemory<byte> Wav, string? Error);
