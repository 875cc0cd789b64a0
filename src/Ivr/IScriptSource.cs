using Switchhook.Calls;
using Switchhook.Calls.Scripts;

namespace Switchhook.Ivr;

/// <summary>A dialect's way from a reference to a script: reads the document at hand or asks the application's server. Never throws for bad scripts.</summary>
public interface IScriptSource
{
    /// <summary>The dialect, as in <see cref="ScriptRef.Dialect"/>.</summary>
    string Dialect { get; }

    ValueTask<ScriptFetch> FetchAsync(ScriptRequest request, CancellationToken cancellation);
}

/// <summary>What is asked for.</summary>
/// <param name="Call">The call the script runs on.</param>
/// <param name="Script">Which one.</param>
/// <param name="Occasion">Why.</param>
/// <param name="Base">The address the running script came from; relative addresses resolve against it.</param>
/// <param name="Digits">What the party entered, when that is the occasion.</param>
public sealed record ScriptRequest(Call Call, ScriptRef Script, ScriptOccasion Occasion, string? Base = null, string? Digits = null)
{
    /// <summary>The recording that is closed, when that is the occasion.</summary>
    public ScriptInput.RecordingEnded? Recording { get; init; }
}

/// <summary>Why a script is asked for.</summary>
public enum ScriptOccasion
{
    /// <summary>A call reaches an API extension and is not answered yet.</summary>
    IncomingCall,
    /// <summary>A call an application placed was answered.</summary>
    CallConnected,
    /// <summary>A running script goes on elsewhere.</summary>
    GoTo,
    /// <summary>The party entered digits that the running script has no choice for.</summary>
    DtmfEntered,
    /// <summary>A recording is closed.</summary>
    RecordCompleted,
    /// <summary>A script asks in passing.</summary>
    Fetch,
}

/// <summary>A script, or the dialect's own code and message why there is none.</summary>
public abstract record ScriptFetch
{
    public sealed record Loaded(Script Script) : ScriptFetch;

    public sealed record Failed(int Code, string Message) : ScriptFetch;

    private ScriptFetch() { }
}
