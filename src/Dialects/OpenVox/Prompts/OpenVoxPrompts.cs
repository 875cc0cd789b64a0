using System.Collections.Immutable;
using Switchhook.Ivr;

namespace Switchhook.Dialects.OpenVox.Prompts;

/// <summary>The one script of this dialect: prompts one after the other, then the end. Its document is their files, one a line.</summary>
public sealed class OpenVoxPrompts : IScriptSource
{
    /// <inheritdoc/>
    public string Dialect => OpenVoxWords.Dialect;

    internal static string Document(ImmutableArray<string> files) => string.Join('\n', files);

    /// <inheritdoc/>
    public ValueTask<ScriptFetch> FetchAsync(ScriptRequest request, CancellationToken cancellation)
    {
        var files = (request.Script.Document ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var verbs = files.Select((file, line) => (Verb)new Verb.Play(file, Repeat: false, Timeout: null, line + 1)).ToImmutableArray();
        return new(new ScriptFetch.Loaded(new Script(verbs.Add(new Verb.HangUp(null, files.Length + 1)))));
    }
}
