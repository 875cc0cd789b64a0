using Switchhook.Media.Codecs;
using Switchhook.Media.Mixing;
using Switchhook.Media.Recording;
using Switchhook.Media.Rtp;
using Switchhook.Media.Tones;

namespace Switchhook.Media.Transport;

/// <content>Conference and recording of a leg.</content>
public sealed partial class MediaSession
{
    private MediaConference? _conference;
    private Seat? _seat;
    private Recorder? _recorder;
    private Recorder? _recorderBeside;
    private ToneDetector? _tones;

    /// <summary>
    /// Records the leg until it ends, by itself or by <see cref="MediaRecording.Stop"/>; replaces one of its like under way (<see cref="RecordingSettings.Beside"/>). The end
    /// is told by <see cref="IMediaSink.OnRecordingEnded"/>.
    /// </summary>
    /// <returns>Null when the session is closed, too many recordings are under way, or the file cannot be made; see <see cref="MediaEngine.LastRecordingFailure"/>.</returns>
    public MediaRecording? StartRecording(RecordingSettings settings)
    {
        if (IsClosed || Thread.Engine.TryRecord(this, settings, 8_000) is not { } recording) return null;
        if (TryPost(new MediaCommand(MediaCommandKind.Record, this, recording.Recorder))) return recording;
        recording.Stop();
        // Closed meanwhile: the file is there, and its end is told like any other's.
        return IsClosed ? recording : null;
    }

    /// <summary>
    /// Reports these tones by <see cref="IMediaSink.OnTone"/> from now on; none ends it. In G.711 they are heard as packets come, other codecs are
    /// decoded for it in the tick.
    /// </summary>
    /// <param name="frequenciesHz">At most eight, 300–3,400 Hz, at least 50 Hz apart.</param>
    /// <returns>False when the session is closed, too many commands wait, or more than eight tones are asked for.</returns>
    public bool ListenForTones(params ReadOnlySpan<double> frequenciesHz) =>
        frequenciesHz.Length <= 8 && TryPost(new MediaCommand(MediaCommandKind.Listen, this, frequenciesHz.ToArray()));

    private void OnListen(double[] frequenciesHz)
    {
        _tones = frequenciesHz.Length == 0 ? null : new ToneDetector(frequenciesHz);
        Rethink();
    }

    internal void Sit(MediaConference conference, Seat seat)
    {
        Part();
        LeaveConference();
        (_conference, _seat) = (conference, seat);
        Rethink();
    }

    internal void LeaveConference()
    {
        if (_conference is not { } conference) return;
        var seat = _seat!;
        (_conference, _seat, _isSpeaking) = (null, null, false);
        conference.OnLeft(seat);
        Rethink();
    }

    /// <summary>Gives the recorder its tick, and lets go of one that is over.</summary>
    private void Record(ReadOnlySpan<short> frame, long nowNs)
    {
        Record(ref _recorder, frame, nowNs);
        Record(ref _recorderBeside, frame, nowNs);
    }

    private void Record(ref Recorder? place, ReadOnlySpan<short> frame, long nowNs)
    {
        if (place is not { } recorder) return;
        recorder.OnHeard(frame, nowNs);
        if (recorder.Ended != RecordingEnd.None) EndRecording(ref place, recorder.Ended);
    }

    private void RecordSent(AudioCodec codec, in RtpHeader header, ReadOnlySpan<byte> octets, long nowNs)
    {
        _recorder?.OnSent(codec, header, octets, nowNs);
        _recorderBeside?.OnSent(codec, header, octets, nowNs);
    }

    private void RecordKey(char key)
    {
        _recorder?.OnDigit(key);
        _recorderBeside?.OnDigit(key);
    }

    private void OnRecord(Recorder recorder)
    {
        ref var place = ref recorder.IsBeside ? ref _recorderBeside : ref _recorder;
        EndRecording(ref place, RecordingEnd.Replaced);
        place = recorder;
        Rethink();
    }

    private void EndRecordings(RecordingEnd why)
    {
        EndRecording(ref _recorder, why);
        EndRecording(ref _recorderBeside, why);
    }

    private void EndRecording(ref Recorder? place, RecordingEnd why)
    {
        if (place is not { } recorder) return;
        place = null;
        recorder.End(why);
        recorder.Dispose();
        Rethink();
    }
}
