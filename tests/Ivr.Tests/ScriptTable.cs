using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Switchhook.Calls.Scripts;

namespace Switchhook.Ivr.Tests;

/// <summary>The machine written out as the two tables of docs/machines/script.md.</summary>
internal static class ScriptTable
{
    public static readonly ScriptRef Ref = new("ozeki", "http://app.test/a");
    public static readonly Script Spoken = Of(new Verb.Speak("next", null, null, 9));
    private static readonly Script Refusing = Of(new Verb.Reject(1));
    private static readonly Script Nothing = Of();

    private static readonly Verb.Play Play = new("a.wav", false, null, 1);
    private static readonly Verb.Play TimedPlay = new("a.wav", true, TimeSpan.FromSeconds(5), 1);
    private static readonly Verb.Speak Speak = new("hello", null, null, 1);
    private static readonly Verb.Delay Delay = new(TimeSpan.FromSeconds(2), 1);

    public static readonly (string Name, ScriptRunState State)[] States =
    [
        ("Fetching (incoming)", new ScriptRunState.Fetching(ScriptOccasion.IncomingCall, ScriptRun.NoScript, 0)),
        ("Fetching (connected)", new ScriptRunState.Fetching(ScriptOccasion.CallConnected, ScriptRun.NoScript, 0)),
        ("Fetching (goto)", new ScriptRunState.Fetching(ScriptOccasion.GoTo, "GoTo", 3)),
        ("Answering", new ScriptRunState.Answering(Spoken)),
        ("Playing", new ScriptRunState.Playing(Before(Play), Timed: false)),
        ("Playing, timed", new ScriptRunState.Playing(Before(TimedPlay), Timed: true)),
        ("Speaking", new ScriptRunState.Speaking(Before(Speak))),
        ("Delaying", new ScriptRunState.Delaying(Before(Delay))),
        ("Ended", new ScriptRunState.Ended()),
    ];

    public static readonly (string Name, ScriptInput Input)[] Inputs =
    [
        ("Fetched: a script", new ScriptInput.Fetched(new ScriptFetch.Loaded(Spoken))),
        ("Fetched: Reject first", new ScriptInput.Fetched(new ScriptFetch.Loaded(Refusing))),
        ("Fetched: no verbs", new ScriptInput.Fetched(new ScriptFetch.Loaded(Nothing))),
        ("Fetched: failed", new ScriptInput.Fetched(new ScriptFetch.Failed(300, "unreadable"))),
        ("Answered", new ScriptInput.Answered()),
        ("AudioEnded", new ScriptInput.AudioEnded()),
        ("AudioFailed", new ScriptInput.AudioFailed("gone")),
        ("TimerFired", new ScriptInput.TimerFired()),
        ("OtherCallUnknown", new ScriptInput.OtherCallUnknown("x")),
        ("CallOver", new ScriptInput.CallOver()),
    ];

    private static readonly (string Name, Verb Verb)[] Verbs =
    [
        ("Play", Play),
        ("Play with a timeout", TimedPlay),
        ("Speak", Speak),
        ("Speak, empty", new Verb.Speak("", null, null, 1)),
        ("Delay", Delay),
        ("Delay of nothing", new Verb.Delay(TimeSpan.Zero, 1)),
        ("Hangup", new Verb.HangUp(null, 1)),
        ("Hangup naming this call", new Verb.HangUp("self", 1)),
        ("Hangup naming another call", new Verb.HangUp("other", 1)),
        ("GoTo", new Verb.GoTo("b", 1)),
        ("Reject, not first", new Verb.Reject(1)),
        ("Invalid", new Verb.Invalid("Fax", 301, "unknown", 1)),
    ];

    public static string Transitions() => Table(
        ["State", "Input", "Next state", "Effects"],
        from s in States
        from i in Inputs
        let step = In(s.State).On(i.Input)
        where !step.Ignored
        select new[] { s.Name, i.Name, Name(step.Next.State), Describe(step.Effects) });

    /// <summary>Each verb alone in a script, so that the script's end shows what was left to run.</summary>
    public static string VerbTable() => Table(
        ["Verb", "State after it", "Effects"],
        from v in Verbs
        let step = In(new ScriptRunState.Fetching(ScriptOccasion.CallConnected, ScriptRun.NoScript, 0))
            .On(new ScriptInput.Fetched(new ScriptFetch.Loaded(Of(v.Verb) with { Source = "http://app.test/a" })))
        select new[] { v.Name, Name(step.Next.State), Describe(step.Effects) });

    public static ScriptRun In(ScriptRunState state) => new(Ref, "self", 0, PlainScriptErrors.Instance, state);

    public static Script Of(params ImmutableArray<Verb> verbs) => new(verbs);

    private static ScriptPosition Before(Verb verb) => new(new Script([verb, .. Spoken.Verbs]), 0);

    private static string Name(ScriptRunState state) => state switch
    {
        ScriptRunState.Fetching { Occasion: ScriptOccasion.IncomingCall } => "Fetching (incoming)",
        ScriptRunState.Fetching { Occasion: ScriptOccasion.CallConnected } => "Fetching (connected)",
        ScriptRunState.Fetching => "Fetching (goto)",
        ScriptRunState.Playing { Timed: true } => "Playing, timed",
        _ => state.GetType().Name,
    };

    private static string Describe(ImmutableArray<ScriptEffect> effects)
    {
        var words = effects.Where(e => e is not ScriptEffect.Trace).Select(e => e switch
        {
            ScriptEffect.Fetch f => $"Fetch({f.Script.Url}, {f.Occasion}, base {f.Base ?? "none"})",
            ScriptEffect.Reject r => $"Reject({r.Verb}, line {r.Line})",
            ScriptEffect.PlayFile p => $"PlayFile({p.File}{(p.Repeat ? ", repeat" : "")})",
            ScriptEffect.Speak s => $"Speak({s.Text})",
            ScriptEffect.StartTimer t => string.Create(CultureInfo.InvariantCulture, $"StartTimer({t.After.TotalSeconds} s)"),
            ScriptEffect.HangUp h => $"HangUp({h.Verb}, line {h.Line})",
            ScriptEffect.HangUpOther o => $"HangUpOther({o.Call})",
            ScriptEffect.Report r => $"Report({r.Code} {r.Message})",
            _ => e.GetType().Name,
        });
        return string.Join(", ", words) is { Length: > 0 } text ? text : "–";
    }

    private static string Table(string[] head, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend([.. head.Select(_ => "---")]).Prepend(head))
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return text.ToString();
    }
}
