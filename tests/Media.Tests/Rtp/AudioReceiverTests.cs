using Switchhook.Media.Codecs;
using Switchhook.Media.Rtp;
using Switchhook.Media.Tests.Codecs;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Rtp;

public sealed class AudioReceiverTests
{
    private const long TickNs = 20_000_000;

    [Theory]
    [InlineData(AudioCodec.Pcmu)]
    [InlineData(AudioCodec.Pcma)]
    [InlineData(AudioCodec.G722)]
    [InlineData(AudioCodec.Opus)]
    public void A_tone_survives_the_loss_of_every_tenth_packet(AudioCodec codec)
    {
        var heard = Hear(codec, 500, 320, i => i % 10 == 7, out var receiver);

        Assert.InRange(Goertzel.Share(heard.AsSpan(4_000, 12_000), 500, 16_000), 0.9, 1.01);
        Assert.InRange(receiver.Concealed, 5, 15);
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu, 160)]
    [InlineData(AudioCodec.Pcmu, 320)]
    [InlineData(AudioCodec.G722, 160)]
    [InlineData(AudioCodec.Opus, 160)]
    public void Each_codec_is_heard_at_the_rate_that_is_wanted(AudioCodec codec, int frame)
    {
        var heard = Hear(codec, 1_000, frame, _ => false, out var receiver);

        Assert.InRange(Goertzel.Share(heard.AsSpan(frame * 10, frame * 30), 1_000, frame * 50), 0.98, 1.01);
        Assert.Equal(0, receiver.Concealed);
    }

    [Fact]
    public void What_is_made_up_fades_and_then_is_silence()
    {
        var concealer = new Concealer(8_000);
        concealer.OnHeard(Sounds.Sine(8_000, 200, 0.1));
        var made = new short[800];
        concealer.Conceal(made);

        Assert.InRange(Goertzel.Share(made.AsSpan(0, 80), 200), 0.8, 1.2);
        Assert.True(AudioReceiver.LevelOf(made.AsSpan(0, 80)) > 2 * AudioReceiver.LevelOf(made.AsSpan(320, 80)));
        Assert.All(made[480..], s => Assert.Equal(0, s));
    }

    [Fact]
    public void Packets_of_thirty_and_of_ten_milliseconds_are_played_too()
    {
        using var receiver = new AudioReceiver();
        var payload = Encode(AudioCodec.Pcma, Sounds.Sine(8_000, 700, 1.2));
        var heard = new List<short>();
        var frame = new short[160];
        var (sent, sequence) = (0, (ushort)0);
        for (var tick = 0; tick < 50; tick++)
        {
            while (sent < (tick + 1) * 160)
            {
                var octets = tick < 25 ? 240 : 80;
                receiver.Put(AudioCodec.Pcma, Header(sequence++, (uint)sent), payload.AsSpan(sent, octets), tick * TickNs);
                sent += octets;
            }

            receiver.Take(frame, tick * TickNs + 1, false);
            heard.AddRange(frame);
        }

        Assert.InRange(Goertzel.Share(heard.ToArray().AsSpan(1_600, 5_600), 700), 0.95, 1.01);
    }

    [Fact]
    public void Silent_packets_need_not_be_decoded()
    {
        using var receiver = new AudioReceiver();
        var frame = new short[160];
        var silence = Enumerable.Repeat((byte)0xFF, 160).ToArray();
        var kinds = new List<HeardFrame>();
        for (var i = 0; i < 20; i++)
        {
            receiver.Put(AudioCodec.Pcmu, Header((ushort)i, (uint)i * 160), silence, i * TickNs);
            kinds.Add(receiver.Take(frame, i * TickNs + 1, skipQuiet: true));
        }

        Assert.Equal(HeardFrame.Quiet, kinds[^1]);
        Assert.DoesNotContain(HeardFrame.Sound, kinds);
    }

    [Fact]
    public void Hearing_allocates_nothing()
    {
        using var receiver = new AudioReceiver();
        var payload = Encode(AudioCodec.G722, Sounds.Sine(16_000, 700, 0.02));
        var frame = new short[160];
        var allocated = 0L;
        for (var i = 0; i < 200; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (i % 7 != 3) receiver.Put(AudioCodec.G722, Header((ushort)i, (uint)i * 160), payload, i * TickNs);
            receiver.Take(frame, i * TickNs + 1);
            if (i > 50) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static short[] Hear(AudioCodec codec, double hz, int frameSamples, Func<int, bool> isLost, out AudioReceiver receiver)
    {
        receiver = new AudioReceiver();
        var rate = codec.SampleRateHz();
        var tone = Sounds.Sine(rate, hz, 1.2);
        using var encoder = AudioCodecs.CreateEncoder(codec, new OpusParameters(true, 0, 0, false));
        var heard = new List<short>();
        var frame = new short[frameSamples];
        var room = new byte[AudioCodecs.MostFrameOctets];
        for (var i = 0; i < 55; i++)
        {
            var octets = encoder.Encode(tone.AsSpan(i * rate / 50, rate / 50), room);
            if (!isLost(i)) receiver.Put(codec, Header((ushort)i, (uint)i * codec.FrameUnits()), room.AsSpan(0, octets), i * TickNs);
            receiver.Take(frame, i * TickNs + 1);
            heard.AddRange(frame);
        }

        receiver.Dispose();
        return [.. heard];
    }

    private static byte[] Encode(AudioCodec codec, short[] samples)
    {
        var room = new byte[samples.Length];
        return room[..AudioCodecs.CreateEncoder(codec).Encode(samples, room)];
    }

    private static RtpHeader Header(ushort sequence, uint timestamp) => new()
    {
        PayloadType = 0,
        Marker = false,
        Sequence = sequence,
        Timestamp = timestamp,
        Ssrc = 1,
        PayloadAt = 12,
        PayloadLength = 160,
    };
}
