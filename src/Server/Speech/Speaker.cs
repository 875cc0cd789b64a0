using Switchhook.Calls.Ports;
using Switchhook.Server.Configuration;
using static Switchhook.Server.Speech.SpeechFailures;

namespace Switchhook.Server.Speech;

/// <summary>
/// Speaks texts by the engine that is configured, a few at a time; what was spoken is kept, up to so many octets. A voice the engine does not
/// know is not an error: the language's speaks then, or the configured one.
/// </summary>
internal sealed class Speaker(SpeechSettings settings, ISpeechEngine engine) : ISpeech, IDisposable
{
    private const int LongestText = 5_000;
    private const int MostAtOnce = 4;

    private readonly SpeechCache _cache = new(octets: 64 * 1024 * 1024);
    private readonly SemaphoreSlim _seats = new(MostAtOnce);

    /// <summary>With the engine the settings name.</summary>
    public static Speaker Of(SpeechSettings settings, IHttpCaller http, TimeProvider time) => new(settings, settings.Provider switch
    {
        SpeechSettings.Http => new SpeechServer(settings, http),
        SpeechSettings.Command => new SpeechProgram(settings.CommandLine, settings.Longest, time),
        _ => new SpeechProgram(SpeechProgram.Espeak, settings.Longest, time),
    });

    public async ValueTask<SpeechReply> SpeakAsync(string text, string? language, string? voice, CancellationToken cancellation)
    {
        if (settings.Provider == SpeechSettings.None)
            return Failed("speech-off: Speech:Provider is none");
        if (string.IsNullOrWhiteSpace(text))
            return Failed("speech-empty: there is no text to speak");
        if (text.Length > LongestText)
            return Failed($"speech-too-long: {text.Length} characters; the most is {LongestText}");
        foreach (var name in new[] { voice, language, settings.Voice }.Where(IsName).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var reply = await SpeakAsAsync(text, name!, cancellation);
            if (reply.Error is null || !reply.Error.StartsWith(UnknownVoice, StringComparison.Ordinal))
                return reply;
        }
        return Failed($"{UnknownVoice}: {settings.Voice} is not installed");
    }

    public void Dispose() => _seats.Dispose();

    private async ValueTask<SpeechReply> SpeakAsAsync(string text, string voice, CancellationToken cancellation)
    {
        if (_cache.Find(voice, text) is { } kept)
            return new SpeechReply(kept, null);
        await _seats.WaitAsync(cancellation);
        try
        {
            var reply = await engine.SpeakAsync(text, voice, cancellation);
            if (reply.Error is null)
                _cache.Keep(voice, text, reply.Wav);
            return reply;
        }
        finally
        {
            _seats.Release();
        }
    }

    /// <summary>Voices are names such as <c>en-us</c> and <c>mb-de5+f2</c>; nothing that could be read as an option or a path.</summary>
    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= 64 } && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+');
}
