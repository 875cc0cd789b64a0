using System.Collections.Immutable;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Scripts;

namespace Switchhook.Ivr.Simulation;

/// <summary>
/// A script run by the real interpreter on virtual time: no SIP, no audio, no waiting. For tests of scripts and for <c>switchhook simulate</c>.
/// One simulation at a time; it may be run again.
/// </summary>
/// <param name="source">The script's dialect.</param>
/// <param name="call">The call as the dialect is to see it.</param>
/// <param name="web">The web servers <paramref name="source"/> asks, so that its requests are told; may be null.</param>
/// <param name="options">What the caller does.</param>
public sealed class ScriptSimulation(IScriptSource source, Call call, SimulatedWeb? web, SimulationOptions options)
{
    private static readonly TimeSpan FileLength = TimeSpan.FromSeconds(3), BeepLength = TimeSpan.FromMilliseconds(500), AnswerTime = TimeSpan.FromSeconds(3);

    private readonly ImmutableArray<SimulationLine>.Builder _lines = ImmutableArray.CreateBuilder<SimulationLine>();
    private readonly Queue<ScriptInput> _inputs = new();
    private TimeSpan _now;
    private (TimeSpan At, ScriptInput Input)? _audio, _outcome;
    private TimeSpan? _timer;
    private TimeSpan _recordingSince;
    private Verb.Record? _recorded;
    private string? _source;
    private SimulationEnd? _end;
    private int _errors;
    private int _told;
    private int _recordings;

    /// <summary>Runs the script to its end, the caller's end, or the end of the time it has.</summary>
    public async ValueTask<SimulationResult> RunAsync(ScriptRef script, CancellationToken cancellation = default)
    {
        (_now, _audio, _outcome, _timer, _end, _errors, _told, _recordings) = (TimeSpan.Zero, null, null, null, null, 0, 0, 0);
        (_recorded, _source) = (null, null);
        _lines.Clear();
        _inputs.Clear();
        if (web is not null)
            web.Asked = text => Tell(SimulationKind.Request, text);
        var self = call.Id.ToString();
        var step = options.Incoming ? ScriptRun.ForIncoming(script, self) : ScriptRun.ForConnected(script, self);
        var key = 0;
        while (true)
        {
            foreach (var effect in step.Effects)
            {
                if (effect is ScriptEffect.Fetch fetch)
                    _inputs.Enqueue(new ScriptInput.Fetched(await FetchAsync(fetch.On(call), cancellation)));
                else if (effect is ScriptEffect.Tell tell)
                    await TellAsync(tell, cancellation);
                else
                    Carry(effect);
            }
            if (step.Next.HasEnded)
            {
                await TellOfRecordingAsync(script, cancellation);
                break;
            }
            cancellation.ThrowIfCancellationRequested();
            step = step.Next.On(_inputs.TryDequeue(out var input) ? input : Next(ref key));
        }
        return new SimulationResult(_lines.DrainToImmutable(), _end ?? SimulationEnd.ScriptHungUp, _now, _errors);
    }

    private async ValueTask<ScriptFetch> FetchAsync(ScriptRequest request, CancellationToken cancellation)
    {
        var result = await source.FetchAsync(request, cancellation);
        if (result is ScriptFetch.Loaded { Script.Source: { } from })
            _source = from;
        return result;
    }

    /// <summary>The caller hung up in the middle of a recording: its address is told all the same, and the reply runs no more.</summary>
    private async ValueTask TellOfRecordingAsync(ScriptRef script, CancellationToken cancellation)
    {
        if (_recorded is not { FinishedUrl: { } url } verb || !_inputs.TryDequeue(out var input) || input is not ScriptInput.RecordingEnded ended)
            return;
        var request = new ScriptRequest(call, new ScriptRef(script.Dialect, url), ScriptOccasion.RecordCompleted, _source) { Verb = verb, Recording = ended };
        if (verb.Reply != ScriptReply.None)
            await source.FetchAsync(request, cancellation);
        else if (source.Tell(request, ++_told) is { } notification && web is not null)
            await web.SendAsync(notification.Request, cancellation);
    }

    /// <summary>What nobody waits for is sent at once, as far as there is a web to send it to.</summary>
    private async ValueTask TellAsync(ScriptEffect.Tell tell, CancellationToken cancellation)
    {
        if (source.Tell(tell.On(call), ++_told) is { } notification && web is not null)
            await web.SendAsync(notification.Request, cancellation);
    }

    /// <summary>Nothing is left to do now: time goes on to whatever happens next.</summary>
    private ScriptInput Next(ref int key)
    {
        var over = options.HangUpAt is { } at && at < options.Longest ? at : options.Longest;
        var when = over;
        Earlier(key < options.Keys.Length ? options.Keys[key].At : null, ref when);
        Earlier(_audio?.At, ref when);
        Earlier(_outcome?.At, ref when);
        Earlier(_timer, ref when);
        _now = when > _now ? when : _now;
        if (key < options.Keys.Length && options.Keys[key].At <= _now)
        {
            var pressed = options.Keys[key++].Key;
            Tell(SimulationKind.Key, $"{pressed}");
            return new ScriptInput.Digit(pressed);
        }
        if (Due(ref _audio) is { } audio)
            return audio;
        if (Due(ref _outcome) is { } outcome)
            return outcome;
        if (_timer <= _now)
        {
            _timer = null;
            return new ScriptInput.TimerFired();
        }
        return _now == options.HangUpAt
            ? End(SimulationEnd.CallerHungUp, "the caller hangs up")
            : End(SimulationEnd.StillRunning, "the simulation's time is over");
    }

    private static void Earlier(TimeSpan? at, ref TimeSpan when)
    {
        if (at < when)
            when = at.Value;
    }

    private ScriptInput? Due(ref (TimeSpan At, ScriptInput Input)? pending)
    {
        if (pending is not { } due || due.At > _now)
            return null;
        pending = null;
        if (due.Input is ScriptInput.Transferred)
            End(SimulationEnd.Transferred, "the caller talks to someone else");
        return due.Input;
    }

    private ScriptInput.CallOver End(SimulationEnd end, string text)
    {
        _end = end;
        Tell(SimulationKind.Ended, text);
        return new ScriptInput.CallOver();
    }

    private void Carry(ScriptEffect effect)
    {
        switch (effect)
        {
            case ScriptEffect.Trace trace:
                Tell(SimulationKind.Step, trace.Line + trace.Keys);
                break;
            case ScriptEffect.Answer:
                Tell(SimulationKind.Answered, "the call is answered");
                _inputs.Enqueue(new ScriptInput.Answered());
                break;
            case ScriptEffect.PlayFile play:
                Play(play);
                break;
            case ScriptEffect.Speak speak:
                Tell(SimulationKind.Hears, $"\"{speak.Text}\"");
                _audio = (_now + SpeechLength(speak.Text), new ScriptInput.AudioEnded());
                break;
            case ScriptEffect.Beep:
                Tell(SimulationKind.Hears, "a beep");
                _audio = (_now + BeepLength, new ScriptInput.AudioEnded());
                break;
            case ScriptEffect.StopAudio:
                if (_end is null)
                    Tell(SimulationKind.Stopped, "the audio stops");
                _audio = null;
                break;
            case ScriptEffect.StartTimer start:
                _timer = _now + start.After;
                break;
            case ScriptEffect.StopTimer:
                _timer = null;
                break;
            case ScriptEffect.Report report:
                _errors++;
                Tell(SimulationKind.Error, report.Code == 0 ? report.Message : string.Create(CultureInfo.InvariantCulture, $"{report.Code} {report.Message}"));
                break;
            case ScriptEffect.HangUp hang:
                _end = SimulationEnd.ScriptHungUp;
                Tell(SimulationKind.Ended, $"the script hangs up: {Place(hang.Verb, hang.Line)}");
                break;
            case ScriptEffect.Forward forward:
                _end = SimulationEnd.ScriptHungUp;
                Tell(SimulationKind.Ended, $"the call goes to {forward.Number} instead");
                break;
            case ScriptEffect.Reject reject:
                _end = SimulationEnd.Rejected;
                Tell(SimulationKind.Ended, $"the call is refused: {Place(reject.Verb, reject.Line)}");
                break;
            default:
                CarryOut(effect);
                break;
        }
    }

    private void CarryOut(ScriptEffect effect)
    {
        switch (effect)
        {
            case ScriptEffect.Transfer transfer:
                Dial(transfer);
                break;
            case ScriptEffect.SendDigits digits:
                Tell(SimulationKind.Asked, $"sends the keys {digits.Keys}");
                break;
            case ScriptEffect.Record record:
                Tell(SimulationKind.Asked, $"records as {record.Verb.Format}");
                (_recorded, _recordingSince) = (record.Verb, _now);
                if (EndOf(record.Verb) is { } end)
                    _outcome = (end, Recorded(end - _now));
                break;
            case ScriptEffect.StopRecording:
                Tell(SimulationKind.Asked, "closes the recording");
                _outcome = null;
                _inputs.Enqueue(Recorded(_now - _recordingSince));
                break;
            case ScriptEffect.SendAlarm alarm:
                Tell(SimulationKind.Asked, $"gives an alarm message: {alarm.Verb.Message.Account} {alarm.Verb.Message.EventName}");
                _inputs.Enqueue(new ScriptInput.AlarmSent(Acknowledged: true));
                break;
            case ScriptEffect.ReceiveAlarm receive:
                _inputs.Enqueue(new ScriptInput.NotAvailable(receive.Verb));
                break;
            case ScriptEffect.StopAlarm:
                break;
            case ScriptEffect.JoinConference join:
                Tell(SimulationKind.Asked, $"joins the conference {join.Verb.Room}");
                break;
            case ScriptEffect.SendMessage send:
                Tell(SimulationKind.Asked, $"sends to {send.Verb.Connection}: {send.Verb.Text}");
                break;
            case ScriptEffect.HearMessages hear:
                Tell(SimulationKind.Asked, $"waits for a message from {hear.Verb.Connection}");
                break;
            case ScriptEffect.Command command:
                Tell(SimulationKind.Asked, $"asks the exchange: {Place(command.Verb.Name, command.Verb.Line)}");
                break;
            case ScriptEffect.Errand errand:
                Tell(SimulationKind.Asked, $"does by itself: {Place(errand.Verb.Name, errand.Verb.Line)}");
                _inputs.Enqueue(new ScriptInput.ErrandEnded(null));
                break;
            case ScriptEffect.HangUpOther other:
                Tell(SimulationKind.Asked, $"hangs up the call {other.Call}");
                break;
            default:
                throw new InvalidOperationException($"no such effect: {effect}");
        }
    }

    private void Play(ScriptEffect.PlayFile play)
    {
        var length = options.FileLength is { } ask ? ask(play.File) : FileLength;
        if (length is null)
        {
            _inputs.Enqueue(new ScriptInput.AudioFailed("no such file"));
            return;
        }
        Tell(SimulationKind.Hears, play.Repeat ? $"{play.File}, again and again" : play.File);
        _audio = play.Repeat ? null : (_now + length.Value, new ScriptInput.AudioEnded());
    }

    private void Dial(ScriptEffect.Transfer transfer)
    {
        Tell(SimulationKind.Asked, $"rings {string.Join(", ", transfer.Verb.Targets)}");
        HangupCause? cause = null;
        foreach (var target in transfer.Verb.Targets)
            if ((cause = options.Dial?.Invoke(target)) is null)
                break;
        _outcome = cause is { } why
            ? (_now + (why == HangupCause.NoAnswer ? transfer.Verb.RingTime : AnswerTime), new ScriptInput.TransferFailed(why))
            : (_now + AnswerTime, new ScriptInput.Transferred());
    }

    /// <summary>About fifteen characters a second, as voices have it.</summary>
    private static TimeSpan SpeechLength(string text) => TimeSpan.FromMilliseconds(Math.Max(300, text.Length * 65));

    /// <summary>When a recording ends by its length or by silence; null: by neither.</summary>
    private TimeSpan? EndOf(Verb.Record verb)
    {
        var end = _now + verb.Longest;
        if (verb.Silence is { } silence && SimulatedSpeech.SilentFor(options.Speech, _now, silence) is var silent && !(end < silent))
            end = silent;
        return end;
    }

    private ScriptInput.RecordingEnded Recorded(TimeSpan length) =>
        new("http://localhost/recordings/simulated", length) { Number = ++_recordings, At = DateTimeOffset.UnixEpoch + _now, Format = _recorded?.Format };

    private static string Place(string verb, int line) => line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{verb}, line {line}") : verb;

    private void Tell(SimulationKind kind, string text) => _lines.Add(new SimulationLine(_now, kind, text));
}
