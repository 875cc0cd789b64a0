using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;

namespace Switchhook.Calls;

/// <summary>A script or an application that hands its one party on: a transfer in which nobody leaves but them.</summary>
public sealed partial record Call
{
    /// <summary>In place of the number of a leg that leaves.</summary>
    private const int TheScript = 0;

    /// <summary>The same for an application.</summary>
    private const int TheApplication = -1;

    /// <summary>A script decides what becomes of the call's one party.</summary>
    private bool IsScripted => Plan is CallPlan.Scripted or CallPlan.Originated { Then: Commands.OnAnswer.RunScript };

    private static CallStep DialForApplication(CallTurn turn, CallInput.Dial dial) =>
        Dial(turn, TheApplication, dial.Targets, dial.Dialed, dial.RingTime, dial.Shown, dial.Whisper, dial.Enclosed, dial.Details);

    private static CallStep DialForScript(CallTurn turn, CallInput.ScriptDials dial)
    {
        NoteFinishedUrl(turn, dial.FinishedUrl);
        return Dial(turn, TheScript, dial.Targets, dial.Dialed, dial.RingTime, dial.Shown, dial.Whisper, dial.Enclosed);
    }

    private static CallStep Dial(
        CallTurn turn, int who, ImmutableArray<LegTarget> targets, string dialed, TimeSpan ringTime, Party? shown, ImmutableArray<AudioSource> whisper,
        ImmutableArray<KeyValuePair<string, string>> enclosed, ImmutableDictionary<string, string>? details = null)
    {
        turn.Sound(a => a with { Whisper = whisper.IsEmpty ? null : new(whisper) });
        var party = turn.Leg(turn.Call.Near);
        turn.Become(SendAway(turn, who));
        Place(turn, party.Role == LegRole.Caller ? LegRole.Callee : LegRole.Caller, dialed, targets, shown, enclosed, details);
        return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, ringTime)).Done();
    }

    private static void NoteFinishedUrl(CallTurn turn, string? url)
    {
        if (url is not null)
            turn.Change((c, _) => c with { Callbacks = c.Callbacks with { FinishedUrl = url } });
    }

    /// <summary>The call's one party hears ringing until somebody takes it.</summary>
    private static Transferring SendAway(CallTurn turn, int who)
    {
        var party = turn.Leg(turn.Call.Near);
        if (turn.Call.State is Held && party.State is LegState.Held)
            turn.Ask(new CallEffect.HoldLeg(party.Id.Number, OnHold: false));
        if (who == TheApplication)
            turn.StopPlaying(party.Id.Number, PlaybackEnding.Stopped);
        turn.Put(party with { State = new LegState.Transferring() });
        turn.Ask(new CallEffect.PlayRingback(party.Id.Number));
        return new Transferring(who, party.Id.Number);
    }

    /// <summary>Someone answered who is to hear something first; the party goes on hearing ringing.</summary>
    private static CallStep BeginWhisper(CallTurn turn, CallAudio.Whispering whisper, int answered)
    {
        turn.Answered(answered);
        EndOtherPhones(turn, answered);
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring));
        return WhisperNext(turn, whisper with { Leg = answered });
    }

    private static CallStep WhisperNext(CallTurn turn, CallAudio.Whispering whisper)
    {
        var leg = whisper.Leg!.Value;
        if (whisper.Left.IsEmpty)
            return FinishTransfer(turn, (Transferring)turn.Call.State, leg);
        var playback = turn.Call.Audio.LastPlayback + 1;
        turn.Sound(a => a with { Whisper = whisper with { Left = whisper.Left.RemoveAt(0), Playback = playback } });
        return turn.Play(leg, whisper.Left[0], loop: false, tag: null).Done();
    }

    /// <summary>Nobody answered: the party is the script's again.</summary>
    private static CallStep GiveBackToScript(CallTurn turn, int party, HangupCause cause)
    {
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring)).Sound(static a => a with { Whisper = null });
        turn.Put(turn.Leg(party) with { State = new LegState.Answered() });
        turn.Become(new Talking());
        return turn.Ask(new CallEffect.ScriptDialEnded(cause)).Done();
    }

    /// <summary>Whoever asked that the script's party be sent elsewhere is told that nobody took it.</summary>
    private static CallStep TellKept(CallTurn turn, HangupCause cause) =>
        turn.Tell((c, s, at) => new CallTransferFailed { Call = c, Sequence = s, At = at, Cause = cause }).Done();

    /// <summary>Nobody answered: the party is the application's again.</summary>
    private static CallStep GiveBackToApplication(CallTurn turn, int party, HangupCause cause)
    {
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring)).Ask(new CallEffect.StopRingback(party)).Sound(static a => a with { Whisper = null });
        turn.Put(turn.Leg(party) with { State = new LegState.Answered() });
        turn.Become(new Talking());
        return turn.Tell((c, s, at) => new CallTransferFailed { Call = c, Sequence = s, At = at, Cause = cause }).Done();
    }
}
