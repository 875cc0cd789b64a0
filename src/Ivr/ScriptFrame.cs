using System.Collections.Immutable;

namespace Switchhook.Ivr;

/// <summary>A block of verbs at work, and the one around it. Immutable: a stack is its top.</summary>
/// <param name="Script">The document it belongs to.</param>
/// <param name="Verbs">The block.</param>
/// <param name="Next">Number of the verb that runs next; the block's length at its end.</param>
/// <param name="Around">The block around it, or null.</param>
internal abstract record ScriptFrame(Script Script, ImmutableArray<Verb> Verbs, int Next, ScriptFrame? Around)
{
    /// <summary>How many blocks the stack has.</summary>
    public int Depth { get; private init; } = (Around?.Depth ?? 0) + 1;

    /// <summary>A script, a choice, an answer: at its end the block around it goes on.</summary>
    public sealed record Plain(Script Script, ImmutableArray<Verb> Verbs, int Next, ScriptFrame? Around) : ScriptFrame(Script, Verbs, Next, Around);

    /// <summary>Rounds over a list.</summary>
    public sealed record Rounds(Script Script, ImmutableArray<Verb> Verbs, int Next, ScriptFrame? Around, ImmutableArray<ScriptItem> Items, int Round)
        : ScriptFrame(Script, Verbs, Next, Around);

    /// <summary>So many more runs; null without a bound.</summary>
    public sealed record Times(Script Script, ImmutableArray<Verb> Verbs, int Next, ScriptFrame? Around, int? Left) : ScriptFrame(Script, Verbs, Next, Around);

    /// <summary>A menu. Its verbs are its prompts; once it is settled, what the entry led to runs above it and the menu is done.</summary>
    public sealed record Menu(Script Script, ImmutableArray<Verb> Verbs, int Next, ScriptFrame? Around, Verb.Gather Gather, string Entry, int Attempt, bool Settled)
        : ScriptFrame(Script, Verbs, Next, Around);

    /// <summary>A wait for a message. Its verbs run first; a message that comes meanwhile is kept.</summary>
    public sealed record Listening(Script Script, ImmutableArray<Verb> Verbs, int Next, ScriptFrame? Around, Verb.WaitForMessage Wait, ScriptInput.MessageReceived? Early, bool TimedOut)
        : ScriptFrame(Script, Verbs, Next, Around);

    /// <summary>True when nothing happens any more once what is above is done, but that a menu could be gone back to.</summary>
    public bool IsSpent => this is Plain or Menu { Settled: true } && (this is Menu || Next >= Verbs.Length);

    /// <summary>The same block with other verbs, from their first.</summary>
    public ScriptFrame Instead(ImmutableArray<Verb> verbs) => this with { Verbs = verbs, Next = 0 };

    /// <summary>The same block on another stack.</summary>
    public ScriptFrame Over(ScriptFrame? around) => this with { Around = around, Depth = (around?.Depth ?? 0) + 1 };
}
