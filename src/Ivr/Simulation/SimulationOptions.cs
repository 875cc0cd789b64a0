using System.Collections.Immutable;
using Switchhook.Calls.Causes;

namespace Switchhook.Ivr.Simulation;

/// <summary>What the imagined caller does, and how the world answers. All times count from the moment the call reaches the script.</summary>
public sealed record SimulationOptions
{
    /// <summary>The keys it presses, earliest first.</summary>
    public ImmutableArray<SimulatedKey> Keys { get; init; } = [];

    /// <summary>When it talks, earliest first; silence is what ends a recording that says so.</summary>
    public ImmutableArray<SimulatedSpeech> Speech { get; init; } = [];

    /// <summary>When it hangs up; null: it stays until <see cref="Longest"/>.</summary>
    public TimeSpan? HangUpAt { get; init; }

    /// <summary>True when it called, and the script decides about the answer; false when an application called it.</summary>
    public bool Incoming { get; init; } = true;

    /// <summary>When the simulation ends whatever the script does.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a file plays; null when there is no such file. Left out, every file plays three seconds.</summary>
    public Func<string, TimeSpan?>? FileLength { get; init; }

    /// <summary>What comes of ringing a number: null when someone answers. Left out, someone always does.</summary>
    public Func<string, HangupCause?>? Dial { get; init; }
}

/// <summary>A key and when it is pressed.</summary>
public readonly record struct SimulatedKey(char Key, TimeSpan At);

/// <summary>What a line of the simulation tells.</summary>
public enum SimulationKind
{
    /// <summary>The call is answered.</summary>
    Answered,
    /// <summary>Audio the caller hears from now on.</summary>
    Hears,
    /// <summary>Audio that was cut off.</summary>
    Stopped,
    /// <summary>A key the caller pressed.</summary>
    Key,
    /// <summary>A request to a web server.</summary>
    Request,
    /// <summary>Something else asked of the exchange: a number rung, a message, a recording.</summary>
    Asked,
    /// <summary>A step that failed, in the dialect's code and words.</summary>
    Error,
    /// <summary>A verb that began, a variable that was set.</summary>
    Step,
    /// <summary>The end.</summary>
    Ended,
}

/// <summary>One thing that happened, and when.</summary>
public sealed record SimulationLine(TimeSpan At, SimulationKind Kind, string Text);

/// <summary>How it ended.</summary>
public enum SimulationEnd
{
    /// <summary>The script hung up, or ran out of verbs.</summary>
    ScriptHungUp,
    /// <summary>The script refused the call.</summary>
    Rejected,
    /// <summary>Someone else has the caller now.</summary>
    Transferred,
    /// <summary>The caller hung up.</summary>
    CallerHungUp,
    /// <summary>Nothing ended it in time.</summary>
    StillRunning,
}

/// <summary>The whole story.</summary>
public sealed record SimulationResult(ImmutableArray<SimulationLine> Lines, SimulationEnd End, TimeSpan At, int Errors)
{
    /// <summary>The lines of these kinds as text, without their times.</summary>
    public IEnumerable<string> Of(params ImmutableArray<SimulationKind> kinds) => Lines.Where(l => kinds.Contains(l.Kind)).Select(l => l.Text);
}
