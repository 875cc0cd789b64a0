using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Conferences;
using Switchhook.Exchange.Prompts;
using Switchhook.Media.Transport;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Running;

/// <summary>What a call asks of its audio beyond joining legs, carried out, and what comes of it.</summary>
internal sealed partial class RunningCall
{
    private void CarrySound(CallEffect effect)
    {
        switch (effect)
        {
            case CallEffect.PlayAudio play: PlayAudio(Leg(play.Leg), play); break;
            case CallEffect.StopAudio stop: StopPlaying(Leg(stop.Leg)); break;
            case CallEffect.SendKeys keys: Leg(keys.Leg).SendKeys(keys.Keys); break;
            case CallEffect.MuteLeg mute: Leg(mute.Leg).Audio?.Media.SetMute(mute.On); break;
            case CallEffect.StartRecording start: StartRecording(start); break;
            case CallEffect.PauseRecording pause: _recordings.Pause(pause.Recording, pause.Paused); break;
            case CallEffect.StopRecording stop: _recordings.Stop(stop.Recording); break;
            case CallEffect.TakeSeat seat: TakeSeat(Leg(seat.Leg), seat); break;
            case CallEffect.HoldSeat hold: HoldSeat(Leg(hold.Leg), hold.On); break;
            case CallEffect.LeaveSeat leave: LeaveSeat(Leg(leave.Leg)); break;
            default: throw new InvalidOperationException($"no such effect: {effect}");
        }
    }

    private void PlayAudio(RunningLeg leg, CallEffect.PlayAudio play)
    {
        StopPlaying(leg);
        leg.Playback = play.Playback;
        _context.LoadSound(Call.Id, play);
    }

    private void StopPlaying(RunningLeg leg)
    {
        _context.Timers.Cancel(ref leg.PlayTimer);
        leg.StopPlaying();
    }

    /// <summary>What was to be played for a time has been.</summary>
    public void OnPlayedLongEnough(RunningLeg leg)
    {
        if (leg.Playback is not (> 0 and var playback))
            return;
        leg.StopPlaying();
        Give(new CallInput.PlaybackOver(leg.Number, playback, PlaybackEnding.Finished, null));
    }

    /// <summary>What was asked to be played is there, or cannot be.</summary>
    public void OnSound(CallEffect.PlayAudio play, PromptReply reply)
    {
        if (FindLeg(play.Leg) is not { } leg || leg.Playback != play.Playback)
            return;
        if (reply.Prompt is { } prompt && leg.Audio is { } audio && (leg.MediaPlayback = audio.Media.Play(prompt, play.Loop)) != 0)
        {
            if (play.Most is { } most)
                _context.Timers.Restart(ref leg.PlayTimer, most, leg, RunningLeg.PlayTime);
            Give(new CallInput.PlaybackBegan(play.Leg, play.Playback));
            return;
        }
        leg.Playback = 0;
        Give(new CallInput.PlaybackOver(play.Leg, play.Playback, PlaybackEnding.Failed, reply.Error ?? "the audio of the leg is closed"));
    }

    /// <summary>A playback on one of the legs is over: a command's, or the script's.</summary>
    public void OnPlayback(int number, long playback, PlaybackEnd why)
    {
        if (FindLeg(number) is { } leg && leg.Playback != 0 && leg.MediaPlayback == playback)
        {
            var over = new CallInput.PlaybackOver(number, leg.Playback, why switch
            {
                PlaybackEnd.Finished => PlaybackEnding.Finished,
                PlaybackEnd.Stopped => PlaybackEnding.Stopped,
                PlaybackEnd.Failed => PlaybackEnding.Failed,
            });
            (leg.Playback, leg.MediaPlayback) = (0, 0);
            _context.Timers.Cancel(ref leg.PlayTimer);
            Give(over);
        }
        else
            Scripts(s => s.OnPlaybackEnded(playback, why));
    }

    /// <summary>A key of a leg's party, by RTP or in its audio: once a press.</summary>
    public void OnDigit(int number, char key)
    {
        if (FindLeg(number) is { } leg && leg.Keys.Take(key, byInfo: false, _context.Now()))
            Press(leg, key);
    }

    /// <summary>A key by RTP is let go: an INFO about that press may follow now.</summary>
    public void OnDigitOver(int number, char key) => FindLeg(number)?.Keys.LetGo(key, _context.Now());

    /// <summary>An INFO may carry a key (application/dtmf-relay, application/dtmf); it is pressed again at the other side.</summary>
    private void OnInfo(SipSession session, SipRequest info)
    {
        var leg = LegOf(session);
        if (InfoKeys.TryRead(info, out var key) && leg.Keys.Take(key, byInfo: true, _context.Now()))
        {
            if (Call.Legs[leg.Number - 1].State is LegState.Bridged && FindLeg(leg.Number == Call.Near ? Call.Far : Call.Near) is { } other)
                other.SendKeys(key.ToString());
            Press(leg, key);
        }
    }

    private void Press(RunningLeg leg, char key)
    {
        Give(new CallInput.Digit(leg.Number, key));
        _script?.OnDigit(leg.Number, key);
    }

    private void StartRecording(CallEffect.StartRecording start)
    {
        _context.Counts.RecordingBegan();
        _recordings.Begin(start.Recording);
        _context.OpenRecording(Call.Id, start, Leg(start.Leg).Audio?.Media);
    }

    /// <summary>A recording that a crash left open is closed like any other, so that its end is told.</summary>
    public void CloseRecording(LeftRecording left)
    {
        _context.Counts.RecordingBegan();
        _recordings.Begin(left.Recording.Number);
        _context.CloseRecording(Call.Id, left);
    }

    /// <summary>The file of a recording is open, or could not be made.</summary>
    public void OnRecordingOpened(int number, MediaRecording? recording, string? error)
    {
        if (recording is null)
            OnRecordingOver(number, new RecordingOutcome(RecordingEnding.Failed, TimeSpan.Zero, null, error));
        else
            _recordings.Opened(number, recording, Call.Audio.Recordings.FirstOrDefault(r => r.Number == number));
    }

    /// <summary>A recording is over.</summary>
    public void OnRecordingOver(int number, RecordingOutcome outcome)
    {
        if (!_recordings.End(number))
            return;
        _context.Counts.RecordingEnded();
        var isScripts = Call.Audio.Recordings.Any(r => r.Number == number && r.Terms.ForScript);
        Give(new CallInput.RecordingOver(number, outcome));
        if (isScripts)
            Scripts(s => s.OnRecorded(number, outcome));
    }

    private void TakeSeat(RunningLeg leg, CallEffect.TakeSeat seat)
    {
        var watched = seat.Room.Watched is { } id ? _context.FindCall(id) : null;
        var coached = seat.Terms.CoachOf is { } to ? _context.FindCall(to.Call)?.FindLeg(to.Number)?.Audio?.Media : null;
        leg.Room = seat.Room;
        leg.Audio?.Media.StopPlaying();
        // Whoever was rung to listen in may come too late.
        var isOver = seat.Room.Watched is not null && watched?.Call is not { Far: > 0, State: CallState.Talking or CallState.Held };
        if (isOver || !_context.Rooms.TryJoin(seat.Room, leg, seat.Terms, watched, coached))
            _inputs.Enqueue(new CallInput.SeatLost(ConferenceLeaving.Failed));
    }

    private void HoldSeat(RunningLeg leg, bool on)
    {
        if (leg.Room is { } room)
            _context.Rooms.Hold(room, leg, on);
    }

    private void LeaveSeat(RunningLeg leg)
    {
        if (leg.Room is not { } room)
            return;
        leg.Room = null;
        _context.Rooms.Leave(room, leg, room.Watched is { } id ? _context.FindCall(id) : null);
        _script?.OnConferenceLeft();
    }

    /// <summary>The two parties are mixed with those who listen in, in place of their bridge.</summary>
    public void SeatParties(MediaConference mixer)
    {
        foreach (var number in (int[])[Call.Near, Call.Far])
        {
            if (FindLeg(number)?.Audio?.Media is { } session)
                mixer.Join(session);
        }
    }

    /// <summary>Nobody listens in any more: the two parties hear each other as before.</summary>
    public void RejoinParties()
    {
        if (!Call.HasEnded && FindLeg(Call.Near)?.Audio?.Media is { IsClosed: false } one && FindLeg(Call.Far)?.Audio?.Media is { IsClosed: false } other
            && Call.State is CallState.Talking or CallState.Held)
            one.Bridge(other);
    }

    private void Bridge(MediaSession one, MediaSession other)
    {
        if (_context.Rooms.OfWatched(Call.Id) is not { } room)
        {
            one.Bridge(other);
            return;
        }
        room.Mixer.Join(one);
        room.Mixer.Join(other);
    }
}
