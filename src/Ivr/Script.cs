using System.Collections.Immutable;

namespace Switchhook.Ivr;

/// <summary>A script: verbs from top to bottom, and the address it came from.</summary>
public sealed record Script(ImmutableArray<Verb> Verbs, string? Source = null)
{
    /// <summary>How its dialect words what goes wrong while it runs.</summary>
    public IScriptErrors Errors { get; init; } = PlainScriptErrors.Instance;
}

/// <summary>One step. <see cref="Line"/> counts from 1 in the document, 0 when unknown.</summary>
public abstract record Verb(string Name, int Line)
{
    /// <summary>Plays a file; repeats until <paramref name="Timeout"/> or the end of the call when <paramref name="Repeat"/>.</summary>
    public sealed record Play(string AudioFile, bool Repeat, TimeSpan? Timeout, int Line) : Verb("Play", Line);

    public sealed record Speak(string Text, string? Language, string? Voice, int Line) : Verb("Speak", Line);

    public sealed record Delay(TimeSpan Time, int Line) : Verb("Delay", Line);

    /// <summary>Ends the given call, or this one when null. <paramref name="Call"/> is kept as written: the dialect's own id.</summary>
    public sealed record HangUp(string? Call, int Line) : Verb("Hangup", Line);

    /// <summary>Refuses the call without answering; only as the first verb before the answer.</summary>
    public sealed record Reject(int Line) : Verb("Reject", Line);

    public sealed record GoTo(string Url, int Line) : Verb("GoTo", Line);

    /// <summary>A verb that cannot run: reported with the dialect's code and message, then skipped.</summary>
    public sealed record Invalid(string Word, int Code, string Message, int Line) : Verb(Word, Line);
}
