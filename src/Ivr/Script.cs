using System.Collections.Immutable;

namespace Switchhook.Ivr;

/// <summary>A script: verbs from top to bottom, and the address it came from.</summary>
public sealed record Script(ImmutableArray<Verb> Verbs, string? Source = null)
{
    /// <summary>How its dialect words what goes wrong while it runs.</summary>
    public IScriptErrors Errors { get; init; } = PlainScriptErrors.Instance;
}
