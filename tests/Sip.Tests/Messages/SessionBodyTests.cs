using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

/// <summary>Which part of a body describes the session, and what stands against taking it (RFC 3261 §8.2.3, RFC 5621).</summary>
public sealed class SessionBodyTests
{
    private const string Sdp = "v=0\r\ns=-\r\n";
    private const string SdpPart = "--b\r\nContent-Type: application/sdp\r\n\r\n" + Sdp;
    private const string Isup = "\r\n--b\r\nContent-Type: application/isup\r\nContent-Disposition: signal;handling=optional\r\n\r\nx";
    private const string Text = "\r\n--b\r\nContent-Type: text/plain\r\n\r\nx";
    private const string Mixed = "Content-Type: multipart/mixed;boundary=b";

    [Theory]
    [InlineData("Content-Type: application/sdp", Sdp)]
    [InlineData("c: Application/SDP ;charset=utf-8", Sdp)]
    [InlineData("Subject: none", Sdp)]
    [InlineData("Content-Type: application/sdp\r\nContent-Encoding: identity", Sdp)]
    [InlineData(Mixed, SdpPart + Isup + "\r\n--b--\r\n")]
    [InlineData(Mixed, Isup + "\r\n" + SdpPart + "\r\n--b--")]
    [InlineData("Content-Type: Multipart/Mixed; boundary=\"b\"", "preamble\r\n" + SdpPart + "\r\n--b--\r\nepilogue")]
    [InlineData(Mixed, "--b  \r\nc: application/sdp\r\nContent-Disposition: session\r\n\r\n" + Sdp + "\r\n--b--")]
    [InlineData("Content-Type: multipart/alternative;boundary=b", Text + "\r\n" + SdpPart + "\r\n--b--")]
    [InlineData(
        Mixed, "--b\r\nContent-Type: application/sdp\r\nContent-Disposition: early-session;handling=optional\r\n\r\nv=1\r\n\r\n" + SdpPart + "\r\n--b--")]
    public void The_description_is_found(string row, string body)
    {
        var fault = Find(row, body, out var description);

        Assert.Equal((BodyFault.None, Sdp), (fault, description));
    }

    [Theory]
    [InlineData(Mixed + "\r\nContent-Disposition: session;handling=optional", SdpPart + Text + "\r\n--b--")]
    [InlineData("Content-Type: text/plain\r\nContent-Disposition: render;handling=optional", "hello")]
    [InlineData("Content-Type: application/sdp\r\nContent-Encoding: gzip\r\nContent-Disposition: session;handling=optional", "hello")]
    [InlineData(Mixed, Isup + "\r\n--b--")]
    [InlineData("Content-Type: text/plain", "")]
    public void What_is_optional_is_passed_over(string row, string body)
    {
        var fault = Find(row, body, out var description);

        Assert.Equal((BodyFault.None, ""), (fault, description));
    }

    [Theory]
    [InlineData("Content-Type: text/plain", "hello", BodyFault.UnknownType)]
    [InlineData("Content-Type: text/plain\r\nContent-Disposition: render;handling=required", "hello", BodyFault.UnknownType)]
    [InlineData("Content-Type: application/sdp\r\nContent-Encoding: gzip", "hello", BodyFault.UnknownEncoding)]
    [InlineData("Content-Type: application/sdp\r\nContent-Encoding: identity, gzip", "hello", BodyFault.UnknownEncoding)]
    [InlineData(Mixed, SdpPart + Text + "\r\n--b--", BodyFault.UnknownType)]
    [InlineData(Mixed, "no delimiter", BodyFault.UnknownType)]
    [InlineData(Mixed, "--c\r\n\r\n--c--", BodyFault.UnknownType)]
    [InlineData(Mixed, "--b\r\nContent-Type: application/sdp\r\n--b--", BodyFault.UnknownType)]
    [InlineData(Mixed, "--b", BodyFault.UnknownType)]
    [InlineData(Mixed, "--", BodyFault.UnknownType)]
    [InlineData("Content-Type: multipart/mixed", SdpPart + "\r\n--b--", BodyFault.UnknownType)]
    [InlineData("Content-Type: multipart/mixed;boundary=\"\"", SdpPart + "\r\n--b--", BodyFault.UnknownType)]
    [InlineData("Content-Type: multipart/alternative;boundary=b", Text + "\r\n--b--", BodyFault.UnknownType)]
    public void What_must_be_understood_and_is_not_is_a_fault(string row, string body, object expected)
    {
        var fault = Find(row, body, out var description);

        Assert.Equal((expected, ""), (fault, description));
    }

    [Fact]
    public void Any_octets_between_delimiters_end_in_bounded_time()
    {
        var random = new Random(4475);
        var pieces = new[] { "--b", "--b--", "\r\n", "--", "b", "Content-Type: application/sdp", "\r\n\r\n", ":", ";handling=optional", "x", "--b " };

        for (var i = 0; i < 20_000; i++)
        {
            var body = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            _ = Find(Mixed, body, out var description);
            Assert.True(description.Length <= body.Length);
        }
    }

    private static BodyFault Find(string row, string body, out string description)
    {
        var text = "INVITE sip:b@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\n"
            + $"To: <sip:b@x>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n{row}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        var fault = SessionBody.Find(message!, out var found);
        description = Encoding.UTF8.GetString(found.Span);
        return fault;
    }
}
