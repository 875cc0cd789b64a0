using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Scripts;
using Switchhook.Calls.Traces;
using Switchhook.Exchange.Alarms;
using Switchhook.Exchange.Prompts;
using Switchhook.Exchange.Shards;
using Switchhook.Ivr;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Running;

/// <summary>A script at work on one leg: carries out what the run asks and brings it what became of that.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The token source has no timer and no wait handle: cancelling it at the script's end leaves nothing to dispose.")]
internal sealed partial class RunningScript : ITimed
{
    private static readonly Prompt BeepPrompt = Prompt.FromTone("beep", Tone.Beep, TimeSpan.FromMilliseconds(500));

    private readonly RunningCall _call;
    private readonly RunningLeg _leg;
    private readonly SwitchContext _context;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<ScriptInput> _inputs = new();
    private ScriptRun _run;
    private TimerHandle _timer;
    private long _playback;
    private int _told;
    private Verb.Transfer? _joined;
    private int _asked;
    private bool _busy;
    private bool _released;

    private RunningScript(RunningCall call, RunningLeg leg, SwitchContext context, ScriptRun run) =>
        (_call, _leg, _context, _run) = (call, leg, context, run);

    /// <summary>Starts a script; it is asked for before the answer when <paramref name="incoming"/>.</summary>
    public static RunningScript Start(RunningCall call, RunningLeg leg, SwitchContext context, ScriptRef script, bool incoming)
    {
        var self = call.Call.Id.ToString();
        var step = incoming ? ScriptRun.ForIncoming(script, self) : ScriptRun.ForConnected(script, self);
        var running = new RunningScript(call, leg, context, step.Next);
        context.Counts.ScriptBegan();
        running.Take(step);
        return running;
    }

    /// <summary>One input; what follows at once is done before it returns.</summary>
    public void Give(ScriptInput input)
    {
        if (StandsStill(input))
            return;
        _inputs.Enqueue(input);
        Drain();
    }

    private void Drain()
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            while (_inputs.TryDequeue(out var next))
                Take(_run.On(next));
        }
        finally
        {
            _busy = false;
        }
        if (_run.HasEnded && !_released)
            Release();
    }

    public void OnTimer(int timer)
    {
        if (timer == AlarmTime)
        {
            _alarmTimer = default;
            _call.Guard(_ => AlarmGoesOn(new AlarmInput.TimerFired()));
            return;
        }
        _timer = default;
        _call.Guard(_ => Give(new ScriptInput.TimerFired()));
    }

    /// <summary>A script came, or did not; <paramref name="run"/> tells late ones apart.</summary>
    public void OnFetched(int run, ScriptFetch result)
    {
        if (run != _asked)
            return;
        if (result is ScriptFetch.Loaded { Script.Source: { } source })
            _source = source;
        Give(new ScriptInput.Fetched(result));
    }

    /// <summary>What the dialect did by itself is over; <paramref name="run"/> tells late ones apart.</summary>
    public void OnErrand(int run, ScriptError? error)
    {
        if (run == _asked)
            Give(new ScriptInput.ErrandEnded(error));
    }

    /// <summary>Audio is ready; plays it unless it was stopped meanwhile.</summary>
    public void OnAudio(int run, PromptReply reply, bool loop)
    {
        if (run != _asked || _run.HasEnded)
            return;
        if (reply.Prompt is not { } prompt)
            Give(new ScriptInput.AudioFailed(reply.Error ?? "no audio"));
        else
            Play(prompt, loop);
    }

    private void Play(Prompt prompt, bool loop)
    {
        if (_leg.Audio is null || (_playback = _leg.Audio.Media.Play(prompt, loop)) == 0)
            Give(new ScriptInput.AudioFailed("the audio of the call is closed"));
    }

    public void OnPlaybackEnded(long playback, PlaybackEnd why)
    {
        if (playback != _playback)
            return;
        _playback = 0;
        if (_alarm is not null)
        {
            AlarmGoesOn(new AlarmInput.Played());
            return;
        }
        // Stopped by a command: a script's own stop forgets the playback first.
        if (why is PlaybackEnd.Finished or PlaybackEnd.Stopped)
            Give(new ScriptInput.AudioEnded());
        else if (why == PlaybackEnd.Failed)
            Give(new ScriptInput.AudioFailed("the audio of the call is closed"));
    }

    /// <summary>A key on one of the call's legs; only the script's own concerns it.</summary>
    public void OnDigit(int leg, char key)
    {
        if (leg != _leg.Number || _run.HasEnded)
            return;
        Trace("key ", key.ToString());
        if (_alarm is not null)
            AlarmGoesOn(new AlarmInput.Key(key));
        else
            Give(new ScriptInput.Digit(key));
    }

    /// <summary>A leg of the call is over: the script's own, or that of the one who took its place.</summary>
    public void OnLegEnded(HangupRecord record)
    {
        if (record.Leg.Number == _leg.Number)
        {
            Give(new ScriptInput.CallOver());
            return;
        }
        var itself = _call.Call.FindLeg(record.Leg.Number)?.Role == LegRole.Caller ? record.By is HangupBy.Caller : record.By is HangupBy.Callee;
        if (itself && _joined is { EndUrl: { } url } verb && record.AnsweredAt is not null)
            _context.Tell(new ScriptRequest(_call.Call, new ScriptRef(_run.Script.Dialect, url), ScriptOccasion.TransferEnded, _source) { Verb = verb }, ++_told);
    }

    /// <summary>Someone took the script's place, or the party is back.</summary>
    public void OnDialEnded(HangupCause? cause)
    {
        if (_away)
        {
            ComeBack(cause);
            return;
        }
        if (cause is null)
        {
            _joined = _run.State is ScriptRunState.Transferring { Verb: var verb } ? verb : null;
            Give(new ScriptInput.Transferred());
            return;
        }
        _leg.Audio?.Media.StopPlaying();   // the ringing
        Give(new ScriptInput.TransferFailed(cause.Value));
    }

    private void Take(ScriptStep step)
    {
        _run = step.Next;
        foreach (var effect in step.Effects)
            Carry(effect);
    }

    private void Carry(ScriptEffect effect)
    {
        switch (effect)
        {
            case ScriptEffect.Fetch fetch:
                _context.Fetch(_call.Call.ForScript(), Ask(), fetch.On(_call.Call.ForScript()), _stop.Token);
                break;
            case ScriptEffect.Tell tell: _context.Tell(tell.On(_call.Call), ++_told); break;
            case ScriptEffect.Answer: _call.Give(new CallInput.ScriptAnswers()); break;
            case ScriptEffect.Reject reject: _call.Give(new CallInput.ScriptRejects(reject.Verb, reject.Line)); break;
            case ScriptEffect.PlayFile play: _context.Load(_call.Call.Id, Ask(), new AudioSource.File(play.File) { GainDb = play.GainDb }, play.Repeat, _stop.Token); break;
            case ScriptEffect.Speak speak:
                _context.Load(_call.Call.Id, Ask(), new AudioSource.Speech(speak.Text, speak.Language, speak.Voice) { GainDb = speak.GainDb }, loop: false, _stop.Token);
                break;
            case ScriptEffect.Beep: Play(BeepPrompt, loop: false); break;
            case ScriptEffect.StopAudio: StopAudio(); break;
            case ScriptEffect.StartTimer start: _context.Timers.Restart(ref _timer, start.After, this, 0); break;
            case ScriptEffect.StopTimer: _context.Timers.Cancel(ref _timer); break;
            case ScriptEffect.SendDigits digits: _leg.SendKeys(digits.Keys); break;
            case ScriptEffect.Transfer transfer: Dial(transfer.Verb); break;
            case ScriptEffect.Errand errand: _context.RunErrand(_call.Call.Id, Ask(), errand.Verb, _stop.Token); break;
            case ScriptEffect.Command command: _context.Order(_call.Call.Id, command.Verb); break;
            case ScriptEffect.Record record: Record(record.Verb); break;
            case ScriptEffect.StopRecording: StopRecording(); break;
            case ScriptEffect.SendAlarm alarm: SendAlarm(alarm.Verb.Message); break;
            case ScriptEffect.ReceiveAlarm: ReceiveAlarm(); break;
            case ScriptEffect.StopAlarm: StopAlarm(); break;
            case ScriptEffect.JoinConference join: JoinConference(join.Verb); break;
            case ScriptEffect.SendMessage send: SendMessage(send.Verb); break;
            case ScriptEffect.HearMessages hear: HearMessages(hear.Verb); break;
            case ScriptEffect.HangUp hang: HangUp(hang); break;
            case ScriptEffect.Forward forward: Forward(forward); break;
            case ScriptEffect.HangUpOther other: HangUpOther(other); break;
            case ScriptEffect.Report report: _call.Give(new CallInput.ScriptReports(report.Code, report.Message)); break;
            case ScriptEffect.Trace trace: Trace(trace.Line, trace.Keys); break;
            default: throw new InvalidOperationException($"no such effect: {effect}");
        }
    }

    private void Trace(string line, string? keys = null)
    {
        var shown = keys is null || _context.Traces.ShowsKeys ? keys : TraceKeys.Hide(keys);
        _context.Traces.Add(_call.Call.Id, new(_context.Now(), "script", line + shown, null));
    }

    /// <summary>The number of what is waited for from now on; what was asked for under another comes too late.</summary>
    private int Ask() => _asked = _call.NextScriptRun();

    private void StopAudio()
    {
        _ = Ask();
        _playback = 0;
        _leg.Audio?.Media.StopPlaying();
    }

    private void Release()
    {
        _released = true;
        _hearing?.Dispose();
        _context.Timers.Cancel(ref _timer);
        _context.Timers.Cancel(ref _alarmTimer);
        _stop.Cancel();
        _context.Counts.ScriptEnded();
    }
}
