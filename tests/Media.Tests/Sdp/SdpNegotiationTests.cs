using System.Net;
using System.Text;
using Switchhook.Media.Codecs;
using Switchhook.Media.Sdp;

namespace Switchhook.Media.Tests.Sdp;

public sealed class SdpNegotiationTests
{
    private static readonly IPEndPoint Ours = new(IPAddress.Parse("127.0.0.1"), 20000);

    [Fact]
    public void An_offer_names_codecs_in_order_and_telephone_events()
    {
        var offer = SdpNegotiator.CreateOffer(Ours, 7, 1, [AudioCodec.Pcma, AudioCodec.Pcmu]);

        Assert.Equal(
            "v=0\r\no=- 7 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 8 0 101\r\n" +
            "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n",
            offer.ToString());
    }

    [Fact]
    public void The_order_of_the_offer_wins_and_its_payload_types_are_kept()
    {
        var offer = Read("m=audio 4000 RTP/AVP 18 8 0 96\r\na=rtpmap:96 telephone-event/8000\r\n");

        var error = Answer(offer, [], MediaDirection.SendRecv, out var answer, out var flow);

        Assert.Equal(NegotiationError.None, error);
        Assert.Equal(new MediaFlow(End(4000), End(4001), AudioCodec.Pcma, 8, 8, 96, 96, MediaDirection.SendRecv), flow);
        Assert.Equal(["8", "96"], answer!.Media[0].Formats.Select(f => f.Token));
    }

    [Fact]
    public void A_preferred_codec_beats_the_order_of_the_offer()
    {
        var offer = Read("m=audio 4000 RTP/AVP 8 0\r\n");

        Answer(offer, [AudioCodec.Pcmu, AudioCodec.Pcma], MediaDirection.SendRecv, out _, out var flow);

        Assert.Equal((AudioCodec.Pcmu, (byte?)null), (flow.Codec, flow.SendEventType));
    }

    [Theory]
    [InlineData("sendrecv", MediaDirection.SendRecv, MediaDirection.SendRecv)]
    [InlineData("sendonly", MediaDirection.SendRecv, MediaDirection.RecvOnly)]
    [InlineData("recvonly", MediaDirection.SendRecv, MediaDirection.SendOnly)]
    [InlineData("inactive", MediaDirection.SendRecv, MediaDirection.Inactive)]
    [InlineData("sendonly", MediaDirection.SendOnly, MediaDirection.Inactive)]
    [InlineData("sendrecv", MediaDirection.SendOnly, MediaDirection.SendOnly)]
    public void An_answer_says_what_both_sides_allow(string offered, MediaDirection ours, MediaDirection expected)
    {
        var offer = Read($"m=audio 4000 RTP/AVP 0\r\na={offered}\r\n");

        Answer(offer, [], ours, out var answer, out var flow);

        Assert.Equal(expected, flow.Direction);
        Assert.Equal(expected, answer!.Media[0].Direction);
    }

    [Fact]
    public void The_old_way_to_hold_leaves_nowhere_to_send()
    {
        var offer = Read("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n");

        Answer(offer, [], MediaDirection.SendRecv, out var answer, out var flow);

        Assert.Null(flow.Remote);
        Assert.Equal(MediaDirection.RecvOnly, flow.Direction);
        Assert.Equal(MediaDirection.RecvOnly, answer!.Media[0].Direction);
    }

    [Fact]
    public void Other_media_lines_are_answered_in_place_with_port_zero()
    {
        var offer = Read("m=video 5000 RTP/AVP 99\r\nm=audio 0 RTP/AVP 0\r\nm=audio 4000 RTP/AVP 0\r\nm=audio 4002 RTP/AVP 8\r\n");

        Answer(offer, [], MediaDirection.SendRecv, out var answer, out var flow);

        Assert.Equal([("video", 0), ("audio", 0), ("audio", 20000), ("audio", 0)], answer!.Media.Select(m => (m.Kind, m.Port)));
        Assert.Equal(4000, flow.Remote!.Port);
        Assert.Contains("m=video 0 RTP/AVP 99\r\n", answer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m=video 5000 RTP/AVP 99\r\n", NegotiationError.NoAudio)]
    [InlineData("m=audio 0 RTP/AVP 0\r\n", NegotiationError.NoAudio)]
    [InlineData("", NegotiationError.NoAudio)]
    [InlineData("m=audio 4000 RTP/SAVP 0\r\n", NegotiationError.UnsupportedTransport)]
    [InlineData("m=audio 4000 RTP/AVP 18 97\r\na=rtpmap:97 speex/16000/2\r\n", NegotiationError.NoCommonCodec)]
    [InlineData("m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 PCMU/16000\r\n", NegotiationError.NoCommonCodec)]
    [InlineData("m=audio 4000 RTP/AVP 0\r\nc=IN IP4 phone.example.com\r\n", NegotiationError.NoAddress)]
    public void A_refusal_says_why(string media, NegotiationError expected)
    {
        var error = Answer(Read(media), [], MediaDirection.SendRecv, out var answer, out _);

        Assert.Equal(expected, error);
        Assert.Null(answer);
    }

    [Fact]
    public void An_answer_to_our_offer_gives_each_side_its_own_numbers()
    {
        var offer = SdpNegotiator.CreateOffer(Ours, 7, 1, [AudioCodec.Pcmu, AudioCodec.Pcma]);
        var answer = Read("m=audio 4000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=rtcp:5005 IN IP4 192.0.2.9\r\na=ptime:40\r\na=recvonly\r\n");

        var error = SdpNegotiator.TryAccept(offer, answer, out var flow);

        Assert.Equal(NegotiationError.None, error);
        var rtcp = new IPEndPoint(IPAddress.Parse("192.0.2.9"), 5005);
        Assert.Equal(new MediaFlow(End(4000), rtcp, AudioCodec.Pcma, 8, 8, 96, 101, MediaDirection.SendOnly, 40), flow);
    }

    [Theory]
    [InlineData("", NegotiationError.MediaMismatch)]
    [InlineData("m=video 4000 RTP/AVP 0\r\n", NegotiationError.MediaMismatch)]
    [InlineData("m=audio 0 RTP/AVP 0\r\n", NegotiationError.NoAudio)]
    [InlineData("m=audio 4000 RTP/AVP 3\r\n", NegotiationError.NoCommonCodec)]
    [InlineData("m=audio 4000 RTP/SAVP 0\r\n", NegotiationError.UnsupportedTransport)]
    public void A_useless_answer_says_why(string media, NegotiationError expected)
    {
        var offer = SdpNegotiator.CreateOffer(Ours, 7, 1, [AudioCodec.Pcmu]);

        Assert.Equal(expected, SdpNegotiator.TryAccept(offer, Read(media), out _));
    }

    [Fact]
    public void Hold_repeats_the_description_with_another_direction_and_the_next_version()
    {
        Answer(Read("m=video 5000 RTP/AVP 99\r\nm=audio 4000 RTP/AVP 8\r\n"), [], MediaDirection.SendRecv, out var answer, out _);

        var hold = SdpNegotiator.Reoffer(answer!, 2, MediaDirection.SendOnly);

        Assert.Equal(("7", "2"), (hold.Origin.SessionId, hold.Origin.Version));
        Assert.Equal([(0, null), (20000, MediaDirection.SendOnly)], hold.Media.Select(m => (m.Port, m.Direction)));
        Assert.Equal(MediaDirection.SendOnly, SdpNegotiator.AudioDirection(hold));
    }

    [Fact]
    public void An_offer_of_wideband_codecs_names_them_as_their_specifications_demand()
    {
        var offer = SdpNegotiator.CreateOffer(Ours, 7, 1, [AudioCodec.Opus, AudioCodec.G722, AudioCodec.Pcma]);

        Assert.Contains(
            "m=audio 20000 RTP/AVP 111 9 8 101 110\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 maxplaybackrate=48000;useinbandfec=1\r\n" +
            "a=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n" +
            "a=rtpmap:110 telephone-event/48000\r\na=fmtp:110 0-15\r\n",
            offer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Opus_is_answered_with_the_numbers_of_the_offer_and_the_events_of_its_clock()
    {
        var offer = Read("m=audio 4000 RTP/AVP 96 0 101 97\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1;maxplaybackrate=16000\r\n" +
            "a=rtpmap:101 telephone-event/8000\r\na=rtpmap:97 telephone-event/48000\r\n");

        var error = Answer(offer, [AudioCodec.Opus], MediaDirection.SendRecv, out var answer, out var flow);

        Assert.Equal(NegotiationError.None, error);
        Assert.Equal(new MediaFlow(End(4000), End(4001), AudioCodec.Opus, 96, 96, 97, 97, MediaDirection.SendRecv, 20, 48_000,
            new OpusParameters(true, 16_000, 0, false)), flow);
        Assert.Equal([("96", "opus", 48_000, 2), ("97", "telephone-event", 48_000, 1)],
            answer!.Media[0].Formats.Select(f => (f.Token, f.Encoding, f.ClockRateHz, f.Channels)));
    }

    [Fact]
    public void Events_of_another_clock_are_better_than_none()
    {
        var offer = Read("m=audio 4000 RTP/AVP 96 101\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n");

        Answer(offer, [AudioCodec.Opus], MediaDirection.SendRecv, out _, out var flow);

        Assert.Equal(((byte?)101, 8_000), (flow.SendEventType, flow.EventClockHz));
    }

    [Fact]
    public void A_static_type_nine_is_g722()
    {
        Answer(Read("m=audio 4000 RTP/AVP 9 0\r\n"), [AudioCodec.G722], MediaDirection.SendRecv, out _, out var flow);

        Assert.Equal((AudioCodec.G722, (byte)9), (flow.Codec, flow.SendPayloadType));
    }

    [Fact]
    public void Of_several_codecs_in_an_answer_the_one_a_partner_speaks_is_sent()
    {
        var offer = SdpNegotiator.CreateOffer(Ours, 7, 1, [AudioCodec.Pcmu, AudioCodec.G722]);
        var answer = Read("m=audio 4000 RTP/AVP 9 0\r\n");

        SdpNegotiator.TryAccept(offer, answer, out var alone);
        SdpNegotiator.TryAccept(offer, answer, out var bridged, AudioCodec.Pcmu);
        SdpNegotiator.TryAccept(offer, answer, out var unlike, AudioCodec.Pcma);

        Assert.Equal((AudioCodec.G722, AudioCodec.Pcmu, AudioCodec.G722), (alone.Codec, bridged.Codec, unlike.Codec));
    }

    private static NegotiationError Answer(SdpSession offer, AudioCodec[] preferred, MediaDirection direction, out SdpSession? answer, out MediaFlow flow) =>
        SdpNegotiator.TryAnswer(offer, Ours, 7, 1, preferred, direction, out answer, out flow);

    private static IPEndPoint End(int port) => new(IPAddress.Parse("192.0.2.5"), port);

    private static SdpSession Read(string media)
    {
        var text = "v=0\r\no=- 1 1 IN IP4 192.0.2.5\r\ns=-\r\nc=IN IP4 192.0.2.5\r\nt=0 0\r\n" + media;
        Assert.Equal(SdpError.None, SdpSession.TryParse(Encoding.UTF8.GetBytes(text), out var session));
        return session!;
    }
}
