using Switchhook.Media.Codecs;
using Switchhook.Media.Mixing;
using Switchhook.Media.Rtp;

namespace Switchhook.Media.Recording;

/// <summary>
/// The media thread's end of a recording: brings both sides to frames of 20 ms and puts them into a ring that the writer
/// empties. Decides when silence, a key or the length ends it. One thread writes into the ring, one reads.
/// </summary>
internal sealed class Recorder : IDisposable
{
    private const int RingFrames = 128;                     // 2.5 s: what a slow disk may take

    private readonly RecordingSettings _settings;
    private readonly short[] _ring;
    private readonly short[] _heard = new short[320];
    private readonly short[] _sent = new short[320];
    private readonly AudioReceiver? _sentReceiver;
    private readonly int _frameSamples;
    private readonly long _mostFrames;
    private readonly int _silenceLevel;
    private readonly int _silentFrames;
    private RateChange _rate;
    private long _written;                                  // frames put in
    private long _read;                                     // frames taken out
    private long _dropped;
    private int _silence;
    private int _paused;
    private int _end;

    public Recorder(RecordingSettings settings, int sampleRateHz)
    {
        _settings = settings;
        SampleRateHz = sampleRateHz;
        Channels = settings is { Sides: RecordingSides.Both, Stereo: true } ? 2 : 1;
        _frameSamples = sampleRateHz / 50 * Channels;
        _ring = new short[RingFrames * _frameSamples];
        if (settings.Sides != RecordingSides.Heard) _sentReceiver = new AudioReceiver();
        _mostFrames = (long)(settings.MostLength > TimeSpan.Zero ? settings.MostLength : TimeSpan.FromHours(4)).TotalMilliseconds / AudioCodecs.FrameMs;
        _silenceLevel = settings.SilenceLevel > 0 ? settings.SilenceLevel : AudioReceiver.QuietLevel;
        _silentFrames = (int)(settings.EndSilence.TotalMilliseconds / AudioCodecs.FrameMs);
    }

    /// <summary>It goes on beside another of the same leg.</summary>
    public bool IsBeside => _settings.Beside;

    public int SampleRateHz { get; }

    public int Channels { get; }

    public RecordingEnd Ended => (RecordingEnd)Volatile.Read(ref _end);

    public bool IsPaused
    {
        get => Volatile.Read(ref _paused) != 0;
        set => Volatile.Write(ref _paused, value ? 1 : 0);
    }

    /// <summary>Frames recorded.</summary>
    public long Frames => Volatile.Read(ref _written);

    /// <summary>Frames left out because the disk was too slow for the ring.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The first reason counts.</summary>
    public void End(RecordingEnd why) => Interlocked.CompareExchange(ref _end, (int)why, (int)RecordingEnd.None);

    public void OnDigit(char digit)
    {
        if (_settings.EndKeys.Contains(digit, StringComparison.OrdinalIgnoreCase)) End(RecordingEnd.Key);
    }

    /// <summary>What was sent to the far side, packet by packet.</summary>
    public void OnSent(AudioCodec codec, in RtpHeader header, ReadOnlySpan<byte> payload, long nowNs) => _sentReceiver?.Put(codec, header, payload, nowNs);

    /// <summary>A tick: 20 ms of the far side, 160 or 320 samples.</summary>
    public void OnHeard(ReadOnlySpan<short> frame, long nowNs)
    {
        if (Ended != RecordingEnd.None) return;
        var samples = SampleRateHz / 50;
        var heard = _heard.AsSpan(0, samples);
        var sent = _sent.AsSpan(0, samples);
        _rate.To(frame, frame.Length * 50, SampleRateHz).CopyTo(heard);
        if (_sentReceiver is null) sent.Clear();
        else _ = _sentReceiver.Take(sent, nowNs);
        if (IsPaused) return;

        Watch(heard);
        if (_written - Volatile.Read(ref _read) >= RingFrames)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }

        Mix(heard, sent, _ring.AsSpan((int)(_written % RingFrames) * _frameSamples, _frameSamples));
        Volatile.Write(ref _written, _written + 1);
        if (_written + _dropped >= _mostFrames) End(RecordingEnd.Length);
    }

    /// <summary>Hands the frames that wait to the writer; returns how many samples it took.</summary>
    public int Drain(Span<short> room)
    {
        var frames = (int)Math.Min(Volatile.Read(ref _written) - _read, room.Length / _frameSamples);
        for (var i = 0; i < frames; i++)
            _ring.AsSpan((int)((_read + i) % RingFrames) * _frameSamples, _frameSamples).CopyTo(room[(i * _frameSamples)..]);
        Volatile.Write(ref _read, _read + frames);
        return frames * _frameSamples;
    }

    /// <summary>By the media thread that fed it.</summary>
    public void Dispose() => _sentReceiver?.Dispose();

    private void Watch(ReadOnlySpan<short> heard)
    {
        if (_silentFrames == 0) return;
        _silence = AudioReceiver.LevelOf(heard) < _silenceLevel ? _silence + 1 : 0;
        if (_silence >= _silentFrames) End(RecordingEnd.Silence);
    }

    private void Mix(ReadOnlySpan<short> heard, ReadOnlySpan<short> sent, Span<short> frame)
    {
        if (Channels == 2)
        {
            for (var i = 0; i < heard.Length; i++) (frame[2 * i], frame[2 * i + 1]) = (heard[i], sent[i]);
            return;
        }

        switch (_settings.Sides)
        {
            case RecordingSides.Heard: heard.CopyTo(frame); break;
            case RecordingSides.Sent: sent.CopyTo(frame); break;
            default:
                for (var i = 0; i < heard.Length; i++) frame[i] = (short)Math.Clamp(heard[i] + sent[i], short.MinValue, short.MaxValue);
                break;
        }
    }
}
