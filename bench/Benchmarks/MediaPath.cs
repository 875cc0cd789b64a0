using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;
using Switchhook.Media.Sdp;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;

namespace Switchhook.Benchmarks;

/// <summary>What one audio packet costs: relayed between two legs, and played from a prompt. Both must allocate nothing.</summary>
[MemoryDiagnoser]
public class MediaPath : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly MediaEngine _engine;
    private readonly Socket _caller = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _callee = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly SocketAddress _toSame;
    private readonly SocketAddress _toOther;
    private readonly byte[] _packet = new byte[172];
    private readonly byte[] _room = new byte[2_048];

    public MediaPath()
    {
        _engine = MediaEngine.StartManual(new MediaOptions(IPAddress.Loopback, null, 0, 0), new Deaf(), _time);
        _caller.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _callee.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _toSame = Bridged(AudioCodec.Pcmu);
        _toOther = Bridged(AudioCodec.Pcma);
        var playing = Open(_callee, AudioCodec.Pcmu);
        _ = playing.Play(Prompt.FromTone("tone", Tone.Ringback), loop: true);
        _engine.Pump(0);
        _packet[0] = 0x80;
    }

    /// <summary>Sent by a phone, relayed untouched, received by a phone.</summary>
    [Benchmark(Baseline = true)]
    public int Relay() => Through(_toSame);

    /// <summary>The same with a translation from µ-law to A-law.</summary>
    [Benchmark]
    public int Transcode() => Through(_toOther);

    /// <summary>Twenty milliseconds of a prompt.</summary>
    [Benchmark]
    public int Play()
    {
        _time.Step(20);
        _engine.Pump(0);
        return Drained();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _engine.Dispose();
        _caller.Dispose();
        _callee.Dispose();
        GC.SuppressFinalize(this);
    }

    private int Through(SocketAddress to)
    {
        _packet[3]++;
        if (_packet[3] == 0) _packet[2]++;
        _time.Step(3);
        var before = _engine.PacketsReceived;
        _ = _caller.SendTo(_packet, SocketFlags.None, to);
        while (_engine.PacketsReceived == before) _engine.Pump(1);
        return Drained();
    }

    private int Drained()
    {
        var octets = 0;
        while (_callee.Available > 0) octets += _callee.Receive(_room);
        return octets;
    }

    private SocketAddress Bridged(AudioCodec calleeCodec)
    {
        var (a, b) = (Open(_caller, AudioCodec.Pcmu), Open(_callee, calleeCodec));
        _ = a.Bridge(b);
        return a.Local.Serialize();
    }

    private MediaSession Open(Socket phone, AudioCodec codec)
    {
        var session = _engine.TryOpen(null)!;
        var type = (byte)(codec == AudioCodec.Pcmu ? 0 : 8);
        _ = session.Configure(new MediaFlow((IPEndPoint)phone.LocalEndPoint!, null, codec, type, type, 101, 101, MediaDirection.SendRecv));
        return session;
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(int milliseconds) => _ticks += milliseconds * TimeSpan.TicksPerMillisecond;

        public override long GetTimestamp() => _ticks;
    }

    private sealed class Deaf : IMediaSink
    {
        public void OnDigit(MediaSession session, char digit, int durationMs) { }

        public void OnPlaybackEnded(MediaSession session, long playback, PlaybackEnd why, TimeSpan position) { }

        public void OnSilence(MediaSession session, TimeSpan since) { }
    }
}
