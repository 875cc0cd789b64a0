using Switchhook.Media.Codecs;
using Switchhook.Media.Mixing;
using Switchhook.Media.Prompts;
using Switchhook.Media.Recording;
using Switchhook.Media.Rtp;

namespace Switchhook.Media.Transport;

/// <content>The tick: hear all, sum, and send each his own. Runs on the media thread, allocates nothing.</content>
public sealed partial class MediaConference
{
    private readonly List<Seat> _seats = [];
    private readonly Mixer _mixer = new();
    private readonly SharedEncoding[] _shared = [.. AudioCodecs.All.Select(static c => new SharedEncoding(c))];
    private readonly short[] _mix = new short[Mixer.MostSamples];
    private readonly short[] _own = new short[Mixer.MostSamples];
    private Prompt? _announcement;
    private int _announced;                                 // frames
    private int _waited;
    private Recorder? _recorder;

    int ITicked.TickSlot { get; set; } = -1;

    int ITicked.TickIndex { get; set; }

    void ITicked.Tick(long nowNs)
    {
        var rate = Rate();
        var samples = rate / 50;
        _mixer.Begin(samples);
        foreach (var seat in _seats) Hear(seat, samples, nowNs);
        PlayAnnouncement(rate);
        _mixer.Shared(_mix);
        foreach (var shared in _shared) shared.Begin();
        foreach (var seat in _seats)
            if (!seat.IsDeaf && seat.Session.CanBeSpokenTo) Speak(seat, rate, nowNs);
        if (_recorder is not { } recorder) return;
        recorder.OnHeard(_mix.AsSpan(0, samples), nowNs);
        if (recorder.Ended != RecordingEnd.None) EndRecording(recorder.Ended);
    }

    /// <summary>Wideband as soon as one leg is; a telephone conference of G.711 costs half.</summary>
    private int Rate()
    {
        foreach (var seat in _seats)
            if (seat.Session.Codec.SampleRateHz() > 8_000) return 16_000;
        return 8_000;
    }

    private void Hear(Seat seat, int samples, long nowNs)
    {
        var frame = seat.Frame.AsSpan(0, samples);
        seat.Heard = seat.Session.TakeHeard(frame, nowNs);
        seat.Speaks = seat.Heard == HeardFrame.Sound && !seat.IsMuted && seat.Session.MayBeHeard;
        if (seat.Speaks && seat.IsPublic) _mixer.Add(frame);
    }

    private void PlayAnnouncement(int rate)
    {
        var music = _announcement is null && _seats.Count == 1 ? _options.WaitingMusic : null;
        if ((_announcement ?? music) is not { } prompt) { _waited = 0; return; }
        var at = music is null ? _announced++ : _waited++ % prompt.Frames;
        if (at >= prompt.Frames) { _announcement = null; return; }
        _mixer.Add(prompt.SamplesAt(rate).AsSpan(at * (rate / 50), rate / 50));
    }

    private void Speak(Seat seat, int rate, long nowNs)
    {
        if (!HasOwnMix(seat))
        {
            if (_shared[(int)seat.Session.Codec].TryGet(_mix.AsSpan(0, rate / 50), rate, seat.Session.OpusWanted, out var octets)) seat.Session.SpeakEncoded(octets, nowNs);
            return;
        }

        _mixer.BeginOwn();
        if (seat.Speaks && seat.IsPublic) _mixer.Without(seat.Frame);
        foreach (var speaker in seat.ExceptedSpeakers)
        {
            if (!speaker.Speaks) continue;
            if (speaker.IsPublic) _mixer.Without(speaker.Frame);
            else _mixer.With(speaker.Frame);
        }

        _mixer.Own(_own);
        seat.Session.Speak(seat.ToCodec(_own.AsSpan(0, rate / 50), rate), nowNs);
    }

    private static bool HasOwnMix(Seat seat)
    {
        if (seat.Speaks && seat.IsPublic) return true;
        foreach (var speaker in seat.ExceptedSpeakers)
            if (speaker.Speaks) return true;
        return false;
    }

    private void OnJoin(MediaSession session, ConferenceRole role)
    {
        if (IsClosed || session.IsClosed || _seats.Count >= _options.MostSeats || Find(session) is not null) return;
        var seat = new Seat(session, role);
        session.Sit(this, seat);
        _seats.Add(seat);
        Volatile.Write(ref _seatCount, _seats.Count);
        _engine.OnSeats(1);
        _thread.StartTicking(this);
        if (_options.JoinTone is { } tone && role == ConferenceRole.Member && _seats.Count > 1) (_announcement, _announced) = (tone, 0);
    }

    private void OnLeave(MediaSession session)
    {
        if (Find(session) is { } seat) session.LeaveConference();
    }

    /// <summary>A leg has gone, for whatever reason.</summary>
    internal void OnLeft(Seat seat)
    {
        if (!_seats.Remove(seat)) return;
        seat.Unroute();
        Volatile.Write(ref _seatCount, _seats.Count);
        _engine.OnSeats(-1);
        if (_seats.Count == 0 && _recorder is null) _thread.StopTicking(this);
        else if (_options.LeaveTone is { } tone && seat.IsPublic) (_announcement, _announced) = (tone, 0);
    }

    private void OnRecord(Recorder recorder)
    {
        EndRecording(RecordingEnd.Replaced);
        _recorder = recorder;
        _thread.StartTicking(this);
    }

    private void OnClose()
    {
        while (_seats.Count > 0) _seats[^1].Session.LeaveConference();
        EndRecording(RecordingEnd.Closed);
        _thread.StopTicking(this);
        foreach (var shared in _shared) shared.Dispose();
        _engine.OnConferenceClosed(this);
    }

    private void EndRecording(RecordingEnd why)
    {
        _recorder?.End(why);
        _recorder?.Dispose();
        _recorder = null;
        if (_seats.Count == 0) _thread.StopTicking(this);
    }

    private Seat? Find(MediaSession session)
    {
        foreach (var seat in _seats)
            if (seat.Session == session) return seat;
        return null;
    }
}
