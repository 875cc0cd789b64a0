using System.Collections.Immutable;
using Switchhook.Calls.Scripts;
using static Switchhook.Ivr.ScriptEffect;
using static Switchhook.Ivr.ScriptRunState;

namespace Switchhook.Ivr;

/// <summary>What each verb does when its turn comes.</summary>
public sealed partial record ScriptRun
{
    /// <summary>The reply to an incoming call, before the answer: a refusal, nothing at all, or a script that wants the call answered.</summary>
    private ScriptStep Meet(Script script) => script.Verbs switch
    {
        [] => End(new HangUp(EndOfScript, 0)),
        [Verb.Reject r, ..] => End(new Trace(Line(r)), new Reject(r.Name, r.Line)),
        _ => new(this with { Errors = script.Errors, State = new Answering(script) }, [new Answer()]),
    };

    /// <summary>Runs verbs from <paramref name="next"/> on until one takes time or ends the script.</summary>
    private ScriptStep Run(Script script, int next, params ReadOnlySpan<ScriptEffect> first)
    {
        var effects = ImmutableArray.CreateBuilder<ScriptEffect>();
        effects.AddRange(first);
        for (var i = next; i < script.Verbs.Length; i++)
        {
            effects.Add(new Trace(Line(script.Verbs[i])));
            if (Do(new ScriptPosition(script, i), effects) is { } after)
                return new(after, effects.ToImmutable());
        }
        effects.Add(new HangUp(EndOfScript, 0));
        return new(this with { Errors = script.Errors, State = new Ended() }, effects.ToImmutable());
    }

    /// <summary>Begins one verb; null when the next one can follow at once.</summary>
    private ScriptRun? Do(ScriptPosition at, ImmutableArray<ScriptEffect>.Builder effects)
    {
        switch (at.Verb)
        {
            case Verb.Play p when p.Timeout is { } limit:
                effects.AddRange(new PlayFile(p.AudioFile, p.Repeat), new StartTimer(limit));
                return Waiting(at, new Playing(at, Timed: true));
            case Verb.Play p:
                effects.Add(new PlayFile(p.AudioFile, p.Repeat));
                return Waiting(at, new Playing(at, Timed: false));
            case Verb.Speak s when s.Text.Length > 0:
                effects.Add(new Speak(s.Text, s.Language, s.Voice));
                return Waiting(at, new Speaking(at));
            case Verb.Delay d when d.Time > TimeSpan.Zero:
                effects.Add(new StartTimer(d.Time));
                return Waiting(at, new Delaying(at));
            case Verb.HangUp h when h.Call is not null && h.Call != Self:
                effects.Add(new HangUpOther(h.Call, h.Line));
                return null;
            case Verb.HangUp h:
                effects.Add(new HangUp(h.Name, h.Line));
                return Over(at);
            case Verb.GoTo g when Jumps + 1 >= MaxJumps:
                effects.AddRange(Reported(at.Script.Errors.TooManyJumps(g)), new HangUp(g.Name, g.Line));
                return Over(at);
            case Verb.GoTo g:
                effects.Add(new Fetch(new ScriptRef(Script.Dialect, g.Url), ScriptOccasion.GoTo, at.Script.Source));
                return this with { Errors = at.Script.Errors, Jumps = Jumps + 1, State = new Fetching(ScriptOccasion.GoTo, g.Name, g.Line) };
            case Verb.Reject r:
                effects.Add(Reported(at.Script.Errors.OutOfPlace(r)));
                return null;
            case Verb.Invalid v:
                effects.Add(new Report(v.Code, v.Message));
                return null;
            default:   // an empty Speak and a Delay of nothing take no time
                return null;
        }
    }

    private ScriptRun Waiting(ScriptPosition at, ScriptRunState state) => this with { Errors = at.Script.Errors, Jumps = 0, State = state };

    private ScriptRun Over(ScriptPosition at) => this with { Errors = at.Script.Errors, State = new Ended() };

    private static string Line(Verb verb) => verb.Line > 0 ? $"{verb.Name}, line {verb.Line}" : verb.Name;
}
