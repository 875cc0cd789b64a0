using System.Collections.Immutable;
using Switchhook.Calls.Scripts;
using static Switchhook.Ivr.ScriptEffect;
using static Switchhook.Ivr.ScriptRunState;

namespace Switchhook.Ivr;

/// <summary>What each verb does when its turn comes. One that takes time leaves a state; after any other the next one follows at once.</summary>
internal sealed partial class ScriptTurn
{
    /// <summary>A key as it is sent: 100 ms of tone and a pause, with some to spare.</summary>
    private static readonly TimeSpan KeyTime = TimeSpan.FromMilliseconds(160);

    private void Begin(Verb verb)
    {
        switch (verb)
        {
            case Verb.Play p when p.Timeout is { } limit:
                Ask(new PlayFile(p.AudioFile, p.Repeat, p.GainDb)).Ask(new StartTimer(limit)).Wait(new Playing(p, Timed: true));
                break;
            case Verb.Play p:
                Ask(new PlayFile(p.AudioFile, p.Repeat, p.GainDb)).Wait(new Playing(p, Timed: false));
                break;
            case Verb.Speak s:
                if (s.Text.Length > 0)
                    Ask(new Speak(s.Text, s.Language, s.Voice, s.GainDb)).Wait(new Playing(s, Timed: false));
                break;
            case Verb.Beep b:
                Ask(new Beep()).Wait(new Playing(b, Timed: false));
                break;
            case Verb.Delay d:
                if (d.Time > TimeSpan.Zero)
                    Ask(new StartTimer(d.Time)).Wait(new Delaying());
                break;
            case Verb.SendDigits k:
                if (k.Keys.Length > 0)
                    Ask(new SendDigits(k.Keys)).Ask(new StartTimer(k.Keys.Length * KeyTime)).Wait(new Delaying());
                break;
            case Verb.Gather g:
                if (!g.KeepsEarlier)
                    _early = "";
                Push(new ScriptFrame.Menu(_top!.Script, g.Prompts, 0, _top, g, "", 1, Settled: false));
                break;
            case Verb.ForEach f:
                var items = _variables.List(f.Source);
                if (!items.IsEmpty && !f.Body.IsEmpty)
                    Push(new ScriptFrame.Rounds(_top!.Script, f.Body, 0, _top, items, 0));
                break;
            case Verb.Loop l:
                if (l.Times is null or > 0 && !l.Body.IsEmpty)
                    Push(new ScriptFrame.Times(_top!.Script, l.Body, 0, _top, l.Times));
                break;
            case Verb.Set { IsDefault: true } s when _variables[s.Variable] is not null:
                break;
            case Verb.Set s:
                Keep(s, _variables.With(s.Variable, s.Value), new Trace($"{s.Variable} = {Short(s.Value)}"));
                break;
            case Verb.SetList l:
                Keep(l, _variables.With(l.Variable, l.Items), new Trace($"{l.Variable} = {l.Items.Length} items"));
                break;
            case Verb.Transfer t:
                Ask(new Transfer(t)).Wait(new Transferring(t));
                break;
            case Verb.Record r:
                Ask(new Record(r)).Wait(new Recording(r));
                break;
            case Verb.SendAlarm a:
                Ask(new SendAlarm(a)).Wait(new Alarming(a));
                break;
            case Verb.ReceiveAlarm a:
                Ask(new ReceiveAlarm(a)).Wait(new Alarming(a));
                break;
            case Verb.Conference c:
                Ask(new JoinConference(c)).Wait(new Conferring(c));
                break;
            case Verb.Errand e:
                Ask(new Errand(e)).Wait(new Working(e));
                break;
            case Verb.WaitForMessage w:
                Ask(new HearMessages(w)).Push(new ScriptFrame.Listening(_top!.Script, w.First, 0, _top, w, null, TimedOut: false));
                break;
            default:
                BeginAndGoOn(verb);
                break;
        }
    }

    /// <summary>The verbs that take no time of their own, and the ones that end the script.</summary>
    private void BeginAndGoOn(Verb verb)
    {
        switch (verb)
        {
            case Verb.SendMessage m:
                Ask(new SendMessage(m));
                break;
            case Verb.Order o:
                Ask(new Command(o));
                break;
            case Verb.HangUp h when h.Call is not null && h.Call != run.Self:
                Ask(new HangUpOther(h.Call, h.Line));
                break;
            case Verb.HangUp or Verb.Exit:
                Ask(new HangUp(verb.Name, verb.Line));
                (_state, _top, _early) = (new Ended(), null, "");
                break;
            case Verb.Leave:
                (_state, _top, _early) = (new Ended(), null, "");
                break;
            case Verb.GoTo g:
                Get(g, g.Url, ScriptOccasion.GoTo, ScriptReply.Instead);
                break;
            case Verb.Fetch f:
                Get(f, f.Url, ScriptOccasion.Fetch, ScriptReply.InPlace);
                break;
            case Verb.Invalid v:
                Ask(new Report(v.Code, v.Message));
                break;
            default:   // a Reject anywhere but before the answer, a template out of a template
                Fail(e => e.OutOfPlace(verb));
                break;
        }
    }

    /// <summary>Asks for a script; one too many in a row ends the call.</summary>
    private void Get(Verb verb, string url, ScriptOccasion occasion, ScriptReply reply, ScriptEntry? entry = null, ScriptInput.RecordingEnded? recording = null)
    {
        if (reply == ScriptReply.None)
        {
            Ask(new Tell(new ScriptRef(run.Script.Dialect, url), occasion, _top?.Script.Source) { Verb = verb, Entry = entry, Recording = recording });
            return;
        }
        if (++_idle.Fetches >= ScriptLimits.Fetches)
        {
            Reached(verb, ScriptLimit.FetchChain);
            return;
        }
        Ask(new Fetch(new ScriptRef(run.Script.Dialect, url), occasion, _top?.Script.Source) { Verb = verb, Entry = entry, Recording = recording });
        Wait(new Fetching(occasion, verb.Name, verb.Line, reply == ScriptReply.InPlace));
        if (reply == ScriptReply.Instead)
            _top = null;
    }

    private void Keep(Verb verb, ScriptVariables? variables, Trace what)
    {
        if (variables is null)
        {
            Fail(e => e.NoRoom(verb));
            return;
        }
        _variables = variables;
        Ask(what);
    }

    /// <summary>A panel's message is there: its parts are variables from now on, and what is to be done with it runs.</summary>
    public ScriptStep TakeAlarm(Verb.ReceiveAlarm verb, AlarmMessage message)
    {
        foreach (var (name, value) in ((string, string)[])
            [("account", message.Account), ("eventqualifier", message.Qualifier.ToString()), ("eventcode", message.EventCode), ("eventname", message.EventName),
                ("partition", message.Partition), ("zone", message.Zone)])
            Keep(verb, _variables.With(name, value), new Trace($"{name} = {value}"));
        if (!verb.Received.IsEmpty)
            Push(new ScriptFrame.Plain(_top!.Script, verb.Received, 0, _top));
        return Run();
    }

    /// <summary>A recording is closed: its address is told, and the script goes on at once or with the reply.</summary>
    public ScriptStep Recorded(Verb.Record verb, ScriptInput.RecordingEnded ended)
    {
        if (verb.FinishedUrl is not { } url || ended.Url is null && verb.Reply != ScriptReply.None)
            return Run();
        Get(verb, url, ScriptOccasion.RecordCompleted, verb.Reply, recording: ended);
        return verb.Reply == ScriptReply.None ? Run() : Stay();
    }

    /// <summary>Somebody took the script's place, who may be recorded together with the party.</summary>
    public ScriptStep HandOver(Verb.Transfer verb)
    {
        if (verb.Recording is { } recording)
            Ask(new Record(recording));
        return End();
    }

    private void Wait(ScriptRunState state) => _state = state;

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
