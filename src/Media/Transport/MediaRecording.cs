using Switchhook.Media.Recording;

namespace Switchhook.Media.Transport;

/// <summary>A recording under way, or over. Methods may be called from any thread.</summary>
public sealed class MediaRecording
{
    private readonly RecordingWriter _writer;

    internal MediaRecording(RecordingWriter writer, MediaSession? session, RecordingSettings settings, Recorder recorder, FileStream file, DateTimeOffset startedAt)
    {
        (_writer, Session, Settings, Recorder, File, StartedAt) = (writer, session, settings, recorder, file, startedAt);
    }

    /// <summary>The leg recorded; null for a conference.</summary>
    public MediaSession? Session { get; }

    /// <summary>What was asked for.</summary>
    public RecordingSettings Settings { get; }

    /// <summary>The WAV file.</summary>
    public string Path => Settings.Path;

    /// <summary>The MP3 file, where one is made.</summary>
    public string Mp3Path => System.IO.Path.ChangeExtension(Settings.Path, ".mp3");

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Length so far, pauses not counted.</summary>
    public TimeSpan Length => TimeSpan.FromMilliseconds(Recorder.Frames * 20);

    /// <summary>Why it ended; <see cref="RecordingEnd.None"/> while it goes on.</summary>
    public RecordingEnd End => Recorder.Ended;

    internal Recorder Recorder { get; }

    internal FileStream File { get; }

    internal long HeaderFrames { get; set; }

    /// <summary>Leaves out what is said from now on.</summary>
    public void Pause() => Recorder.IsPaused = true;

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume() => Recorder.IsPaused = false;

    /// <summary>Ends it. The file is complete when <see cref="IMediaSink.OnRecordingEnded"/> says so.</summary>
    public void Stop()
    {
        Recorder.End(RecordingEnd.Stopped);
        _writer.Wake();
    }
}
