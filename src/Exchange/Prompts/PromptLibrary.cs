using System.Collections.Concurrent;
using Switchhook.Calls.Ports;
using Switchhook.Media.Prompts;

namespace Switchhook.Exchange.Prompts;

/// <summary>Prompts ready to play: files of the prompt directory, kept until they change, and speech. Never used on a shard's thread.</summary>
internal sealed class PromptLibrary(string directory, ISpeech speech)
{
    private const int MaxKept = 256;

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)) + Path.DirectorySeparatorChar;
    private readonly ConcurrentDictionary<string, KeptPrompt> _kept = new(StringComparer.Ordinal);

    /// <summary>A file below the prompt directory, or what is wrong with it.</summary>
    public PromptReply File(string name)
    {
        if (name.Length is 0 or > 1024 || name.Contains('\0', StringComparison.Ordinal))
            return new(null, "not a file name");
        var path = Path.GetFullPath(Path.Combine(_root, name));
        if (!path.StartsWith(_root, StringComparison.Ordinal))
            return new(null, $"'{name}' is outside the prompt directory");
        var info = new FileInfo(path);
        if (!info.Exists)
            return new(null, $"'{name}' is not in the prompt directory");
        // A link must not lead out either.
        if (info.ResolveLinkTarget(returnFinalTarget: true) is { } target && !target.FullName.StartsWith(_root, StringComparison.Ordinal))
            return new(null, $"'{name}' is outside the prompt directory");
        if (_kept.TryGetValue(path, out var kept) && kept.Stamp == info.LastWriteTimeUtc && kept.Length == info.Length)
            return new(kept.Prompt, null);
        var error = Prompt.TryLoadWav(path, PromptLimits.Default, out var prompt);
        if (error != PromptError.None || prompt is null)
            return new(null, $"'{name}' cannot be played: {error}");
        if (_kept.Count >= MaxKept)
            _kept.Clear();
        _kept[path] = new KeptPrompt(prompt, info.LastWriteTimeUtc, info.Length);
        return new(prompt, null);
    }

    /// <summary>A spoken text, or why it could not be spoken.</summary>
    public async ValueTask<PromptReply> SpeechAsync(string text, string? language, string? voice, CancellationToken cancellation)
    {
        var reply = await speech.SpeakAsync(text, language, voice, cancellation).ConfigureAwait(false);
        if (reply.Error is { } error)
            return new(null, error);
        var fault = Prompt.TryLoadWav(Shorten(text), reply.Wav.Span, PromptLimits.Default, out var prompt);
        return prompt is null ? new(null, $"the speech engine's audio cannot be played: {fault}") : new(prompt, null);
    }

    private static string Shorten(string text) => "speech: " + (text.Length <= 40 ? text : text[..40] + "…");

    private sealed record KeptPrompt(Prompt Prompt, DateTime Stamp, long Length);
}

/// <summary>A prompt, or why there is none.</summary>
internal readonly record struct PromptReply(Prompt? Prompt, string? Error);
