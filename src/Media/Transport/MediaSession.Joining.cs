using Switchhook.Media.Mixing;
using Switchhook.Media.Recording;

namespace Switchhook.Media.Transport;

/// <content>Conference and recording of a leg.</content>
public sealed partial class MediaSession
{
    private MediaConference? _conference;
    private Seat? _seat;
    private Recorder? _recorder;

    /// <summary>
    /// Records the leg until it ends, by itself or by <see cref="MediaRecording.Stop"/>; replaces a recording under way. The end
    /// is told by <see cref="IMediaSink.OnRecordingEnded"/>.
    /// </summary>
    /// <returns>Null when the session is closed, too many recordings are under way, or the file cannot be made; see <see cref="MediaEngine.LastRecordingFailure"/>.</returns>
    public MediaRecording? StartRecording(RecordingSettings settings)
    {
        if (IsClosed || Thread.Engine.TryRecord(this, settings, 8_000) is not { } recording) return null;
        if (TryPost(new MediaCommand(MediaCommandKind.Record, this, recording.Recorder))) return recording;
        recording.Stop();
        return null;
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
        if (_recorder is not { } recorder) return;
        recorder.OnHeard(frame, nowNs);
        if (recorder.Ended != RecordingEnd.None) EndRecording(recorder.Ended);
    }

    private void OnRecord(Recorder recorder)
    {
        EndRecording(RecordingEnd.Replaced);
        _recorder = recorder;
        Rethink();
    }

    private void EndRecording(RecordingEnd why)
    {
        if (_recorder is not { } recorder) return;
        _recorder = null;
        recorder.End(why);
        recorder.Dispose();
        Rethink();
    }
}
