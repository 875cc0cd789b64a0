using System.Collections.Immutable;
using Switchhook.Calls.Causes;
using static Switchhook.Ivr.ScriptEffect;
using static Switchhook.Ivr.ScriptRunState;

namespace Switchhook.Ivr;

/// <summary>One input being worked on: the run as it changes, and the effects as they add up. Lives for one <see cref="ScriptRun.On"/>.</summary>
internal sealed partial class ScriptTurn(ScriptRun run)
{
    private readonly ImmutableArray<ScriptEffect>.Builder _effects = ImmutableArray.CreateBuilder<ScriptEffect>();
    private ScriptRunState? _state = run.State;
    private ScriptFrame? _top = run.Top;
    private ScriptVariables _variables = run.Variables;
    private IScriptErrors _errors = run.Errors;
    private string _early = run.Early;
    private (int Fetches, int Steps) _idle = run.Idle;

    private ScriptScope Scope
    {
        get
        {
            for (var frame = _top; frame is not null; frame = frame.Around)
                if (frame is ScriptFrame.Rounds rounds)
                    return new(_variables, rounds.Items[rounds.Round]);
            return new(_variables, null);
        }
    }

    public ScriptTurn Ask(ScriptEffect effect)
    {
        _effects.Add(effect);
        return this;
    }

    public ScriptTurn TimePassed()
    {
        _idle = default;
        return this;
    }

    public ScriptTurn StopTimerOf(Playing playing) => playing.Timed ? Ask(new StopTimer()) : this;

    /// <summary>The step failed: whoever asked to know is told in the dialect's words.</summary>
    public ScriptTurn Fail(Func<IScriptErrors, ScriptError> error)
    {
        var (code, message) = error(_errors);
        return Ask(new Report(code, message));
    }

    public ScriptStep AudioFailed(Verb verb, string detail) =>
        Ask(new Trace($"{Line(verb)}: {detail}")).Fail(e => e.AudioFailed(verb, detail)).Run();

    /// <summary>Something the script does not wait for went wrong.</summary>
    public ScriptTurn Report(ScriptInput input) => input switch
    {
        ScriptInput.Refused r => Fail(e => e.Refused(r.Verb, r.Refusal)),
        ScriptInput.OtherCallUnknown o => Fail(e => e.NoSuchCall(o.Call)),
        ScriptInput.NotAvailable n => Fail(e => e.NotAvailable(n.Verb)),
        _ => this,
    };

    /// <summary>The reply to an incoming call, before the answer: a refusal, nothing at all, or a script that wants the call answered.</summary>
    public ScriptStep Meet(Script script)
    {
        _errors = script.Errors;
        switch (script.Verbs)
        {
            case []:
                return HangUp(ScriptRun.EndOfScript, 0);
            case [Verb.Reject reject, ..]:
                return Ask(new Trace(Line(reject))).Ask(new Reject(reject.Name, reject.Line)).End();
            default:
                _state = new Answering(script);
                return Ask(new Answer()).Stay();
        }
    }

    /// <summary>A script in place of whatever ran.</summary>
    public ScriptStep Replace(Script script)
    {
        _top = null;
        return Insert(script);
    }

    /// <summary>A script on top of the one that runs, which goes on after it.</summary>
    public ScriptStep Insert(Script script)
    {
        _errors = script.Errors;
        Push(new ScriptFrame.Plain(script, script.Verbs, 0, _top));
        return Run();
    }

    /// <summary>What is under way is stopped: the call is over.</summary>
    public ScriptTurn StopWaiting() => _state switch
    {
        Playing { Timed: true } => Ask(new StopTimer()).Ask(new StopAudio()),
        Playing => Ask(new StopAudio()),
        Delaying or Collecting or AwaitingMessage => Ask(new StopTimer()),
        Recording => Ask(new StopRecording()),
        Alarming => Ask(new StopAlarm()),
        _ => this,
    };

    public ScriptStep HangUp(string verb, int line, HangupCause? cause = null) => Ask(new HangUp(verb, line) { Cause = cause }).End();

    public ScriptStep End()
    {
        (_state, _top, _early) = (new Ended(), null, "");
        return Stay();
    }

    /// <summary>The turn is over.</summary>
    public ScriptStep Stay() => new(
        _effects.Count == 0 && ReferenceEquals(_state, run.State) && ReferenceEquals(_top, run.Top) && _early == run.Early ? run : run with
        {
            State = _state!,
            Top = _top,
            Variables = _variables,
            Errors = _errors,
            Early = _early,
            Idle = _idle,
        },
        _effects.DrainToImmutable());

    /// <summary>Runs what comes next until something takes time or the script ends.</summary>
    public ScriptStep Run()
    {
        _state = null;
        while (_state is null)
        {
            if (_top is null)
                return HangUp(ScriptRun.EndOfScript, 0);
            _errors = _top.Script.Errors;
            if (_top.Next >= _top.Verbs.Length)
            {
                FinishBlock();
                continue;
            }
            var verb = _top.Verbs[_top.Next];
            _top = _top with { Next = _top.Next + 1 };
            if (verb is Verb.Template template)
                verb = template.Of.Bind(Scope);
            if (++_idle.Steps > ScriptLimits.Steps)
                return Limit(verb, ScriptLimit.StepsWithoutWaiting);
            Ask(new Trace(Line(verb)));
            Begin(verb);
        }
        return Stay();
    }

    private ScriptStep Limit(Verb verb, ScriptLimit limit)
    {
        Reached(verb, limit);
        return Stay();
    }

    /// <summary>The script does too much of something: it is told, and the call ends.</summary>
    private void Reached(Verb verb, ScriptLimit limit)
    {
        Ask(new Trace($"{Line(verb)}: limit reached: {limit}")).Fail(e => e.LimitReached(verb, limit)).Ask(new HangUp(verb.Name, verb.Line));
        (_state, _top, _early) = (new Ended(), null, "");
    }

    internal static string Line(Verb verb) => verb.Line > 0 ? $"{verb.Name}, line {verb.Line}" : verb.Name;
}
