using System.Collections.Immutable;
using Switchhook.Calls.Scripts;
using static Switchhook.Ivr.ScriptEffect;
using static Switchhook.Ivr.ScriptInput;
using static Switchhook.Ivr.ScriptRunState;

namespace Switchhook.Ivr;

/// <summary>
/// One script running on one call: verbs in their order, each waiting for the one before. Pure: what it wants done are effects, what
/// became of them are inputs. The table is kept in <c>docs/machines/script.md</c>.
/// </summary>
/// <param name="Script">What the run began with.</param>
/// <param name="Self">The call's own id as its dialect writes it, so that a hang-up naming it ends the script; may be null.</param>
/// <param name="Jumps">Scripts gone through since a verb last took any time.</param>
/// <param name="Errors">The table of the script that runs, or ran last.</param>
public sealed partial record ScriptRun(ScriptRef Script, string? Self, int Jumps, IScriptErrors Errors, ScriptRunState State)
{
    /// <summary>The jump with this number, with nothing that takes time in between, ends the call.</summary>
    public const int MaxJumps = 100;

    /// <summary>What the hangup record names when a script ran out of verbs.</summary>
    public const string EndOfScript = "end of script";

    /// <summary>What the hangup record names when there was no script to run.</summary>
    public const string NoScript = "no script";

    /// <summary>A call reached an application and is not answered: its script decides whether it will be.</summary>
    public static ScriptStep ForIncoming(ScriptRef script, string? self = null) => Begin(script, ScriptOccasion.IncomingCall, self);

    /// <summary>A call an application placed is answered.</summary>
    public static ScriptStep ForConnected(ScriptRef script, string? self = null) => Begin(script, ScriptOccasion.CallConnected, self);

    /// <summary>True once nothing more will run; later inputs are ignored.</summary>
    public bool HasEnded => State is Ended;

    /// <summary>One input; never throws.</summary>
    public ScriptStep On(ScriptInput input) => (State, input) switch
    {
        (Fetching { Occasion: ScriptOccasion.IncomingCall }, Fetched(ScriptFetch.Loaded(var s))) => Meet(s),
        (Fetching, Fetched(ScriptFetch.Loaded(var s))) => Run(s, 0),
        (Fetching f, Fetched(ScriptFetch.Failed(var c, var m))) => End(new Report(c, m), new HangUp(f.Verb, f.Line)),
        (Answering a, Answered) => Run(a.Script, 0),
        (Playing { Timed: true } p, AudioEnded) => Run(p.At.Script, p.At.Next, new StopTimer()),
        (Playing p, AudioEnded) => Run(p.At.Script, p.At.Next),
        (Playing { Timed: true } p, TimerFired) => Run(p.At.Script, p.At.Next, new StopAudio()),
        (Playing { Timed: true } p, AudioFailed(var e)) => Fail(p.At, e, new StopTimer()),
        (Playing p, AudioFailed(var e)) => Fail(p.At, e),
        (Speaking s, AudioEnded) => Run(s.At.Script, s.At.Next),
        (Speaking s, AudioFailed(var e)) => Fail(s.At, e),
        (Delaying d, TimerFired) => Run(d.At.Script, d.At.Next),
        (Ended, CallOver) => Ignore(),
        (Playing { Timed: true }, CallOver) => End(new StopTimer(), new StopAudio()),
        (Playing or Speaking, CallOver) => End(new StopAudio()),
        (Delaying, CallOver) => End(new StopTimer()),
        (_, CallOver) => End(),
        (_, OtherCallUnknown(var id)) => Stay(Reported(Errors.NoSuchCall(id))),
        _ => Ignore(),
    };

    private static ScriptStep Begin(ScriptRef script, ScriptOccasion occasion, string? self) => new(
        new ScriptRun(script, self, 0, PlainScriptErrors.Instance, new Fetching(occasion, NoScript, 0)),
        [new Fetch(script, occasion, null)]);

    private ScriptStep Stay(params ImmutableArray<ScriptEffect> effects) => new(this, effects);

    private ScriptStep End(params ImmutableArray<ScriptEffect> effects) => new(this with { State = new Ended() }, effects);

    private ScriptStep Ignore() => new(this, [], Ignored: true);

    private static Report Reported(ScriptError error) => new(error.Code, error.Message);

    /// <summary>The verb's audio failed: the application is told in its words, the operator in ours, and the next verb runs.</summary>
    private ScriptStep Fail(ScriptPosition at, string detail, params ReadOnlySpan<ScriptEffect> first) => Run(
        at.Script, at.Next, [.. first, new Trace($"{Line(at.Verb)}: {detail}"), Reported(at.Script.Errors.AudioFailed(at.Verb, detail))]);
}

/// <summary>The run after an input, and what is to be done, in that order.</summary>
/// <param name="Ignored">True when the pair of state and input has no row in the table.</param>
public sealed record ScriptStep(ScriptRun Next, ImmutableArray<ScriptEffect> Effects, bool Ignored = false);
