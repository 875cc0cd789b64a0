namespace Switchhook.Ivr;

/// <summary>Where a script run stands.</summary>
public abstract record ScriptRunState
{
    /// <summary>Waiting for a script; verb and line say what a failure of it is blamed on. <paramref name="InPlace"/> when the running one goes on after it.</summary>
    public sealed record Fetching(ScriptOccasion Occasion, string Verb, int Line, bool InPlace = false) : ScriptRunState;

    /// <summary>The script is there and wants the call answered first.</summary>
    public sealed record Answering(Script Script) : ScriptRunState;

    /// <summary>A file, a text or a tone is being played; <paramref name="Timed"/> when a timer will stop it.</summary>
    public sealed record Playing(Verb Verb, bool Timed) : ScriptRunState;

    /// <summary>A pause, or keys being sent.</summary>
    public sealed record Delaying : ScriptRunState;

    /// <summary>The prompts of a menu are over and a key is waited for.</summary>
    public sealed record Collecting : ScriptRunState;

    /// <summary>Others are being rung for the party.</summary>
    public sealed record Transferring(Verb.Transfer Verb) : ScriptRunState;

    /// <summary>The party is being recorded.</summary>
    public sealed record Recording(Verb.Record Verb) : ScriptRunState;

    /// <summary>The party is in a conference.</summary>
    public sealed record Conferring(Verb.Conference Verb) : ScriptRunState;

    /// <summary>A message is waited for.</summary>
    public sealed record AwaitingMessage(Verb.WaitForMessage Verb) : ScriptRunState;

    /// <summary>An alarm message is being given or received.</summary>
    public sealed record Alarming(Verb Verb) : ScriptRunState;

    /// <summary>The dialect does something by itself.</summary>
    public sealed record Working(Verb.Errand Verb) : ScriptRunState;

    /// <summary>Nothing more runs.</summary>
    public sealed record Ended : ScriptRunState;

    private ScriptRunState() { }
}
