using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Transport;

public sealed class TranscodingTests : IDisposable
{
    private readonly Studio _studio = new();

    public void Dispose() => _studio.Dispose();

    [Theory]
    [InlineData(AudioCodec.Pcmu, AudioCodec.G722)]
    [InlineData(AudioCodec.G722, AudioCodec.Pcma)]
    [InlineData(AudioCodec.Opus, AudioCodec.Pcmu)]
    [InlineData(AudioCodec.Pcma, AudioCodec.Opus)]
    [InlineData(AudioCodec.G722, AudioCodec.Opus)]
    public void Two_codecs_are_bridged_both_ways(AudioCodec one, AudioCodec other)
    {
        using var a = new Talk(_studio, one, 600);
        using var b = new Talk(_studio, other, 900);
        Assert.True(a.Session.Bridge(b.Session));

        Talk.Run(_studio, 60, [a, b], a, b);

        Assert.InRange(a.Share(900), 0.8, 1.02);
        Assert.InRange(b.Share(600), 0.8, 1.02);
        Assert.InRange(b.Packets.Count, 55, 60);
        Assert.All(b.Packets.Zip(b.Packets.Skip(1)), p => Assert.Equal(
            (p.First.Timestamp + other.FrameUnits(), (ushort)(p.First.Sequence + 1)), (p.Second.Timestamp, p.Second.Sequence)));
    }

    [Theory]
    [InlineData(AudioCodec.G722)]
    [InlineData(AudioCodec.Opus)]
    public void Payloads_of_the_same_codec_pass_untouched(AudioCodec codec)
    {
        using var a = new Talk(_studio, codec, 600);
        using var b = new Talk(_studio, codec, 900);
        a.Session.Bridge(b.Session);
        _studio.Engine.Pump(0);

        var sent = new RtpPacket(codec == AudioCodec.G722 ? 9 : Talk.OpusType, false, 1, 1, 1, [0x0B, 1, 2, 3]);
        a.Phone.Send(sent);
        _studio.Settle();

        Assert.Equal(sent.Payload, b.Phone.Receive().Payload);
    }

    [Fact]
    public void A_change_of_codec_while_bridged_begins_and_ends_transcoding()
    {
        using var a = new Talk(_studio, AudioCodec.G722, 600);
        using var b = new Talk(_studio, AudioCodec.Pcmu, 900);
        a.Session.Bridge(b.Session);
        Talk.Run(_studio, 10, [a, b], a, b);

        using var c = new Talk(_studio, AudioCodec.Pcma, 700);
        a.Session.Configure(Talk.Flow(a.Phone.Local, AudioCodec.Pcmu));
        _studio.Engine.Pump(0);
        a.Phone.Send(0, [1, 2, 3]);
        _studio.Settle();
        b.Listen();

        Assert.Equal([1, 2, 3], b.Packets[^1].Payload);
    }

    [Fact]
    public void A_key_pressed_by_event_is_pressed_again_for_the_other_codec()
    {
        using var a = new Talk(_studio, AudioCodec.Opus, 600);
        using var b = new Talk(_studio, AudioCodec.Pcmu, 900);
        a.Session.Bridge(b.Session);
        Talk.Run(_studio, 10, [a, b], a, b);

        for (var i = 0; i < 3; i++) a.Phone.SendEvent(5, true, 800);
        _studio.Settle();
        _studio.Pass(300);
        b.Listen();

        Assert.Equal([(a.Session, '5', 100)], _studio.Heard.Digits);
        Assert.Equal(7, b.Packets.Count(p => p.PayloadType == 101 && p.Payload[0] == 5));
    }

    [Fact]
    public void Digits_are_sent_as_tones_to_whom_no_events_were_agreed_with_and_heard_by_them()
    {
        using var a = new Talk(_studio, AudioCodec.Pcma, 600, events: null);

        a.Session.SendDigits("159#D");
        Talk.Run(_studio, 50, [a]);
        var said = a.Heard.ToArray();
        foreach (var frame in said.Chunk(160).Where(f => f.Length == 160)) a.Say(frame);
        _studio.Settle();

        Assert.Equal("159#D", string.Concat(_studio.Heard.Digits.Select(d => d.Digit)));
        Assert.All(_studio.Heard.Digits, d => Assert.InRange(d.DurationMs, 75, 115));
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu)]
    [InlineData(AudioCodec.Pcma)]
    [InlineData(AudioCodec.G722)]
    [InlineData(AudioCodec.Opus)]
    public void The_tones_of_an_alarm_receiver_are_heard_in_any_codec(AudioCodec codec)
    {
        using var a = new Talk(_studio, codec, 600);
        a.Session.ListenForTones(1_400, 2_300);
        short[] said = [.. new short[1_600], .. Sound(ContactId.Handshake), .. new short[3_200], .. Sound(ContactId.Acknowledgement), .. new short[6_400]];

        foreach (var frame in said.Chunk(codec.FrameSamples()))
        {
            a.Say(frame);
            _studio.Settle();
            _studio.Pass(20);
        }

        Assert.Equal([1_400, 2_300, 1_400], _studio.Heard.Tones.Select(t => t.Hz));
        Assert.Equal([true, true, false], _studio.Heard.Tones.Select(t => t.DurationMs < 200));
        Assert.InRange(_studio.Heard.Tones[2].DurationMs, 700, 860);

        short[] Sound(Tone tone) => Prompt.FromTone("tone", tone).SamplesAt(codec.SampleRateHz());
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu)]
    [InlineData(AudioCodec.G722)]
    [InlineData(AudioCodec.Opus)]
    public void The_keys_of_an_alarm_panel_without_events_go_and_come_as_tones_in_any_codec(AudioCodec codec)
    {
        using var a = new Talk(_studio, codec, 600, events: null);
        var message = new ContactId("1234", '3', "130", "01", "015").ToKeys()!;

        a.Session.SendDigits(message);
        Talk.Run(_studio, 160, [a]);
        var said = a.Heard.ToArray();
        foreach (var frame in said.Chunk(codec.FrameSamples()).Where(f => f.Length == codec.FrameSamples()))
        {
            a.Say(frame);
            _studio.Settle();
            _studio.Pass(20);
        }

        Assert.Equal(message, string.Concat(_studio.Heard.Digits.Select(d => d.Digit)));
    }

    [Theory]
    [InlineData(AudioCodec.G722)]
    [InlineData(AudioCodec.Opus)]
    public void A_prompt_is_heard_in_any_codec_from_its_first_frame_on(AudioCodec codec)
    {
        using var a = new Talk(_studio, codec, 600);
        var prompt = Prompt.FromTone("tone", new Tone(440, 0, TimeSpan.FromSeconds(1), TimeSpan.Zero));

        a.Session.Play(prompt, loop: false);
        Talk.Run(_studio, 55, [a]);
        var unprepared = a.Share(440);
        var first = a.Packets.Count;
        prompt.Prepare(codec);
        a.Session.Play(prompt, loop: false);
        Talk.Run(_studio, 55, [a]);

        Assert.Equal((50, 100), (first, a.Packets.Count));
        Assert.InRange(unprepared, 0.9, 1.02);
        Assert.InRange(Goertzel.Share(a.Heard.ToArray().AsSpan(18_000, 12_000), 440, 16_000), 0.9, 1.02);
    }

    [Fact]
    public void Transcoding_allocates_nothing()
    {
        using var a = new Talk(_studio, AudioCodec.G722, 600);
        using var b = new Talk(_studio, AudioCodec.Opus, 900);
        a.Session.Bridge(b.Session);
        Talk.Run(_studio, 100, [a, b], a, b);

        var allocated = 0L;
        for (var i = 0; i < 20; i++)
        {
            a.Say();
            b.Say();
            var before = GC.GetAllocatedBytesForCurrentThread();
            _studio.Engine.Pump(0);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            _studio.Time.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Equal(0, allocated);
    }
}
