using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Switchhook.Media.Sdp;

namespace Switchhook.Media.Tests.Sdp;

public sealed class SdpParsingTests
{
    private const string Phone =
        "v=0\r\no=alice 2890844526 2890844527 IN IP4 192.0.2.5\r\ns=call\r\nc=IN IP4 192.0.2.5\r\nt=0 0\r\n" +
        "m=audio 49170 RTP/AVP 0 8 97 101\r\na=rtpmap:97 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:30\r\na=sendonly\r\n" +
        "m=video 51372 RTP/AVP 99\r\nc=IN IP6 2001:db8::1\r\na=rtpmap:99 h263-1998/90000\r\n";

    [Fact]
    public void A_phones_description_is_read_in_full()
    {
        var error = Parse(Phone, out var session);

        Assert.Equal(SdpError.None, error);
        Assert.Equal(new SdpOrigin("alice", "2890844526", "2890844527", "192.0.2.5"), session!.Origin);
        Assert.Equal("192.0.2.5", session.Connection!.Address!.ToString());
        Assert.Equal(["audio", "video"], session.Media.Select(m => m.Kind));
        var audio = session.Media[0];
        Assert.Equal((49170, 30, MediaDirection.SendOnly), (audio.Port, audio.PacketTimeMs, audio.Direction));
        Assert.Equal(
            [new("0", 0, "PCMU", 8000, null), new("8", 8, "PCMA", 8000, null), new("97", 97, "opus", 48000, null) { Channels = 2 }, new("101", 101, "telephone-event", 8000, "0-15")],
            audio.Formats);
        Assert.Equal("2001:db8::1", session.Media[1].Connection!.Address!.ToString());
    }

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        Parse(Phone, out var session);

        Parse(session!.ToString(), out var again);

        Assert.Equal(session.ToString(), again!.ToString());
        Assert.Contains("a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:30\r\na=sendonly\r\n", session.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bare_line_feeds_missing_lines_and_unknown_lines_are_tolerated()
    {
        var error = Parse("v=0\no=- 1 1 IN IP4 10.0.0.1\nx=what\na=tool:some phone\nm=audio 4000 RTP/AVP 8\na=ptime:20.0\na=silenceSupp:off - - - -", out var session);

        Assert.Equal(SdpError.None, error);
        Assert.Equal(("PCMA", 20), (session!.Media[0].Formats[0].Encoding, session.Media[0].PacketTimeMs));
    }

    [Theory]
    [InlineData("", SdpError.BadVersion)]
    [InlineData("v=1\r\n", SdpError.BadVersion)]
    [InlineData("o=- 1 1 IN IP4 1.2.3.4\r\n", SdpError.BadVersion)]
    [InlineData("v=0\r\n", SdpError.BadOrigin)]
    [InlineData("v=0\r\no=- 1 1 IN IP4\r\n", SdpError.BadOrigin)]
    [InlineData("v=0\r\nm=audio 1 RTP/AVP 0\r\n", SdpError.BadOrigin)]
    [InlineData("v=0\r\nhello\r\n", SdpError.BadLine)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nc=IN IP9 1.2.3.4\r\n", SdpError.BadConnection)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 70000 RTP/AVP 0\r\n", SdpError.BadMedia)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP\r\n", SdpError.BadMedia)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU\r\n", SdpError.BadAttribute)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 0\r\na=ptime:soon\r\n", SdpError.BadAttribute)]
    public void Each_mistake_has_a_name(string text, SdpError expected)
    {
        var error = Parse(text, out var session);

        Assert.Equal(expected, error);
        Assert.Null(session);
    }

    [Fact]
    public void Sizes_and_counts_are_bounded()
    {
        var start = "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\n";

        Assert.Equal(SdpError.TooLong, Parse(start + new string('\n', SdpLimits.Octets), out _));
        Assert.Equal(SdpError.TooLong, Parse(start + "s=" + new string('x', SdpLimits.LineOctets), out _));
        Assert.Equal(SdpError.TooLong, Parse(start + string.Concat(Enumerable.Repeat("i=x\n", SdpLimits.Lines)), out _));
        Assert.Equal(SdpError.TooManyMedia, Parse(start + string.Concat(Enumerable.Repeat("m=audio 1 RTP/AVP 0\n", SdpLimits.Media + 1)), out _));
        Assert.Equal(SdpError.TooManyMedia, Parse(start + "m=audio 1 RTP/AVP" + string.Concat(Enumerable.Repeat(" 0", SdpLimits.Formats + 1)), out _));
    }

    [Fact]
    public void A_host_name_is_kept_but_never_taken_for_an_address()
    {
        Parse("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 phone.example.com\r\n", out var named);
        Parse("v=0\r\no=- 1 1 IN IP4 a\r\nc=IN IP4 2130706433\r\n", out var number);

        Assert.Null(named!.Connection!.Address);
        Assert.Null(number!.Connection!.Address);
    }

    [Fact]
    public void Mutilated_descriptions_never_raise()
    {
        var whole = Encoding.UTF8.GetBytes(Phone);
        var mutilated =
            from cut in Gen.Choose(0, whole.Length)
            from at in Gen.Choose(0, whole.Length - 1)
            from octet in Gen.Choose(0, 255)
            select (cut, at, (byte)octet);

        Prop.ForAll(mutilated.ToArbitrary(), damage =>
        {
            var text = whole[..];
            text[damage.at] = damage.Item3;
            var error = SdpSession.TryParse(text.AsSpan(0, damage.cut), out var session);
            return (error == SdpError.None) == (session is not null) && (session is null || session.ToBytes().Length > 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void Random_octets_never_raise()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), octets =>
        {
            var error = SdpSession.TryParse(octets, out var session);
            return (error == SdpError.None) == (session is not null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    private static SdpError Parse(string text, out SdpSession? session) => SdpSession.TryParse(Encoding.UTF8.GetBytes(text), out session);
}
