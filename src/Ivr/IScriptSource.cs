using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;

namespace Switchhook.Ivr;

/// <summary>A dialect's way from a reference to a script: reads the document at hand or asks the application's server. Never throws for bad scripts.</summary>
public interface IScriptSource
{
    /// <summary>The dialect, as in <see cref="ScriptRef.Dialect"/>.</summary>
    string Dialect { get; }

    /// <summary>The longest a fetch may take, all attempts together.</summary>
    TimeSpan Patience => TimeSpan.FromSeconds(10);

    ValueTask<ScriptFetch> FetchAsync(ScriptRequest request, CancellationToken cancellation);

    /// <summary>
    /// What the application is told where nobody waits for its reply; it is stored and delivered like every notification. Null when there is
    /// nothing to tell. Called on the exchange's own thread, so it must return at once.
    /// </summary>
    /// <param name="request">As for a fetch.</param>
    /// <param name="number">Of what the script told on this call, from 1.</param>
    Notification? Tell(ScriptRequest request, int number) => null;
}

/// <summary>What is asked for.</summary>
/// <param name="Call">The call the script runs on.</param>
/// <param name="Script">Which one.</param>
/// <param name="Occasion">Why.</param>
/// <param name="Base">The address the running script came from; relative addresses resolve against it.</param>
public sealed record ScriptRequest(Call Call, ScriptRef Script, ScriptOccasion Occasion, string? Base = null)
{
    /// <summary>The step that asks; null at the beginning.</summary>
    public Verb? Verb { get; init; }

    /// <summary>What the party entered, when that is the occasion.</summary>
    public ScriptEntry? Entry { get; init; }

    /// <summary>The recording that is closed, when that is the occasion.</summary>
    public ScriptInput.RecordingEnded? Recording { get; init; }

    /// <summary>How the call stands, when its route is the occasion.</summary>
    public RoutingQuestion? Routing { get; init; }
}

/// <summary>What an application is told when it is asked where a call goes.</summary>
/// <param name="Caller">The caller's number.</param>
/// <param name="From">The caller's extension, or the trunk the call came over.</param>
/// <param name="Dialed">What the caller dialled.</param>
/// <param name="LastDialed">What was tried last; what the caller dialled before the first attempt.</param>
/// <param name="LastCalled">The extension or trunk that was rung last; null before the first attempt.</param>
/// <param name="LastCause">What became of that; null before the first attempt.</param>
public sealed record RoutingQuestion(string Caller, string From, string Dialed, string LastDialed, string? LastCalled, HangupCause? LastCause);

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
    /// <summary>The one who took a script's place has hung up.</summary>
    TransferEnded,
    /// <summary>Where a call goes is asked, before it rings and after each attempt that failed.</summary>
    RoutingInterception,
    /// <summary>A script asks in passing.</summary>
    Fetch,
}

/// <summary>A script, or the dialect's own code and message why there is none.</summary>
public abstract record ScriptFetch
{
    public sealed record Loaded(Script Script) : ScriptFetch;

    public sealed record Failed(int Code, string Message) : ScriptFetch
    {
        /// <summary>What a call ends with that this leaves without a script; null for the cause that is normal for its state.</summary>
        public HangupCause? Cause { get; init; }

        /// <summary>Where a call goes instead that is not answered; null for nowhere.</summary>
        public string? Instead { get; init; }
    }

    private ScriptFetch() { }
}
