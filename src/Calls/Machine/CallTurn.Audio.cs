using Switchhook.Calls.Audio;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Calls.Machine;

/// <content>What is done with the audio of a leg, and how all of it ends with the leg.</content>
internal sealed partial class CallTurn
{
    public CallTurn Sound(Func<CallAudio, CallAudio> change)
    {
        Call = Call with { Audio = change(Call.Audio) };
        return this;
    }

    /// <summary>In place of what is played to the leg.</summary>
    public CallTurn Play(int leg, AudioSource source, bool loop, string? tag, TimeSpan? most = null)
    {
        ForgetPlayback(leg, PlaybackEnding.Replaced);
        var number = Call.Audio.LastPlayback + 1;
        Sound(a => a with { LastPlayback = number, Playbacks = a.Playbacks.Add(new(leg, number, tag, source is AudioSource.Speech)) });
        return Ask(new CallEffect.PlayAudio(leg, number, source, loop, most));
    }

    /// <summary>What is played to the leg is heard; nobody is told of what a party hears before it is joined.</summary>
    public CallTurn StartPlayback(int leg, int number)
    {
        var playback = Call.Audio.Playbacks.First(p => p.Leg == leg && p.Number == number);
        Sound(a => a with { Playbacks = a.Playbacks.Replace(playback, playback with { HasStarted = true }) });
        return IsWhisper(playback) ? this : Tell((c, s, at) => new PlaybackStarted
        {
            Call = c,
            Sequence = s,
            At = at,
            Leg = Leg(leg).Id,
            Playback = number,
            IsSpeech = playback.IsSpeech,
            Tag = playback.Tag,
        });
    }

    private bool IsWhisper(CallAudio.Playback playback) => Call.Audio.Whisper is { } whisper && whisper.Leg == playback.Leg && whisper.Playback == playback.Number;

    public CallTurn StopPlaying(int leg, PlaybackEnding ending)
    {
        if (!Call.Audio.Playbacks.Any(p => p.Leg == leg))
            return this;
        Ask(new CallEffect.StopAudio(leg));
        return ForgetPlayback(leg, ending);
    }

    /// <summary>Tells the end of what is played to the leg, if anything is.</summary>
    public CallTurn ForgetPlayback(int leg, PlaybackEnding ending, string? error = null)
    {
        if (Call.Audio.Playbacks.FirstOrDefault(p => p.Leg == leg) is not { } playback)
            return this;
        Sound(a => a with { Playbacks = a.Playbacks.Remove(playback) });
        return IsWhisper(playback) ? this : Tell((c, s, at) => new PlaybackEnded
        {
            Call = c,
            Sequence = s,
            At = at,
            Leg = Leg(leg).Id,
            Playback = playback.Number,
            IsSpeech = playback.IsSpeech,
            HasStarted = playback.HasStarted,
            Ending = ending,
            Error = error,
            Tag = playback.Tag,
        });
    }

    public CallAudio.Gathering BeginGather(int leg, GatherTerms terms)
    {
        var number = Call.Audio.LastGather + 1;
        Sound(a => a with { LastGather = number });
        Tell((c, s, at) => new GatherStarted { Call = c, Sequence = s, At = at, Leg = Leg(leg).Id, Gather = number, Tag = terms.Tag });
        return new(leg, terms) { Number = number };
    }

    public CallTurn ForgetGather(CallAudio.Gathering gather, GatherEnding ending)
    {
        Sound(static a => a with { Gather = null });
        return Tell((c, s, at) => new GatherEnded
        {
            Call = c,
            Sequence = s,
            At = at,
            Leg = Leg(gather.Leg).Id,
            Gather = gather.Number,
            Digits = gather.Digits,
            Ending = ending,
            Tag = gather.Terms.Tag,
        });
    }

    public CallTurn Mute(int leg, bool on)
    {
        if (Call.Audio.Muted.Contains(leg) == on)
            return this;
        Sound(a => a with { Muted = on ? a.Muted.Add(leg) : a.Muted.Remove(leg) });
        return Ask(new CallEffect.MuteLeg(leg, on));
    }

    public CallTurn Record(int leg, RecordingTerms terms)
    {
        var number = Call.Audio.LastRecording + 1;
        Sound(a => a with { LastRecording = number, Recordings = a.Recordings.Add(new(number, leg, terms)) });
        Ask(new CallEffect.StartRecording(number, leg, terms));
        return Tell((c, s, at) => new RecordingStarted { Call = c, Sequence = s, At = at, Leg = Leg(leg).Id, Recording = number, Tag = terms.Tag });
    }

    public CallTurn Put(CallAudio.Recording recording) =>
        Sound(a => a with { Recordings = a.Recordings.SetItem(a.Recordings.IndexOf(a.Recordings.First(r => r.Number == recording.Number)), recording) });

    public CallTurn StopRecording(CallAudio.Recording recording) =>
        Put(recording with { IsStopping = true }).Ask(new CallEffect.StopRecording(recording.Number));

    public CallTurn TakeSeat(int leg, RoomName room, SeatTerms terms)
    {
        Sound(a => a with { Seat = new(room, leg, terms) });
        Mute(leg, terms.Muted);
        Ask(new CallEffect.TakeSeat(leg, room, terms));
        return Tell((c, s, at) => new ConferenceJoined { Call = c, Sequence = s, At = at, Leg = Leg(leg).Id, Room = room, Role = terms.Role });
    }

    /// <summary>Gives up the leg's seat, if it has one.</summary>
    public CallTurn Unseat(int leg, ConferenceLeaving why)
    {
        if (Call.Audio.Seat is not { } seat || seat.Leg != leg)
            return this;
        Sound(static a => a with { Seat = null });
        Ask(new CallEffect.LeaveSeat(leg));
        return Tell((c, s, at) => new ConferenceLeft { Call = c, Sequence = s, At = at, Leg = Leg(leg).Id, Room = seat.Room, Why = why });
    }

    /// <summary>The leg is leaving: whatever is done with its audio ends, and whoever waits for that is told. A recording's end follows when its file is closed.</summary>
    private void Quiet(int leg)
    {
        var audio = Call.Audio;
        if (audio == CallAudio.None)
            return;
        foreach (var recording in audio.Recordings)
        {
            if (recording.Leg == leg && !recording.IsStopping)
                StopRecording(recording with { IsHungUp = true });
        }
        if (audio.Gather is { } gather && gather.Leg == leg)
        {
            Ask(new CallEffect.StopTimer(CallTimer.Gather));
            ForgetGather(gather, GatherEnding.HungUp);
        }
        ForgetPlayback(leg, PlaybackEnding.HungUp);
        Unseat(leg, ConferenceLeaving.HungUp);
        Sound(a => a with { Muted = a.Muted.Remove(leg) });
    }
}
