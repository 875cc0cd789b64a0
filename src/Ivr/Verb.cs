using System.Collections.Immutable;
using Switchhook.Calls.Commands;

namespace Switchhook.Ivr;

/// <summary>
/// One step of a script; all dialects are read into these. <see cref="Line"/> counts from 1 in the document, 0 when unknown; <see cref="Name"/> is
/// what records and traces call the step, which a dialect may have in its own word.
/// </summary>
public abstract partial record Verb(string Name, int Line)
{
    /// <summary>The application's own word for this step, told with what comes of it.</summary>
    public string? Tag { get; init; }

    /// <summary>How long whoever the verb asks may take to reply; null leaves it to the dialect.</summary>
    public TimeSpan? ReplyTime { get; init; }

    /// <summary>Plays a file or address; repeats until <paramref name="Timeout"/>, a key or the end of the call when <paramref name="Repeat"/>.</summary>
    public sealed record Play(string AudioFile, bool Repeat, TimeSpan? Timeout, int Line) : Verb("Play", Line)
    {
        /// <summary>How much louder than it was made, in decibels.</summary>
        public int GainDb { get; init; }
    }

    /// <summary>Speaks a text; an empty one is nothing.</summary>
    public sealed record Speak(string Text, string? Language, string? Voice, int Line) : Verb("Speak", Line)
    {
        /// <summary>How much louder than it was made, in decibels.</summary>
        public int GainDb { get; init; }
    }

    /// <summary>One short tone.</summary>
    public sealed record Beep(int Line) : Verb("Beep", Line);

    /// <summary>A pause.</summary>
    public sealed record Delay(TimeSpan Time, int Line) : Verb("Delay", Line);

    /// <summary>Sends keys to the party: <c>0-9 * # A-D</c>.</summary>
    public sealed record SendDigits(string Keys, int Line) : Verb("SendDTMF", Line);

    /// <summary>Ends the given call, or this one when null. <paramref name="Call"/> is kept as written: the dialect's own id.</summary>
    public sealed record HangUp(string? Call, int Line) : Verb("Hangup", Line);

    /// <summary>Refuses the call without answering; only as the first verb before the answer.</summary>
    public sealed record Reject(int Line) : Verb("Reject", Line);

    /// <summary>Ends the script, and with it the call, however deep it stands.</summary>
    public sealed record Exit(int Line) : Verb("Exit", Line);

    /// <summary>Ends the script; the call stays up for whoever steers it otherwise.</summary>
    public sealed record Leave(int Line) : Verb("Leave", Line);

    /// <summary>Drops the script and runs the one behind the address.</summary>
    public sealed record GoTo(string Url, int Line) : Verb("GoTo", Line);

    /// <summary>Asks an address and runs its reply in place; then the verbs after this one.</summary>
    public sealed record Fetch(string Url, int Line) : Verb("Fetch", Line);

    /// <summary>Keeps a text under a name, in any case, for the rest of the call.</summary>
    public sealed record Set(string Variable, string Value, int Line) : Verb("Var", Line)
    {
        /// <summary>True for one that keeps what the variable has already.</summary>
        public bool IsDefault { get; init; }
    }

    /// <summary>Keeps a list under a name.</summary>
    public sealed record SetList(string Variable, ImmutableArray<ScriptItem> Items, int Line) : Verb("Array", Line);

    /// <summary>Runs its verbs once for each item of a list that is bound to <c>item</c>; an unknown list has none.</summary>
    public sealed record ForEach(string Source, ImmutableArray<Verb> Body, int Line) : Verb("ForEach", Line);

    /// <summary>Runs its verbs so many times; without a bound when null.</summary>
    public sealed record Loop(int? Times, ImmutableArray<Verb> Body, int Line) : Verb("Loop", Line);

    /// <summary>Records the party until a key of <paramref name="FinishKeys"/>, the longest length, silence, or the end of the call.</summary>
    public sealed record Record(string Format, TimeSpan? Longest, TimeSpan? Silence, string FinishKeys, string? FinishedUrl, string? Folder, int Line)
        : Verb("Record", Line)
    {
        /// <summary>What becomes of the reply of <see cref="FinishedUrl"/>.</summary>
        public ScriptReply Reply { get; init; }

        /// <summary>Mean magnitude of 16-bit samples under which the party counts as silent; null leaves it to the exchange.</summary>
        public int? SilenceLevel { get; init; }

        /// <summary>One channel for each side; only where both are recorded.</summary>
        public bool Stereo { get; init; }
    }

    /// <summary>Puts the party into a conference until it leaves.</summary>
    public sealed record Conference(string Room, bool Muted, int Line) : Verb("Conference", Line);

    /// <summary>Sends a text message; the script goes on at once.</summary>
    public sealed record SendMessage(string Connection, string? Address, string Text, int Line) : Verb("SendMsg", Line);

    /// <summary>Runs <paramref name="First"/>, then waits for a message from there, and runs one of the other blocks.</summary>
    public sealed record WaitForMessage(
        string Connection, string? Address, TimeSpan Timeout, ImmutableArray<Verb> First, ImmutableArray<Verb> OnMessage, ImmutableArray<Verb> OnTimeout, int Line)
        : Verb("WaitForMsg", Line);

    /// <summary>What anyone could ask of the exchange by a command; the script goes on at once and a refusal is reported.</summary>
    public sealed record Order(string Word, CallCommand Command, int Line) : Verb(Word, Line);

    /// <summary>What the dialect does by itself; the script waits for it, and a failure is reported.</summary>
    public sealed record Errand(string Word, IScriptErrand Work, int Line) : Verb(Word, Line);

    /// <summary>Says where a call goes that has not rung yet: the answer to <see cref="ScriptOccasion.RoutingInterception"/>, and out of place anywhere else.</summary>
    /// <param name="Destination">A number, or the name of a trunk; empty refuses the caller.</param>
    /// <param name="RingTime">How long it may ring.</param>
    /// <param name="CallerId">What the callee is shown; null changes nothing.</param>
    /// <param name="DialedNumber">What is dialled over a trunk; null means what the caller dialled.</param>
    public sealed record Route(string Destination, TimeSpan RingTime, string? CallerId, string? DialedNumber, int Line) : Verb("Route", Line);

    /// <summary>A verb with variables in it: what it is shows when its turn comes.</summary>
    public sealed record Template(string Word, IVerbTemplate Of, int Line) : Verb(Word, Line);

    /// <summary>A verb that cannot run: reported with the dialect's code and message, then skipped.</summary>
    public sealed record Invalid(string Word, int Code, string Message, int Line) : Verb(Word, Line);
}

/// <summary>What becomes of the script that an application replies with.</summary>
public enum ScriptReply
{
    /// <summary>It runs, and then what follows the verb that asked.</summary>
    InPlace,
    /// <summary>It runs instead of the script that asked; without one, the call is hung up.</summary>
    Instead,
    /// <summary>Nobody waits for it: the application is told, and the script goes on.</summary>
    None,
}

/// <summary>A dialect's verb that still needs its variables.</summary>
public interface IVerbTemplate
{
    /// <summary>The verb with the variables as they are now; never another template, and never null.</summary>
    Verb Bind(ScriptScope scope);
}
