using System.Collections.Immutable;
using Switchhook.Calls.Causes;
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
/// <param name="State">Where it stands.</param>
public sealed record ScriptRun(ScriptRef Script, string? Self, ScriptRunState State)
{
    /// <summary>What the hangup record names when a script ran out of verbs.</summary>
    public const string EndOfScript = "end of script";

    /// <summary>What the hangup record names when there was no script to run.</summary>
    public const string NoScript = "no script";

    /// <summary>A call reached an application and is not answered: its script decides whether it will be.</summary>
    public static ScriptStep ForIncoming(ScriptRef script, string? self = null) => Begin(script, ScriptOccasion.IncomingCall, self);

    /// <summary>A call an application placed is answered.</summary>
    public static ScriptStep ForConnected(ScriptRef script, string? self = null) => Begin(script, ScriptOccasion.CallConnected, self);

    /// <summary>The texts and lists the call's scripts have set.</summary>
    public ScriptVariables Variables { get; init; } = ScriptVariables.None;

    /// <summary>True once nothing more will run; later inputs are ignored.</summary>
    public bool HasEnded => State is Ended;

    /// <summary>The table of the script that runs, or ran last.</summary>
    internal IScriptErrors Errors { get; init; } = PlainScriptErrors.Instance;

    /// <summary>The blocks at work, innermost on top; null before the first script and after the end.</summary>
    internal ScriptFrame? Top { get; init; }

    /// <summary>Scripts fetched, and verbs run, since anything last took time.</summary>
    internal (int Fetches, int Steps) Idle { get; init; }

    /// <summary>Keys pressed while no menu listened.</summary>
    internal string Early { get; init; } = "";

    /// <summary>One input; never throws.</summary>
    public ScriptStep On(ScriptInput input) => (State, input) switch
    {
        (Ended, Refused or OtherCallUnknown or NotAvailable { Verb: Verb.SendMessage }) => Turn().Report(input).Stay(),
        (Ended, _) => Ignore(),
        (Fetching { Occasion: ScriptOccasion.IncomingCall }, Fetched(ScriptFetch.Loaded(var s))) => Turn().Meet(s),
        (Fetching { InPlace: true }, Fetched(ScriptFetch.Loaded(var s))) => Turn().Insert(s),
        (Fetching, Fetched(ScriptFetch.Loaded(var s))) => Turn().Replace(s),
        (Fetching { InPlace: true }, Fetched(ScriptFetch.Failed(var c, var m))) => Turn().Ask(new Report(c, m)).Run(),
        (Fetching { Occasion: ScriptOccasion.IncomingCall } f, Fetched(ScriptFetch.Failed { Instead: { } number } failed)) =>
            Turn().Ask(new Report(failed.Code, failed.Message)).Ask(new Forward(number, new(f.Verb, f.Line) { Cause = failed.Cause })).End(),
        (Fetching f, Fetched(ScriptFetch.Failed failed)) => Turn().Ask(new Report(failed.Code, failed.Message)).HangUp(f.Verb, f.Line, failed.Cause),
        (Answering a, Answered) => Turn().Replace(a.Script),
        (Playing p, AudioEnded) => Turn().TimePassed().StopTimerOf(p).Run(),
        (Playing p, AudioFailed(var e)) => Turn().StopTimerOf(p).AudioFailed(p.Verb, e),
        (Playing { Timed: true }, TimerFired) => Turn().TimePassed().Ask(new StopAudio()).Run(),
        (Delaying, TimerFired) => Turn().TimePassed().Run(),
        (Collecting, TimerFired) => Turn().TimePassed().TimeIsUp(),
        (Playing or Delaying or Collecting or AwaitingMessage, Digit d) => Turn().TimePassed().Press(d.Key),
        (Recording r, Digit d) when r.Verb.FinishKeys.Contains(d.Key) => Turn().Ask(new StopRecording()).Stay(),
        (Recording r, RecordingEnded ended) => Turn().TimePassed().Recorded(r.Verb, ended),
        (Transferring t, Transferred) => Turn().HandOver(t.Verb),
        (Transferring { Verb: { NeedsTarget: true } t }, TransferFailed(HangupCause.UnallocatedNumber or HangupCause.InvalidNumberFormat)) =>
            Turn().Ask(new Trace($"{ScriptTurn.Line(t)}: nobody there")).HangUp(t.Name, t.Line),
        (Transferring t, TransferFailed(var cause)) => Turn().Fail(e => e.TransferFailed(t.Verb, cause)).Run(),
        (Alarming { Verb: Verb.SendAlarm sent }, AlarmSent(true)) => Turn().HangUp(sent.Name, sent.Line),
        (Alarming a, AlarmSent(false) or AlarmReceived(null)) => Turn().TimePassed().Fail(e => e.OutOfPlace(a.Verb)).Run(),
        (Alarming { Verb: Verb.ReceiveAlarm r }, AlarmReceived({ } message)) => Turn().TimePassed().TakeAlarm(r, message),
        (Working, ErrandEnded(null)) => Turn().Run(),
        (Working, ErrandEnded({ } error)) => Turn().Ask(new Report(error.Code, error.Message)).Run(),
        (Conferring, ConferenceLeft) => Turn().TimePassed().Run(),
        (AwaitingMessage w, MessageReceived m) when m.IsFor(w.Verb) => Turn().TimePassed().Ask(new StopTimer()).TakeMessage(m),
        (AwaitingMessage, TimerFired) => Turn().TimePassed().NoMessage(),
        (not Ended, NotAvailable { Verb: Verb.WaitForMessage }) => Turn().NoMessages(input),
        (Playing or Recording or Conferring or Alarming, NotAvailable n) when n.Verb == Waiting => Turn().Fail(e => e.NotAvailable(n.Verb)).Run(),
        (_, MessageReceived m) => Turn().KeepMessage(m),
        (Recording or Transferring or Conferring or Fetching or Answering or Working, Digit d) => Turn().KeepKey(d.Key).Stay(),
        (_, Refused or OtherCallUnknown or NotAvailable { Verb: Verb.SendMessage }) => Turn().Report(input).Stay(),
        (_, CallOver) => Turn().GiveUpMenu().StopWaiting().End(),
        _ => Ignore(),
    };

    /// <summary>The verb that is waited for, where an outcome must name it.</summary>
    private Verb? Waiting => State switch
    {
        Playing p => p.Verb,
        Recording r => r.Verb,
        Conferring c => c.Verb,
        Alarming a => a.Verb,
        _ => null,
    };

    private static ScriptStep Begin(ScriptRef script, ScriptOccasion occasion, string? self) => new(
        new ScriptRun(script, self, new Fetching(occasion, NoScript, 0)),
        [new Fetch(script, occasion, null)]);

    private ScriptTurn Turn() => new(this);

    private ScriptStep Ignore() => new(this, [], Ignored: true);
}

/// <summary>The run after an input, and what is to be done, in that order.</summary>
/// <param name="Ignored">True when the pair of state and input has no row in the table.</param>
public sealed record ScriptStep(ScriptRun Next, ImmutableArray<ScriptEffect> Effects, bool Ignored = false);
