using System.Collections.Concurrent;
using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;
using Switchhook.Media.Prompts;

namespace Switchhook.Exchange.Prompts;

/// <summary>Prompts ready to play: files of the prompt directory and those kept for accounts, as long as they do not change, and speech. Never used on a shard's thread.</summary>
/// <param name="directory">The prompt directory.</param>
/// <param name="speech">Speaks.</param>
/// <param name="addresses">Fetches audio behind addresses; null for nobody.</param>
/// <param name="kept">Directories of files kept for accounts, by the words of <see cref="KeptAudio"/>.</param>
/// <param name="sounds">Those of its own; null for the usual ones.</param>
internal sealed class PromptLibrary(
    string directory, ISpeech speech, UrlPrompts? addresses = null, IReadOnlyDictionary<string, string>? kept = null, OwnSounds? sounds = null)
{
    private const int MaxKept = 256;
    private const long MaxOctets = 512L << 20;

    private readonly OwnSounds _sounds = sounds ?? OwnSounds.Of(country: null);
    private readonly string _root = ConfinedPath.Root(directory);
    private readonly (string Word, string Root)[] _others = [.. (kept ?? new Dictionary<string, string>()).Select(static d => (d.Key, ConfinedPath.Root(d.Value)))];
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
        var (root, below) = (_root, name);
        foreach (var (word, other) in _others)
        {
            if (name.StartsWith(word, StringComparison.Ordinal))
                (root, below) = (other, name[word.Length..]);
        }
        var path = Path.GetFullPath(Path.Combine(root, below));
        if (!path.StartsWith(root, StringComparison.Ordinal))
            return new(null, $"'{name}' is outside the prompt directory");
        try
        {
            return Load(name, path, root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, $"'{name}' cannot be read: {e.Message}");
        }
    }

    private PromptReply Load(string name, string path, string root)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            return new(null, $"'{name}' is not in the prompt directory");
        // A link must not lead out either, be it the file or a directory on the way to it.
        if (!ConfinedPath.IsReallyBelow(root, path))
            return new(null, $"'{name}' is outside the prompt directory");
        if (_kept.TryGetValue(path, out var kept) && kept.Stamp == info.LastWriteTimeUtc && kept.Length == info.Length)
            return new(kept.Prompt, null);
        var error = Prompt.TryLoad(path, PromptLimits.Default, out var prompt);
        if (error != PromptError.None || prompt is null)
            return new(null, $"'{name}' cannot be played: {error}") { Fault = FaultOf(error) };
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
            return new(null, error) { Fault = PromptFault.NotSpoken };
        var fault = Prompt.TryLoadWav(Shorten(text), reply.Wav.Span, PromptLimits.Default, out var prompt);
        return prompt is null ? new(null, $"the speech engine's audio cannot be played: {fault}") { Fault = PromptFault.NotSpoken } : new(prompt, null);
    }

    /// <summary>Whatever can be played, or what is wrong with it.</summary>
    public async ValueTask<PromptReply> LoadAsync(AudioSource source, CancellationToken cancellation)
    {
        var reply = await AsMadeAsync(source, cancellation).ConfigureAwait(false);
        return source.GainDb != 0 && reply.Prompt is { } prompt ? reply with { Prompt = prompt.Louder(source.GainDb) } : reply;
    }

    /// <summary>The same, looked at before it is to be played.</summary>
    public ValueTask<PromptReply> PrepareAsync(AudioSource source, CancellationToken cancellation) =>
        source is AudioSource.File { Name: var name } && UrlPrompts.IsUrl(name) && addresses is not null ? addresses.PrepareAsync(name, cancellation) : LoadAsync(source, cancellation);

    private async ValueTask<PromptReply> AsMadeAsync(AudioSource source, CancellationToken cancellation)
    {
        switch (source)
        {
            case AudioSource.File file: return await FindAsync(file.Name, cancellation).ConfigureAwait(false);
            case AudioSource.Speech speech: return await SpeechAsync(speech.Text, speech.Language, speech.Voice, cancellation).ConfigureAwait(false);
            case AudioSource.Builtin builtin: return new(_sounds.Of(builtin.Sound), null);
            case AudioSource.Sequence sequence: return await JoinAsync(sequence.Parts, cancellation).ConfigureAwait(false);
            default: return new(null, "nothing to play");
        }
    }

    private async ValueTask<PromptReply> JoinAsync(ImmutableArray<AudioSource> parts, CancellationToken cancellation)
    {
        var (prompts, largest) = (new List<Prompt>(), 0);
        foreach (var part in parts)
        {
            var reply = await LoadAsync(part, cancellation).ConfigureAwait(false);
            if (reply.Prompt is not { } prompt)
                return reply;
            prompts.Add(prompt);
            largest = Math.Max(largest, reply.FileOctets);
        }
        if (prompts.Count == 0)
            return new(null, "nothing to play");
        return new(prompts.Count == 1 ? prompts[0] : Prompt.Join(string.Join(", ", prompts.Select(static p => p.Name)), prompts), null) { FileOctets = largest };
    }

    internal static PromptFault FaultOf(PromptError error) => error switch
    {
        PromptError.TooLarge => PromptFault.TooLarge,
        PromptError.NotFound or PromptError.Unreadable => PromptFault.NotFound,
        _ => PromptFault.BadFormat,
    };

    private static string Shorten(string text) => "speech: " + (text.Length <= 40 ? text : text[..40] + "…");

    private sealed record KeptPrompt(Prompt Prompt, DateTime Stamp, long Length);
}

/// <summary>A prompt, or why there is none.</summary>
internal readonly record struct PromptReply(Prompt? Prompt, string? Error)
{
    /// <summary>What kind of mistake it is.</summary>
    public PromptFault Fault { get; init; } = Error is null ? PromptFault.None : PromptFault.NotFound;

    /// <summary>Size of the file it was made of; 0 where there was none.</summary>
    public int FileOctets { get; init; }
}
