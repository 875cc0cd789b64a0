using System.Diagnostics;
using System.Net;
using Switchhook.Media.Codecs;
using Switchhook.Media.Sdp;
using Switchhook.Media.Transport;
using Switchhook.TestKit.Timing;

namespace Switchhook.Media.Tests.Transport;

/// <summary>A media engine on real loopback sockets whose thread is the test and whose clock stands still unless told.</summary>
internal sealed class Studio : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly List<IDisposable> _phones = [];

    public Studio(TimeSpan silenceAfter = default, int firstPort = 0, int lastPort = 0)
    {
        Engine = MediaEngine.StartManual(new MediaOptions(IPAddress.Loopback, null, firstPort, lastPort, SilenceAfter: silenceAfter), Heard, Time);
    }

    public ManualTime Time { get; } = new();

    public RecordingSink Heard { get; } = new();

    public MediaEngine Engine { get; }

    /// <summary>A phone on an address of its own.</summary>
    public Phone Phone(string address = "127.0.0.1")
    {
        var phone = new Phone(IPAddress.Parse(address), Time);
        _phones.Add(phone);
        return phone;
    }

    /// <summary>A phone and the session that serves it, agreed and ready.</summary>
    public (Phone Phone, MediaSession Session) Leg(AudioCodec codec = AudioCodec.Pcmu, string address = "127.0.0.1", byte? events = 101)
    {
        var phone = Phone(address);
        var session = Engine.TryOpen(null)!;
        session.Configure(Flow(phone.Local, codec, events));
        phone.Remote = session.Local;
        Engine.Pump(0);
        return (phone, session);
    }

    public static MediaFlow Flow(IPEndPoint remote, AudioCodec codec = AudioCodec.Pcmu, byte? events = 101,
        MediaDirection direction = MediaDirection.SendRecv, int packetTimeMs = 20)
    {
        var type = (byte)(codec == AudioCodec.Pcmu ? 0 : 8);
        return new MediaFlow(remote, new IPEndPoint(remote.Address, remote.Port + 1), codec, type, type, events, events, direction, packetTimeMs);
    }

    /// <summary>Runs the engine until it is so; the clock does not move.</summary>
    public void Until(Func<bool> so)
    {
        var started = Stopwatch.GetTimestamp();
        while (!so())
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline) throw new TimeoutException("The engine never got there.");
            Engine.Pump(5);
        }
    }

    /// <summary>Runs the engine until everything the phones sent so far has been taken in or refused.</summary>
    public void Settle() => Until(() => Engine.PacketsReceived + Engine.Rejected >= _phones.OfType<Phone>().Sum(p => p.Sent));

    /// <summary>Lets so many milliseconds pass in steps of ten.</summary>
    public void Pass(int milliseconds)
    {
        Engine.Pump(0);
        for (var gone = 0; gone < milliseconds; gone += 10)
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            Engine.Pump(0);
        }
    }

    public void Dispose()
    {
        Engine.Dispose();
        foreach (var phone in _phones) phone.Dispose();
    }
}

/// <summary>Writes down what the engine says.</summary>
internal sealed class RecordingSink : IMediaSink
{
    public List<(MediaSession Session, char Digit, int DurationMs)> Digits { get; } = [];
    public List<(MediaSession Session, char Digit)> Begun { get; } = [];
    public List<(MediaSession Session, long Playback, PlaybackEnd Why, TimeSpan Position)> Playbacks { get; } = [];
    public List<(MediaSession Session, TimeSpan Since)> Silences { get; } = [];
    public List<(double Hz, int DurationMs)> Tones { get; } = [];
    public List<MediaRecording> Recorded { get; } = [];
    public List<(MediaRecording Recording, string? Failure)> Converted { get; } = [];
    public List<(MediaRecording Recording, string Failure)> NotCopied { get; } = [];

    public void OnRecordingEnded(MediaRecording recording)
    {
        lock (Recorded) Recorded.Add(recording);
    }

    public void OnRecordingConverted(MediaRecording recording, string? failure)
    {
        lock (Converted) Converted.Add((recording, failure));
    }

    public void OnRecordingNotCopied(MediaRecording recording, string failure)
    {
        lock (NotCopied) NotCopied.Add((recording, failure));
    }

    public void OnDigitBegan(MediaSession session, char digit) => Begun.Add((session, digit));

    public void OnDigit(MediaSession session, char digit, int durationMs) => Digits.Add((session, digit, durationMs));

    public void OnPlaybackEnded(MediaSession session, long playback, PlaybackEnd why, TimeSpan position) => Playbacks.Add((session, playback, why, position));

    public void OnTone(MediaSession session, double frequencyHz, int durationMs) => Tones.Add((frequencyHz, durationMs));

    public void OnSilence(MediaSession session, TimeSpan since) => Silences.Add((session, since));
}
