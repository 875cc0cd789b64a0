namespace Switchhook.Ivr;

/// <summary>Where a script run stands.</summary>
public abstract record ScriptRunState
{
    /// <summary>Waiting for a script; verb and line say what a failure of it is blamed on.</summary>
    public sealed record Fetching(ScriptOccasion Occasion, string Verb, int Line) : ScriptRunState;

    /// <summary>The script is there and wants the call answered first.</summary>
    public sealed record Answering(Script Script) : ScriptRunState;

    /// <summary>A file is playing; <paramref name="Timed"/> when a timer will stop it.</summary>
    public sealed record Playing(ScriptPosition At, bool Timed) : ScriptRunState;

    /// <summary>A text is being spoken.</summary>
    public sealed record Speaking(ScriptPosition At) : ScriptRunState;

    /// <summary>A pause.</summary>
    public sealed record Delaying(ScriptPosition At) : ScriptRunState;

    /// <summary>Nothing more runs.</summary>
    public sealed record Ended : ScriptRunState;

    private ScriptRunState() { }
}

/// <summary>A place in a script: the verb that runs now, counted from 0.</summary>
public sealed record ScriptPosition(Script Script, int Index)
{
    /// <summary>The verb that runs now.</summary>
    public Verb Verb => Script.Verbs[Index];

    /// <summary>Number of the verb after this one, which may be the script's end.</summary>
    public int Next => Index + 1;
}
