using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Switchhook.Media.Codecs;
using Switchhook.Media.Mixing;
using Switchhook.Media.Prompts;
using Switchhook.Media.Recording;
using Switchhook.Media.Sdp;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;

namespace Switchhook.Benchmarks;

/// <summary>What 20 ms of many legs cost the media thread, packets in and out included: prompts, conferences, transcoding, recordings.</summary>
[MemoryDiagnoser]
public class AudioTicks : IDisposable
{
    private readonly SteppedTime _time = new();
    private readonly List<Socket> _phones = [];
    private readonly List<(Socket Phone, SocketAddress To, AudioCodec Codec, byte[] Packet)> _speaking = [];
    private readonly byte[] _room = new byte[2_048];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchhook-bench-");
    private MediaEngine? _engine;
    private int _sent;

    /// <summary>What the legs do.</summary>
    [Params("prompt400", "conference100", "conference100opus", "conferences50x4", "transcode20", "recordings200")]
    public string Scene { get; set; } = "prompt400";

    /// <summary>Builds the scene.</summary>
    [GlobalSetup]
    public void Build()
    {
        _engine = MediaEngine.StartManual(new MediaOptions(IPAddress.Loopback, null, 0, 0), new Deaf(), _time);
        switch (Scene)
        {
            case "prompt400": Prompts(400); break;
            case "conference100": Conferences(1, 100, 20, AudioCodec.Pcmu); break;
            case "conference100opus": Conferences(1, 100, 20, AudioCodec.Opus); break;
            case "conferences50x4": Conferences(50, 4, 2, AudioCodec.Pcmu); break;
            case "transcode20": Transcode(20); break;
            case "recordings200": Record(200); break;
        }

        _engine.Pump(0);
        for (var i = 0; i < 100; i++) _ = Tick();
    }

    /// <summary>20 ms of the whole scene.</summary>
    [Benchmark]
    public long Tick()
    {
        foreach (var (phone, to, codec, packet) in _speaking)
        {
            var (sequence, timestamp) = ((ushort)_sent, (uint)_sent * (codec == AudioCodec.Opus ? 960u : 160u));
            (packet[2], packet[3]) = ((byte)(sequence >> 8), (byte)sequence);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
            _ = phone.SendTo(packet, SocketFlags.None, to);
        }

        _sent++;
        _time.Step(20);
        var wanted = _engine!.PacketsReceived + _speaking.Count;
        do _engine.Pump(0); while (_engine.PacketsReceived < wanted);
        foreach (var phone in _phones)
            while (phone.Available > 0) _ = phone.Receive(_room);
        return _engine.PacketsSent;
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _engine?.Dispose();
        foreach (var phone in _phones) phone.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private void Prompts(int legs)
    {
        var prompt = Prompt.FromTone("tone", Tone.Ringback);
        for (var i = 0; i < legs; i++) _ = Open(AudioCodec.Pcma, speaks: false).Play(prompt, loop: true);
    }

    private void Conferences(int count, int legs, int speaking, AudioCodec codec)
    {
        for (var c = 0; c < count; c++)
        {
            var conference = _engine!.CreateConference(new ConferenceOptions());
            for (var i = 0; i < legs; i++) _ = conference.Join(Open(codec, i < speaking));
        }
    }

    private void Transcode(int calls)
    {
        for (var i = 0; i < calls; i++) _ = Open(AudioCodec.Pcmu, speaks: true).Bridge(Open(AudioCodec.Opus, speaks: true));
    }

    private void Record(int legs)
    {
        for (var i = 0; i < legs; i++)
            _ = Open(AudioCodec.Pcma, speaks: true).StartRecording(new RecordingSettings { Path = Path.Combine(_folder.FullName, $"{i}.wav") });
    }

    private MediaSession Open(AudioCodec codec, bool speaks)
    {
        var phone = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        phone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _phones.Add(phone);
        var session = _engine!.TryOpen(null)!;
        byte type = codec switch { AudioCodec.Pcmu => 0, AudioCodec.Pcma => 8, AudioCodec.G722 => 9, _ => 111 };
        _ = session.Configure(new MediaFlow((IPEndPoint)phone.LocalEndPoint!, null, codec, type, type, 101, 101, MediaDirection.SendRecv));
        if (!speaks) return session;

        var tone = new short[codec.FrameSamples()];
        for (var i = 0; i < tone.Length; i++) tone[i] = (short)(4_000 * Math.Sin(2 * Math.PI * 500 * i / codec.SampleRateHz()));
        using var encoder = AudioCodecs.CreateEncoder(codec);
        var payload = new byte[AudioCodecs.MostFrameOctets];
        var octets = encoder.Encode(tone, payload);
        _speaking.Add((phone, session.Local.Serialize(), codec, [0x80, type, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, .. payload.AsSpan(0, octets)]));
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
