using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;
using static Switchhook.Calls.Machine.CallInput;

namespace Switchhook.Calls;

/// <summary>Prompts, keys, recordings and conferences on a live call: the rows of the call's table that concern its audio.</summary>
public sealed partial record Call
{
    private const string Keys = "0123456789*#ABCD";

    /// <summary>Why the order would be refused now; <see cref="CallRefusal.None"/> when it would be done.</summary>
    public CallRefusal Refuse(AudioOrder order)
    {
        if (State is Ended)
            return CallRefusal.CallEnded;
        if (State is not (Talking or Held))
            return State is Ending ? CallRefusal.HangupInProgress : CallRefusal.WrongState;
        var refusal = RefuseLeg(order switch
        {
            AudioOrder.Play o => o.Leg,
            AudioOrder.StopPlaying o => o.Leg,
            AudioOrder.Gather o => o.Leg ?? Near,
            AudioOrder.SendKeys o => o.Leg,
            AudioOrder.Mute o => o.Leg,
            AudioOrder.Record o => o.Leg ?? Near,
            _ => null,
        });
        return refusal != CallRefusal.None ? refusal : order switch
        {
            AudioOrder.StopPlaying o when !Audio.Playbacks.Any(p => o.Leg is null || p.Leg == o.Leg) => CallRefusal.NotPlaying,
            AudioOrder.Gather when Audio.Gather is not null => CallRefusal.AlreadyGathering,
            AudioOrder.StopGathering when Audio.Gather is null => CallRefusal.NotGathering,
            AudioOrder.Record o when Audio.IsRecording(o.Leg ?? Near, o.Terms.Beside) => CallRefusal.AlreadyRecording,
            AudioOrder.PauseRecording o when !Going(o.Recording).Any() => CallRefusal.NotRecording,
            AudioOrder.StopRecording o when !Going(o.Recording).Any() => CallRefusal.NotRecording,
            AudioOrder.JoinConference when Audio.Seat is not null => CallRefusal.AlreadyInConference,
            AudioOrder.JoinConference when Far != 0 || !IsUp(Near) => CallRefusal.WrongState,
            AudioOrder.LeaveConference or AudioOrder.HoldSeat when Audio.Seat is null => CallRefusal.NotInConference,
            _ => CallRefusal.None,
        };
    }

    private CallRefusal RefuseLeg(int? leg)
    {
        if (leg is null)
            return IsUp(Near) || IsUp(Far) ? CallRefusal.None : CallRefusal.WrongState;
        return FindLeg(leg.Value) is null ? CallRefusal.NoSuchLeg : IsUp(leg.Value) ? CallRefusal.None : CallRefusal.WrongState;
    }

    private CallStep OnAudio(CallInput input, DateTimeOffset now) => (State, input) switch
    {
        (Talking or Held, Sound sound) when Refuse(sound.Order) == CallRefusal.None => Obey(new(this, now), sound.Order),
        (not (Ending or Ended), Digit digit) when FindLeg(digit.Leg) is { AnsweredAt: not null, HasEnded: false } && Keys.Contains(digit.Key, StringComparison.Ordinal) =>
            Hear(new(this, now), digit),
        (not (Ending or Ended), PlaybackBegan began) when Audio.Playbacks.Any(p => p.Leg == began.Leg && p.Number == began.Playback && !p.HasStarted) =>
            new CallTurn(this, now).StartPlayback(began.Leg, began.Playback).Done(),
        (not (Ending or Ended), PlaybackOver over) when Audio.Playbacks.Any(p => p.Leg == over.Leg && p.Number == over.Playback) => PlayedOut(new(this, now), over),
        (not (Ending or Ended), TimerFired(CallTimer.Gather)) when Audio.Gather is not null => GatherTimeIsUp(new(this, now)),
        (_, RecordingOver over) when Audio.Recordings.Any(r => r.Number == over.Recording) => Recorded(new(this, now), over),
        (not (Ending or Ended), SeatLost lost) when Audio.Seat is { } seat => LoseSeat(new(this, now), seat, lost.Why),
        _ => new(this, []) { Handled = false },
    };

    private static CallStep Obey(CallTurn turn, AudioOrder order)
    {
        var call = turn.Call;
        switch (order)
        {
            case AudioOrder.Play o:
                foreach (var leg in call.Heard(o.Leg))
                    turn.Play(leg, o.Source, o.Loop, o.Tag, o.Most);
                return turn.Done();
            case AudioOrder.StopPlaying o:
                foreach (var leg in call.Heard(o.Leg))
                    turn.StopPlaying(leg, PlaybackEnding.Stopped);
                return turn.Done();
            case AudioOrder.Gather o:
                return Offer(turn, turn.BeginGather(o.Leg ?? call.Near, o.Terms)).Done();
            case AudioOrder.StopGathering:
                return EndGather(turn, call.Audio.Gather!, GatherEnding.Cancelled).Done();
            case AudioOrder.SendKeys o:
                foreach (var leg in call.Heard(o.Leg))
                    turn.Ask(new CallEffect.SendKeys(leg, o.Keys));
                return turn.Done();
            case AudioOrder.Mute o:
                foreach (var leg in call.Heard(o.Leg))
                    turn.Mute(leg, o.On);
                return turn.Done();
            case AudioOrder.Record o:
                return turn.Record(o.Leg ?? call.Near, o.Terms).Done();
            case AudioOrder.PauseRecording o:
                foreach (var recording in call.Going(o.Recording))
                    turn.Put(recording with { IsPaused = o.Paused }).Ask(new CallEffect.PauseRecording(recording.Number, o.Paused));
                return turn.Done();
            case AudioOrder.StopRecording o:
                foreach (var recording in call.Going(o.Recording))
                    turn.StopRecording(recording);
                return turn.Done();
            case AudioOrder.JoinConference o:
                return turn.TakeSeat(call.Near, o.Room, o.Terms).Done();
            case AudioOrder.LeaveConference:
                return turn.Unseat(call.Audio.Seat!.Leg, ConferenceLeaving.Left).Done();
            case AudioOrder.HoldSeat o:
                turn.Sound(a => a with { Seat = a.Seat! with { IsHeld = o.On } });
                return turn.Ask(new CallEffect.HoldSeat(call.Audio.Seat!.Leg, o.On)).Done();
            default:
                throw new InvalidOperationException($"no such order: {order}");
        }
    }

    /// <summary>The one leg, or every party that is there.</summary>
    private ImmutableArray<int> Heard(int? leg) => leg is { } one ? [one] : [.. Legs.Select(static l => l.Id.Number).Where(n => (n == Near || n == Far) && IsUp(n))];

    private ImmutableArray<CallAudio.Recording> Going(int? recording) =>
        [.. Audio.Recordings.Where(r => !r.IsStopping && (recording is null || r.Number == recording))];

    private static CallStep Hear(CallTurn turn, Digit digit)
    {
        var leg = turn.Leg(digit.Leg).Id;
        turn.Tell((c, s, at) => new DigitHeard { Call = c, Sequence = s, At = at, Leg = leg, Key = digit.Key });
        if (turn.Call.Audio.Gather is not { } gather || gather.Leg != digit.Leg)
            return turn.Done();
        var interrupted = gather.Prompt is not null;
        if (interrupted)
        {
            turn.StopPlaying(gather.Leg, PlaybackEnding.Stopped);
            gather = gather with { Prompt = null };
        }
        if (gather.Terms.EndKeys.Contains(digit.Key, StringComparison.OrdinalIgnoreCase))
            return EndGather(turn, gather, GatherEnding.EndKey).Done();
        gather = gather with { Digits = gather.Digits + digit.Key };
        if (gather.Digits.Length >= Math.Min(gather.Terms.MaxDigits, GatherTerms.MostDigits))
            return EndGather(turn, gather, GatherEnding.MaxDigits).Done();
        turn.Sound(a => a with { Gather = gather });
        if (gather.Terms.DigitTimeout is { } next)
            turn.Ask(new CallEffect.StartTimer(CallTimer.Gather, next));
        else if (interrupted)
            turn.Ask(new CallEffect.StartTimer(CallTimer.Gather, gather.Terms.FirstTimeout));
        return turn.Done();
    }

    /// <summary>The prompt, and the clock once it is over; without a prompt the clock at once.</summary>
    private static CallTurn Offer(CallTurn turn, CallAudio.Gathering gather)
    {
        if (gather.Terms.Prompt is not { } prompt)
        {
            turn.Sound(a => a with { Gather = gather });
            return turn.Ask(new CallEffect.StartTimer(CallTimer.Gather, gather.Terms.FirstTimeout));
        }
        turn.Play(gather.Leg, prompt, gather.Terms.LoopPrompt, gather.Terms.Tag);
        return turn.Sound(a => a with { Gather = gather with { Prompt = a.LastPlayback } });
    }

    private static CallStep PlayedOut(CallTurn turn, PlaybackOver over)
    {
        turn.ForgetPlayback(over.Leg, over.Ending, over.Error);
        if (turn.Call is { State: Transferring, Audio.Whisper: { } whisper } && whisper.Leg == over.Leg && whisper.Playback == over.Playback)
            return WhisperNext(turn, whisper);
        if (turn.Call.Audio.Gather is { } gather && gather.Prompt == over.Playback)
        {
            turn.Sound(a => a with { Gather = gather with { Prompt = null } });
            turn.Ask(new CallEffect.StartTimer(CallTimer.Gather, gather.Terms.FirstTimeout));
        }
        return turn.Done();
    }

    private static CallStep GatherTimeIsUp(CallTurn turn)
    {
        var gather = turn.Call.Audio.Gather!;
        return gather is { Digits: "", Terms.Prompt: not null } && gather.Attempt < gather.Terms.Attempts
            ? Offer(turn, gather with { Attempt = gather.Attempt + 1 }).Done()
            : EndGather(turn, gather, GatherEnding.Timeout).Done();
    }

    private static CallTurn EndGather(CallTurn turn, CallAudio.Gathering gather, GatherEnding ending)
    {
        if (gather.Prompt is not null)
            turn.StopPlaying(gather.Leg, PlaybackEnding.Stopped);
        turn.Ask(new CallEffect.StopTimer(CallTimer.Gather));
        return turn.ForgetGather(gather, ending);
    }

    /// <summary>A call that was placed to listen in has nothing else to do.</summary>
    private static CallStep LoseSeat(CallTurn turn, CallAudio.Place seat, ConferenceLeaving why)
    {
        turn.Unseat(seat.Leg, why);
        return turn.Call.Plan is CallPlan.Originated { Then: OnAnswer.Supervise }
            ? Hang(turn, new HangupBy.Policy("supervised call is over"), Causes.HangupCause.NormalClearing)
            : turn.Done();
    }

    private static CallStep Recorded(CallTurn turn, RecordingOver over)
    {
        var recording = turn.Call.Audio.Recordings.First(r => r.Number == over.Recording);
        turn.Sound(a => a with { Recordings = a.Recordings.RemoveAll(r => r.Number == over.Recording) });
        var leg = turn.Leg(recording.Leg).Id;
        return turn.Tell((c, s, at) => new RecordingEnded
        {
            Call = c,
            Sequence = s,
            At = at,
            Leg = leg,
            Recording = over.Recording,
            Outcome = recording.IsHungUp && over.Outcome is { Ending: RecordingEnding.Stopped } or { Ending: RecordingEnding.Failed, File: null, Error: null }
                ? over.Outcome with { Ending = RecordingEnding.HungUp, Error = null } : over.Outcome,
            Tag = recording.Terms.Tag,
            Callback = recording.Terms.Callback,
        }).Done();
    }

    /// <summary>What waits for the answer with that order too. A recording takes the place of the one that waited, and to stop recording is to begin none.</summary>
    private ImmutableArray<AudioOrder> Awaiting(AudioOrder order)
    {
        var others = order is AudioOrder.Record or AudioOrder.StopRecording
            ? OnceAnswered.RemoveAll(o => o is AudioOrder.Record waits && waits.Terms.Beside == (order is AudioOrder.Record { Terms.Beside: true })) : OnceAnswered;
        return order is AudioOrder.StopRecording ? others : others.Add(order);
    }
}
