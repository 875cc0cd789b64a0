using System.Collections.Concurrent;
using Switchhook.Calls.Ports;
using Switchhook.Media.Prompts;

namespace Switchhook.Exchange.Prompts;

/// <summary>Prompts ready to play: files of the prompt directory, kept until they change, and speech. Never used on a shard's thread.</summary>
internal sealed class PromptLibrary(string directory, ISpeech speech, UrlPrompts? addresses = null)
{
    private const int MaxKept = 256;
    private const long MaxOctets = 512L << 20;

    /// <summary>Links followed on the way to a file, all together; more is a loop.</summary>
    private const int MaxLinks = 32;

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)) + Path.DirectorySeparatorChar;
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
        if (name.Length is 0 or > 1024 || name.Contains('\0', StringComparison.Ordinal))
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
        if (Resolve(path) is not { } real || !real.StartsWith(Resolve(_root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
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

    /// <summary>The path with every link in it followed; null when they go round in circles.</summary>
    private static string? Resolve(string path)
    {
        var left = new Stack<string>(Parts(path).Reverse());
        var resolved = "";
        var links = 0;
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                resolved = resolved[..Math.Max(0, resolved.LastIndexOf(Path.DirectorySeparatorChar))];
                continue;
            }
            var next = $"{resolved}{Path.DirectorySeparatorChar}{part}";
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }
            if (++links > MaxLinks)
                return null;
            foreach (var step in Parts(target).Reverse())
                left.Push(step);
            if (Path.IsPathRooted(target))
                resolved = "";
        }
        return resolved;
    }

    private static string[] Parts(string path) => [.. path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(static p => p != ".")];

    private static string Shorten(string text) => "speech: " + (text.Length <= 40 ? text : text[..40] + "…");

    private sealed record KeptPrompt(Prompt Prompt, DateTime Stamp, long Length);
}

/// <summary>A prompt, or why there is none.</summary>
internal readonly record struct PromptReply(Prompt? Prompt, string? Error);
