using System.Collections.Concurrent;
using Switchhook.Calls.Ports;
using Switchhook.Media.Prompts;

namespace Switchhook.Exchange.Prompts;

/// <summary>Prompts ready to play: files of the prompt directory, kept until they change, and speech. Never used on a shard's thread.</summary>
internal sealed class PromptLibrary(string directory, ISpeech speech, UrlPrompts? addresses = null)
{
    private const int MaxKept = 256;
    private const long MaxOctets = 512L << 20;

    private readonly string _root = ConfinedPath.Root(directory);
    private readonly ConcurrentDictionary<string, KeptPrompt> _kept = new(StringComparer.Ordinal);

    /// <summary>A file below the prompt directory or behind an http address, or what is wrong with it.</summary>
    public ValueTask<PromptReply> FindAsync(string name, CancellationToken cancellation)
    {
        if (!UrlPrompts.IsUrl(name))
            return ValueTask.FromResult(File(name));
        return addresses is null ? ValueTask.FromResult(new PromptReply(null, "addresses are not fetched here")) : addresses.LoadAsync(name, cancellation);
    }

    /// <summary>A file below the prompt directory, or what is wrong with it.</summary>
    public PromptReply File(string name)
    {
        if (!ConfinedPath.IsName(name))
            return new(null, "not a file name");
        var path = Path.GetFullPath(Path.Combine(_root, name));
        if (!path.StartsWith(_root, StringComparison.Ordinal))
            return new(null, $"'{name}' is outside the prompt directory");
        try
        {
            return Load(name, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, $"'{name}' cannot be read: {e.Message}");
        }
    }

    private PromptReply Load(string name, string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            return new(null, $"'{name}' is not in the prompt directory");
        // A link must not lead out either, be it the file or a directory on the way to it.
        if (!ConfinedPath.IsReallyBelow(_root, path))
            return new(null, $"'{name}' is outside the prompt directory");
        if (_kept.TryGetValue(path, out var kept) && kept.Stamp == info.LastWriteTimeUtc && kept.Length == info.Length)
            return new(kept.Prompt, null);
        var error = Prompt.TryLoad(path, PromptLimits.Default, out var prompt);
        if (error != PromptError.None || prompt is null)
            return new(null, $"'{name}' cannot be played: {error}");
        if (_kept.Count >= MaxKept || _kept.Values.Sum(static k => k.Prompt.Octets) + prompt.Octets > MaxOctets)
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
