using System.Net;
using System.Text;
using Switchhook.Exchange.Running;
using Switchhook.Media.Codecs;
using Switchhook.Media.Sdp;
using Switchhook.Media.Transport;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Running;

public sealed class LegAudioTests : IDisposable
{
    private static readonly IPEndPoint Far = new(IPAddress.Loopback, 9);

    private readonly MediaEngine _engine = MediaEngine.Start(new MediaOptions(IPAddress.Loopback, null, 0, 0), new NoNews(), TimeProvider.System);
    private readonly LegAudio _audio;

    public LegAudioTests() => _audio = new LegAudio(_engine.TryOpen(null)!);

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("0 8", null, 0)]
    [InlineData("8 0", null, 8)]
    [InlineData("8 0", "Pcmu", 0)]
    [InlineData("0 8", "Pcma", 8)]
    [InlineData("8", "Pcmu", 8)]
    [InlineData("18 3 8 101", null, 8)]
    public void The_preferred_codec_is_taken_when_it_was_offered_else_the_offers_first(string offered, string? preferred, int taken)
    {
        Assert.True(_audio.TakeOffer(Offer(offered)));
        Assert.True(_audio.CanAnswer);

        var answer = Text(_audio.Answer(preferred is null ? null : Enum.Parse<AudioCodec>(preferred)));

        Assert.Equal(taken, Sdp.Payloads(answer)[0]);
        Assert.Equal(_audio.Media.Local, Sdp.AudioEndpoint(answer));
        Assert.Equal(taken == 0 ? AudioCodec.Pcmu : AudioCodec.Pcma, _audio.Codec);
        Assert.Null(_audio.Offer);
    }

    [Theory]
    [InlineData("0 8", "Pcmu Pcma")]
    [InlineData("8 0", "Pcma Pcmu")]
    [InlineData("8 101", "Pcma")]
    [InlineData("0", "Pcmu")]
    [InlineData("18", "")]
    public void What_was_offered_is_told_in_the_offers_order(string offered, string codecs)
    {
        Assert.True(_audio.TakeOffer(Offer(offered)));

        Assert.Equal(codecs, string.Join(' ', _audio.OfferedCodecs()));
    }

    [Fact]
    public void Without_an_offer_all_of_ours_are_offered()
    {
        Assert.Equal([AudioCodec.Pcmu, AudioCodec.Pcma, AudioCodec.G722, AudioCodec.Opus], _audio.OfferedCodecs());

        Assert.Equal([8, 0, 101], Sdp.Payloads(Text(_audio.MakeOffer([AudioCodec.Pcma, AudioCodec.Pcmu]))));
    }

    [Fact]
    public void An_offer_of_foreign_codecs_cannot_be_answered()
    {
        Assert.True(_audio.TakeOffer(Offer("18 3")));

        Assert.False(_audio.CanAnswer);
        Assert.Null(_audio.Answer(null));
        Assert.Null(_audio.Codec);
        Assert.Null(_audio.Ours);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("v=0\r\n")]
    public void What_is_no_description_is_no_offer(string sdp) => Assert.False(_audio.TakeOffer(Encoding.ASCII.GetBytes(sdp)) && _audio.CanAnswer);

    [Fact]
    public void The_answer_to_our_offer_settles_the_codec()
    {
        _audio.MakeOffer([AudioCodec.Pcmu, AudioCodec.Pcma]);

        Assert.True(_audio.Accept(Offer("8")));

        Assert.Equal(AudioCodec.Pcma, _audio.Codec);
    }

    [Fact]
    public void An_answer_nobody_asked_for_is_not_taken()
    {
        Assert.False(_audio.Accept(Offer("0")));

        Assert.True(_audio.TakeOffer(Offer("0")));
        Assert.NotNull(_audio.Answer(null));
        Assert.False(_audio.Accept(Offer("8")));
        Assert.Equal(AudioCodec.Pcmu, _audio.Codec);
    }

    [Fact]
    public void Each_description_has_the_next_version_and_the_same_id()
    {
        var first = Read(_audio.MakeOffer([AudioCodec.Pcmu]));
        Assert.True(_audio.Accept(Offer("0")));
        var held = Read(_audio.Reoffer(MediaDirection.SendOnly));
        var back = Read(_audio.Reoffer(MediaDirection.SendRecv));
        Assert.True(_audio.TakeOffer(Offer("0")));
        var answered = Read(_audio.Answer(AudioCodec.Pcmu));

        Assert.Equal(["1", "2", "3", "4"], new[] { first, held, back, answered }.Select(s => s.Origin.Version));
        Assert.Single(new[] { first, held, back, answered }.Select(s => s.Origin.SessionId).Distinct());
        Assert.Equal([MediaDirection.SendOnly, MediaDirection.SendRecv], new[] { held, back }.Select(SdpNegotiator.AudioDirection));
    }

    [Fact]
    public void An_offer_that_could_not_be_answered_leaves_no_gap_in_the_versions()
    {
        _audio.MakeOffer([AudioCodec.Pcmu]);
        Assert.True(_audio.Accept(Offer("0")));
        Assert.True(_audio.TakeOffer(Offer("18")));
        Assert.Null(_audio.Answer(AudioCodec.Pcmu));

        Assert.Equal("2", Read(_audio.Reoffer(MediaDirection.SendOnly)).Origin.Version);
    }

    [Fact]
    public void A_description_is_repeated_as_it_was()
    {
        Assert.Empty(_audio.Repeat());
        Assert.Null(_audio.Reoffer(MediaDirection.SendRecv));

        var offer = _audio.MakeOffer([AudioCodec.Pcmu]);

        Assert.Equal(offer, _audio.Repeat());
    }

    [Theory]
    [InlineData("sendrecv", false, "sendrecv")]
    [InlineData("sendonly", true, "recvonly")]
    [InlineData("inactive", true, "inactive")]
    [InlineData("recvonly", false, "sendonly")]
    public void A_far_side_that_does_not_want_to_hear_us_holds(string direction, bool held, string answered)
    {
        Assert.True(_audio.TakeOffer(Encoding.ASCII.GetBytes(Sdp.Audio(Far, "0", direction))));

        var answer = Text(_audio.Answer(null));

        Assert.Equal(held, _audio.IsHeldByFarSide);
        Assert.Equal(answered, Sdp.Direction(answer));
    }

    [Fact]
    public void The_last_offer_tells_whose_answer_comes_next()
    {
        Assert.False(_audio.AwaitsAnswer);
        _audio.MakeOffer([AudioCodec.Pcmu]);
        Assert.True(_audio.AwaitsAnswer);
        Assert.True(_audio.TakeOffer(Offer("0")));
        Assert.NotNull(_audio.Answer(null));
        Assert.False(_audio.AwaitsAnswer);
        _audio.Reoffer(MediaDirection.SendRecv);
        Assert.True(_audio.AwaitsAnswer);
    }

    [Fact]
    public void The_figures_name_the_codec_once_there_is_one()
    {
        Assert.Null(_audio.Figures().Codec);

        Assert.True(_audio.TakeOffer(Offer("8")));
        Assert.NotNull(_audio.Answer(null));

        Assert.Equal("PCMA", _audio.Figures().Codec);
    }

    private static byte[] Offer(string payloads) => Encoding.ASCII.GetBytes(Sdp.Audio(Far, payloads));

    private static string Text(byte[]? sdp) => Encoding.ASCII.GetString(sdp!);

    private static SdpSession Read(byte[]? sdp)
    {
        Assert.Equal(SdpError.None, SdpSession.TryParse(sdp, out var session));
        return session!;
    }

    private sealed class NoNews : IMediaSink
    {
        public void OnDigit(MediaSession session, char digit, int durationMs)
        {
        }

        public void OnPlaybackEnded(MediaSession session, long playback, PlaybackEnd why, TimeSpan position)
        {
        }

        public void OnSilence(MediaSession session, TimeSpan since)
        {
        }
    }
}
