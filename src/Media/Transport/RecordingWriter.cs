using System.Runtime.InteropServices;
using Switchhook.Media.Recording;

namespace Switchhook.Media.Transport;

/// <summary>The thread that writes every recording: empties their rings several times a second and keeps the headers true.</summary>
internal sealed class RecordingWriter : IDisposable
{
    /// <summary>Recordings at the same time; more are refused.</summary>
    public const int Most = 2_000;

    private const int TurnMs = 200;
    private const string TooManyWait = "too many conversions wait";
    private const int HeaderEveryFrames = 50;               // a second

    private readonly MediaEngine _engine;
    private readonly WorkQueue _conversions;
    private readonly Lock _gate = new();
    private readonly List<MediaRecording> _open = [];
    private readonly List<MediaRecording> _turn = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly short[] _samples = new short[128 * 640];
    private Thread? _thread;
    private volatile bool _stopping;
    private volatile string? _lastFailure;

    public RecordingWriter(MediaEngine engine)
    {
        _engine = engine;
        _conversions = new WorkQueue("media-mp3", capacity: 1_000);
    }

    public int Count
    {
        get { lock (_gate) return _open.Count; }
    }

    public string? LastFailure => _lastFailure;

    public void Wake() => _wake.Set();

    public MediaRecording? TryOpen(MediaSession? session, RecordingSettings settings, int usualRateHz)
    {
        var rate = settings.SampleRateHz switch { 0 => usualRateHz, <= 8_000 => 8_000, _ => 16_000 };
        var recorder = new Recorder(settings, rate);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(settings.Path)) is { } directory) _ = Directory.CreateDirectory(directory);
            var file = new FileStream(settings.Path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var recording = new MediaRecording(this, session, settings, recorder, file, _engine.Clock.ToUtc(_engine.Clock.NowNs));
            WriteHeader(recording, 0);
            Describe(recording, RecordingDescription.Recording);
            lock (_gate)
            {
                if (_stopping || _open.Count >= Most)
                {
                    _lastFailure = "too many recordings are under way";
                    file.Dispose();
                    return null;
                }

                _open.Add(recording);
                _thread ??= Start();
            }

            return recording;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _lastFailure = $"{settings.Path}: {e.Message}";
            return null;
        }
    }

    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        _wake.Set();
        _thread?.Join();
        _conversions.Dispose();
        _wake.Dispose();
    }

    private Thread Start()
    {
        var thread = new Thread(Run) { Name = "media-recordings", IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        while (!_stopping)
        {
            _ = _wake.WaitOne(TurnMs);
            Turn();
        }

        lock (_gate)
            foreach (var recording in _open) recording.Recorder.End(RecordingEnd.Closed);
        Turn();
    }

    private void Turn()
    {
        _turn.Clear();
        lock (_gate) _turn.AddRange(_open);
        foreach (var recording in _turn)
        {
            var end = recording.End;                        // read before the ring: what came before the end is in it
            try
            {
                Write(recording, end != RecordingEnd.None);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _lastFailure = $"{recording.Path}: {e.Message}";
                recording.Recorder.End(RecordingEnd.WriteFailed);
                end = recording.End;
            }

            if (end != RecordingEnd.None) Finish(recording);
        }
    }

    private void Write(MediaRecording recording, bool isLast)
    {
        while (recording.Recorder.Drain(_samples) is > 0 and var count) recording.File.Write(MemoryMarshal.AsBytes(_samples.AsSpan(0, count)));
        var frames = recording.Recorder.Frames;
        if (!isLast && frames - recording.HeaderFrames < HeaderEveryFrames) return;
        recording.HeaderFrames = frames;
        var end = recording.File.Position;
        WriteHeader(recording, end - WavHeader.Size);
        recording.File.Position = end;
    }

    private static void WriteHeader(MediaRecording recording, long dataOctets)
    {
        Span<byte> header = stackalloc byte[WavHeader.Size];
        WavHeader.Write(header, recording.Recorder.SampleRateHz, recording.Recorder.Channels, dataOctets);
        recording.File.Position = 0;
        recording.File.Write(header);
    }

    private static void Describe(MediaRecording recording, string state)
    {
        var r = recording.Recorder;
        File.WriteAllBytes(RecordingDescription.PathOf(recording.Path), RecordingDescription.Write(
            recording.Settings, recording.StartedAt, r.SampleRateHz, r.Channels, state, r.Ended, recording.Length, r.Dropped));
    }

    private void Finish(MediaRecording recording)
    {
        lock (_gate) _ = _open.Remove(recording);
        try
        {
            recording.File.Dispose();
            Describe(recording, RecordingDescription.Finished);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lastFailure = $"{recording.Path}: {e.Message}";
        }

        _engine.Sink.OnRecordingEnded(recording);
        if (recording.Settings is { Mp3: false, AlsoIn: not null } && !_conversions.TryPost(() => CopyOf(recording, recording.Path))) NotCopied(recording, TooManyWait);
        if (recording.Settings.Mp3 && !_conversions.TryPost(() => Convert(recording))) NotConverted(recording);
    }

    private void Convert(MediaRecording recording)
    {
        var failure = Ffmpeg.ToMp3(recording.Path, recording.Mp3Path);
        if (failure is not null) _lastFailure = failure;
        CopyOf(recording, failure is null ? recording.Mp3Path : recording.Path);
        _engine.Sink.OnRecordingConverted(recording, failure);
    }

    private void CopyOf(MediaRecording recording, string file)
    {
        if (recording.Settings.AlsoIn is not { } directory) return;
        try
        {
            _ = Directory.CreateDirectory(directory);
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            NotCopied(recording, $"{directory}: {e.Message}");
        }
    }

    private void NotConverted(MediaRecording recording)
    {
        if (recording.Settings.AlsoIn is not null) NotCopied(recording, TooManyWait);
        _engine.Sink.OnRecordingConverted(recording, TooManyWait);
    }

    private void NotCopied(MediaRecording recording, string failure)
    {
        _lastFailure = failure;
        _engine.Sink.OnRecordingNotCopied(recording, failure);
    }
}
