using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
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
    private static readonly Verb.Transfer Transfer = new(["204"], TimeSpan.FromSeconds(60), null, 1);
    private static readonly Verb.Record Record = new("mp3", TimeSpan.FromSeconds(60), null, "#", null, null, 1);
    private static readonly Verb.Conference Conference = new("R1", false, 1);
    private static readonly Verb.SendAlarm SendAlarm = new(new AlarmMessage("1234", AlarmQualifier.NewRestore, "130", "01", "015"), 1);
    private static readonly Verb.ReceiveAlarm ReceiveAlarm = new([new Verb.Speak("received", null, null, 2)], 1);
    private static readonly Verb.SendMessage SendMessage = new("c", null, "hi", 1);
    private static readonly Verb.WaitForMessage WaitForMessage = new(
        "c", null, TimeSpan.FromSeconds(90), [], [new Verb.Speak("message", null, null, 3)], [new Verb.Speak("silence", null, null, 4)], 1);
    private static readonly Verb.Order Order = new("Call", new CallCommand.HangUp(default, new HangupBy.Script("x", 1)), 1);
    private static readonly Verb.Gather Menu = new("UserInput", [Speak], 1)
    {
        FirstDigit = TimeSpan.FromSeconds(4),
        BackKey = '*',
        Choices = [new("1", [new Verb.Speak("one", null, null, 2)])],
    };
    private static readonly Verb.Gather Pin = Menu with { Prompts = [], MinDigits = 2, MaxDigits = 4, Terminators = "#", Url = "pin", Attempts = null };

    private static readonly Verb.Gather Told = Pin with { BackKey = null, MinDigits = 1, Attempts = 1, Reply = ScriptReply.None };
    private static readonly Verb.Gather Taken = Told with { Reply = ScriptReply.Instead, AsksAnyway = true };
    private static readonly Verb.Transfer Sure = Transfer with { NeedsTarget = true, Recording = Record };

    private static readonly Verb.Errand Errand = new("MoveFile", new NoErrand(), 1);

    public static readonly (string Name, ScriptRun Run)[] States =
    [
        ("Fetching (incoming)", ScriptRun.ForIncoming(Ref, "self").Next),
        ("Fetching (connected)", ScriptRun.ForConnected(Ref, "self").Next),
        ("Fetching (goto)", At(new Verb.GoTo("b", 3))),
        ("Fetching (in place)", At(new Verb.Fetch("b", 3))),
        ("Answering", ScriptRun.ForIncoming(Ref, "self").Next.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(Spoken))).Next),
        ("Playing", At(Play)),
        ("Playing, timed", At(TimedPlay)),
        ("Playing, prompt of a menu", At(Menu)),
        ("Delaying", At(Delay)),
        ("Collecting", At(Menu with { Prompts = [] })),
        ("Collecting, entry 12 of 2 to 4", At(Pin, new ScriptInput.Digit('1'), new ScriptInput.Digit('2'))),
        ("Collecting, entry 12, told and not awaited", At(Told, new ScriptInput.Digit('1'), new ScriptInput.Digit('2'))),
        ("Collecting, asked in any case, the reply takes over", At(Taken)),
        ("Transferring", At(Transfer)),
        ("Transferring, target needed, recorded", At(Sure)),
        ("Recording", At(Record)),
        ("Conferring", At(Conference)),
        ("Alarming (sends)", At(SendAlarm)),
        ("Alarming (receives)", At(ReceiveAlarm)),
        ("AwaitingMessage", At(WaitForMessage)),
        ("Working", At(Errand)),
        ("Ended", At(new Verb.HangUp(null, 1))),
    ];

    public static readonly (string Name, ScriptInput Input)[] Inputs =
    [
        ("Fetched: a script", new ScriptInput.Fetched(new ScriptFetch.Loaded(Spoken))),
        ("Fetched: Reject first", new ScriptInput.Fetched(new ScriptFetch.Loaded(Refusing))),
        ("Fetched: no verbs", new ScriptInput.Fetched(new ScriptFetch.Loaded(Nothing))),
        ("Fetched: failed", new ScriptInput.Fetched(new ScriptFetch.Failed(300, "unreadable"))),
        ("Fetched: failed, nobody there", new ScriptInput.Fetched(new ScriptFetch.Failed(300, "unreadable") { Cause = HangupCause.SubscriberAbsent })),
        ("Fetched: failed, another instead", new ScriptInput.Fetched(new ScriptFetch.Failed(300, "unreadable") { Instead = "204" })),
        ("Answered", new ScriptInput.Answered()),
        ("AudioEnded", new ScriptInput.AudioEnded()),
        ("AudioFailed", new ScriptInput.AudioFailed("gone")),
        ("TimerFired", new ScriptInput.TimerFired()),
        ("Digit 1", new ScriptInput.Digit('1')),
        ("Digit #", new ScriptInput.Digit('#')),
        ("Digit *", new ScriptInput.Digit('*')),
        ("Transferred", new ScriptInput.Transferred()),
        ("TransferFailed", new ScriptInput.TransferFailed(HangupCause.UserBusy)),
        ("TransferFailed: nobody there", new ScriptInput.TransferFailed(HangupCause.UnallocatedNumber)),
        ("RecordingEnded", new ScriptInput.RecordingEnded("r", TimeSpan.FromSeconds(3))),
        ("AlarmSent: acknowledged", new ScriptInput.AlarmSent(true)),
        ("AlarmSent: given up", new ScriptInput.AlarmSent(false)),
        ("AlarmReceived", new ScriptInput.AlarmReceived(SendAlarm.Message)),
        ("AlarmReceived: nothing", new ScriptInput.AlarmReceived(null)),
        ("ConferenceLeft", new ScriptInput.ConferenceLeft()),
        ("MessageReceived", new ScriptInput.MessageReceived("c", null, "hi")),
        ("NotAvailable: Record", new ScriptInput.NotAvailable(Record)),
        ("NotAvailable: Conference", new ScriptInput.NotAvailable(Conference)),
        ("NotAvailable: SendMsg", new ScriptInput.NotAvailable(SendMessage)),
        ("NotAvailable: WaitForMsg", new ScriptInput.NotAvailable(WaitForMessage)),
        ("ErrandEnded", new ScriptInput.ErrandEnded(null)),
        ("ErrandEnded: failed", new ScriptInput.ErrandEnded(new ScriptError(501, "no way"))),
        ("Refused", new ScriptInput.Refused(Order, CallRefusal.NoRoute)),
        ("OtherCallUnknown", new ScriptInput.OtherCallUnknown("x")),
        ("CallOver", new ScriptInput.CallOver()),
    ];

    private static readonly (string Name, Verb Verb)[] Verbs =
    [
        ("Play", Play),
        ("Play with a timeout", TimedPlay),
        ("Speak", Speak),
        ("Speak, empty", new Verb.Speak("", null, null, 1)),
        ("Beep", new Verb.Beep(1)),
        ("Delay", Delay),
        ("Delay of nothing", new Verb.Delay(TimeSpan.Zero, 1)),
        ("SendDTMF", new Verb.SendDigits("12#", 1)),
        ("UserInput with a prompt", Menu),
        ("UserInput without a prompt", Menu with { Prompts = [] }),
        ("UserInput that does not wait", Menu with { Prompts = [], FirstDigit = TimeSpan.Zero }),
        ("UserInput that repeats without end", Menu with { Prompts = [], FirstDigit = TimeSpan.Zero, Attempts = null }),
        ("Hangup", new Verb.HangUp(null, 1)),
        ("Hangup naming this call", new Verb.HangUp("self", 1)),
        ("Hangup naming another call", new Verb.HangUp("other", 1)),
        ("Exit", new Verb.Exit(1)),
        ("Leave", new Verb.Leave(1)),
        ("GoTo", new Verb.GoTo("b", 1)),
        ("Fetch", new Verb.Fetch("b", 1)),
        ("Reject, not first", new Verb.Reject(1)),
        ("Var", new Verb.Set("who", "Alex", 1)),
        ("Array", new Verb.SetList("days", [new("Monday")], 1)),
        ("ForEach, unknown list", new Verb.ForEach("days", [Speak], 1)),
        ("Loop, twice", new Verb.Loop(2, [new Verb.HangUp("other", 1)], 1)),
        ("Loop without end", new Verb.Loop(null, [new Verb.Set("i", "x", 1)], 1)),
        ("BlindTransfer", Transfer),
        ("Record", Record),
        ("SendAlarmNotification, of the call", SendAlarm),
        ("ReceiveAlarmNotification", ReceiveAlarm),
        ("Conference", Conference),
        ("SendMsg", SendMessage),
        ("WaitForMsg", WaitForMessage),
        ("Call, CallSetup", Order),
        ("SendSms, MoveFile", Errand),
        ("Invalid", new Verb.Invalid("Fax", 301, "unknown", 1)),
    ];

    public static string Transitions() => Table(
        ["State", "Input", "Next state", "Effects"],
        from s in States
        from i in Inputs
        let step = s.Run.On(i.Input)
        where !step.Ignored
        select new[] { s.Name, i.Name, Name(step.Next.State), Describe(step.Effects) });

    /// <summary>Each verb alone in a script, so that the script's end shows what was left to run.</summary>
    public static string VerbTable() => Table(
        ["Verb", "State after it", "Effects"],
        from v in Verbs
        let step = ScriptRun.ForConnected(Ref, "self").Next.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(Of(v.Verb) with { Source = "http://app.test/a" })))
        select new[] { v.Name, Name(step.Next.State), Describe(step.Effects) });

    public static Script Of(params ImmutableArray<Verb> verbs) => new(verbs);

    /// <summary>A run at that verb, which one that speaks "next" follows.</summary>
    private static ScriptRun At(Verb verb, params ReadOnlySpan<ScriptInput> inputs)
    {
        var run = ScriptRun.ForConnected(Ref, "self").Next.On(new ScriptInput.Fetched(new ScriptFetch.Loaded(Of(verb, Spoken.Verbs[0])))).Next;
        foreach (var input in inputs)
            run = run.On(input).Next;
        return run;
    }

    private static string Name(ScriptRunState state) => state switch
    {
        ScriptRunState.Fetching { Occasion: ScriptOccasion.IncomingCall } => "Fetching (incoming)",
        ScriptRunState.Fetching { Occasion: ScriptOccasion.CallConnected } => "Fetching (connected)",
        ScriptRunState.Fetching { InPlace: true } => "Fetching (in place)",
        ScriptRunState.Fetching => "Fetching (goto)",
        ScriptRunState.Playing { Timed: true } => "Playing, timed",
        _ => state.GetType().Name,
    };

    public static string Describe(ImmutableArray<ScriptEffect> effects)
    {
        var words = effects.Where(e => e is not ScriptEffect.Trace).Select(e => e switch
        {
            ScriptEffect.Fetch f => $"Fetch({f.Script.Url}, {f.Occasion}, base {f.Base ?? "none"}{(f.Entry is { Digits: var d } ? $", digits {d}" : "")})",
            ScriptEffect.Tell t => $"Tell({t.Script.Url}, {t.Occasion}{(t.Entry is { } told ? $", digits {told.Digits} {told.Ending}" : "")})",
            ScriptEffect.Reject r => $"Reject({r.Verb}, line {r.Line})",
            ScriptEffect.PlayFile p => $"PlayFile({p.File}{(p.Repeat ? ", repeat" : "")})",
            ScriptEffect.Speak s => $"Speak({s.Text})",
            ScriptEffect.SendDigits d => $"SendDigits({d.Keys})",
            ScriptEffect.Transfer t => $"Transfer({string.Join(", ", t.Verb.Targets)})",
            ScriptEffect.Record r => $"Record({r.Verb.Format})",
            ScriptEffect.JoinConference c => $"JoinConference({c.Verb.Room})",
            ScriptEffect.SendMessage m => $"SendMessage({m.Verb.Connection})",
            ScriptEffect.HearMessages m => $"HearMessages({m.Verb.Connection})",
            ScriptEffect.Errand e2 => $"Errand({e2.Verb.Name})",
            ScriptEffect.Command c => $"Command({c.Verb.Name})",
            ScriptEffect.StartTimer t => string.Create(CultureInfo.InvariantCulture, $"StartTimer({t.After.TotalSeconds} s)"),
            ScriptEffect.HangUp { Cause: { } cause } h => $"HangUp({h.Verb}, line {h.Line}, {cause})",
            ScriptEffect.HangUp h => $"HangUp({h.Verb}, line {h.Line})",
            ScriptEffect.Forward f => $"Forward({f.Number})",
            ScriptEffect.HangUpOther o => $"HangUpOther({o.Call})",
            ScriptEffect.Report r => $"Report({r.Code} {r.Message})",
            _ => e.GetType().Name,
        });
        return string.Join(", ", words) is { Length: > 0 } text ? text : "–";
    }

    private sealed class NoErrand : IScriptErrand
    {
        public ValueTask<ScriptError?> RunAsync(CancellationToken cancellation) => throw new NotSupportedException();
    }

    private static string Table(string[] head, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend([.. head.Select(_ => "---")]).Prepend(head))
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return text.ToString();
    }
}
