using System.Net;
using Switchhook.Media.Codecs;
using Switchhook.Media.Rtp;
using Switchhook.Media.Sdp;
using Switchhook.Media.Tests.Codecs;
using Switchhook.Media.Transport;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Transport;

/// <summary>A phone that says a tone in a codec, packet by packet, and keeps what it hears.</summary>
internal sealed class Talk : IDisposable
{
    public const byte OpusType = 111;

    private readonly Studio _studio;
    private readonly AudioCodec _codec;
    private readonly double _hz;
    private readonly IAudioEncoder _encoder;
    private readonly IAudioDecoder _decoder;
    private readonly byte[] _room = new byte[AudioCodecs.MostFrameOctets];
    private int _spoken;

    public Talk(Studio studio, AudioCodec codec, double hz, byte? events = 101)
    {
        (_studio, _codec, _hz) = (studio, codec, hz);
        (_encoder, _decoder) = (AudioCodecs.CreateEncoder(codec), AudioCodecs.CreateDecoder(codec));
        Phone = studio.Phone();
        Session = studio.Engine.TryOpen(null)!;
        Session.Configure(Flow(Phone.Local, codec, events));
        Phone.Remote = Session.Local;
        studio.Engine.Pump(0);
    }

    public Phone Phone { get; }

    public MediaSession Session { get; }

    /// <summary>Samples heard, at the codec's rate.</summary>
    public List<short> Heard { get; } = [];

    public List<RtpPacket> Packets { get; } = [];

    public static MediaFlow Flow(IPEndPoint remote, AudioCodec codec, byte? events = 101)
    {
        byte type = codec switch { AudioCodec.Pcmu => 0, AudioCodec.Pcma => 8, AudioCodec.G722 => 9, _ => OpusType };
        return new MediaFlow(remote, null, codec, type, type, events, events, MediaDirection.SendRecv);
    }

    public void Say()
    {
        var rate = _codec.SampleRateHz();
        var frame = new short[_codec.FrameSamples()];
        for (var i = 0; i < frame.Length; i++) frame[i] = (short)(5_000 * Math.Sin(2 * Math.PI * _hz * (_spoken * frame.Length + i) / rate));
        _spoken++;
        Say(frame);
    }

    public void Say(short[] frame)
    {
        var octets = _encoder.Encode(frame, _room);
        byte type = _codec switch { AudioCodec.Pcmu => 0, AudioCodec.Pcma => 8, AudioCodec.G722 => 9, _ => OpusType };
        Phone.Send(new RtpPacket(type, false, Phone.Sequence++, Phone.Timestamp, Phone.Source, _room[..octets]));
        Phone.Timestamp += _codec.FrameUnits();
    }

    public void Listen()
    {
        var room = new short[1_920];
        foreach (var packet in Phone.ReceiveAll())
        {
            Packets.Add(packet);
            if (packet.PayloadType != 101) Heard.AddRange(room.AsSpan(0, _decoder.Decode(packet.Payload, room)));
        }
    }

    public double Share(double hz)
    {
        var from = Heard.Count / 3;
        return Goertzel.Share(Heard.ToArray().AsSpan(from, Heard.Count - from - 1), hz, _codec.SampleRateHz());
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    /// <summary>Lets the given ones speak and all listen, tick by tick.</summary>
    public static void Run(Studio studio, int ticks, Talk[] all, params Talk[] speaking)
    {
        for (var i = 0; i < ticks; i++)
        {
            foreach (var talk in speaking) talk.Say();
            studio.Settle();
            studio.Pass(20);
            foreach (var talk in all) talk.Listen();
        }
    }
}
