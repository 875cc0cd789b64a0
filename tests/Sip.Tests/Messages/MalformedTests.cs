using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

/// <summary>Invalid messages, in the spirit of RFC 4475 §3.1.2 and §3.3: each fault has its name and its answer.</summary>
public sealed class MalformedTests
{
    [Theory]
    [InlineData("Content-Length: 4", "Content-Length: 9999", SipParseError.BodyTooShort)]
    [InlineData("Content-Length: 4", "Content-Length: -999", SipParseError.BadContentLength)]
    [InlineData("Content-Length: 4", "Content-Length: +4", SipParseError.BadContentLength)]
    [InlineData("Content-Length: 4", "Content-Length: 4x", SipParseError.BadContentLength)]
    [InlineData("Content-Length: 4", "Content-Length: 4294967300", SipParseError.BadContentLength)]
    [InlineData("Content-Length: 4", "Content-Length:", SipParseError.BadContentLength)]
    [InlineData("Content-Length: 4", "Content-Length: 4\nl: 3", SipParseError.BadContentLength)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: 36893488147419103232 INVITE", SipParseError.BadCSeq)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: -1 INVITE", SipParseError.BadCSeq)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: 314159", SipParseError.BadCSeq)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: INVITE 314159", SipParseError.BadCSeq)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: 314159 INVITE BYE", SipParseError.BadCSeq)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: 314159 BYE", SipParseError.CSeqMethodMismatch)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: 314159 invite", SipParseError.CSeqMethodMismatch)]
    [InlineData("CSeq: 314159 INVITE", "CSeq: 314159 INVITE\nCSeq: 314160 INVITE", SipParseError.DuplicateHeader)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 256", SipParseError.BadMaxForwards)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: seventy", SipParseError.BadMaxForwards)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 70\nMax-Forwards: 5", SipParseError.DuplicateHeader)]
    [InlineData("To: Bob <sip:bob@switch.example.org>", "To: \"Bob <sip:bob@switch.example.org>", SipParseError.BadTo)]
    [InlineData("To: Bob <sip:bob@switch.example.org>", "To: Bob <sip:bob@switch.example.org", SipParseError.BadTo)]
    [InlineData("To: Bob <sip:bob@switch.example.org>", "To: <>", SipParseError.BadTo)]
    [InlineData("To: Bob <sip:bob@switch.example.org>", "To: bob", SipParseError.BadTo)]
    [InlineData("To: Bob <sip:bob@switch.example.org>", "To: <sip:bob@switch.example.org>;a=\"b", SipParseError.BadTo)]
    [InlineData("To: Bob <sip:bob@switch.example.org>", "To: <sip:b@example.org>\nt: <sip:c@example.org>", SipParseError.DuplicateHeader)]
    [InlineData(";tag=a1b2c3", ";;tag=a1b2c3", SipParseError.BadFrom)]
    [InlineData(";tag=a1b2c3", " tag=a1b2c3", SipParseError.BadFrom)]
    [InlineData("@192.0.2.7\nCSeq", "@192.0.2.7 more\nCSeq", SipParseError.BadCallId)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE <sip:bob@example.org> SIP/2.0", SipParseError.BadRequestUri)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE sip:bob@example.org; lr SIP/2.0", SipParseError.BadRequestUri)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE  sip:bob@example.org SIP/2.0", SipParseError.BadRequestUri)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE sip:bob@example.org@example.net SIP/2.0", SipParseError.BadRequestUri)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE sip:bob@example.org:70000 SIP/2.0", SipParseError.BadRequestUri)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE sip:%4@example.org SIP/2.0", SipParseError.BadRequestUri)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE sip:bob@example.org SIP/2.0 ", SipParseError.BadStartLine)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE sip:bob@example.org", SipParseError.BadStartLine)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE sip:bob@example.org SIP/7.0", SipParseError.BadVersion)]
    [InlineData("INVITE sip:bob@switch.example.org;transport=udp SIP/2.0", "INVITE sip:bob@example.org HTTP/1.1", SipParseError.BadStartLine)]
    [InlineData("From: ", "X-From: ", SipParseError.MissingFrom)]
    [InlineData("To: ", "X-To: ", SipParseError.MissingTo)]
    [InlineData("Call-ID: ", "X-Call-ID: ", SipParseError.MissingCallId)]
    [InlineData("CSeq: ", "X-CSeq: ", SipParseError.MissingCSeq)]
    [InlineData("SIP/2.0/UDP 192.0.2.7:5062", "SIP/7.0/UDP 192.0.2.7:5062", SipParseError.BadVia)]
    [InlineData("SIP/2.0/UDP 192.0.2.7:5062", "SIP/2.0/UDP 192.0.2.7:5062;;", SipParseError.BadVia)]
    [InlineData("User-Agent: Desk phone/1.2", "User-Agent Desk phone", SipParseError.BadHeaderRow)]
    [InlineData("User-Agent: Desk phone/1.2", "User Agent: Desk phone", SipParseError.BadHeaderRow)]
    [InlineData("User-Agent: Desk phone/1.2", ": Desk phone", SipParseError.BadHeaderRow)]
    public void A_broken_request_is_named_and_can_still_be_answered(string good, string bad, SipParseError expected)
    {
        var text = Sample.Invite.Replace("\r", "", StringComparison.Ordinal).Replace(good, bad, StringComparison.Ordinal);
        Assert.NotEqual(Sample.Invite, text);

        var error = Sample.Fault(text, out var message);

        Assert.Equal(expected, error);
        var request = Assert.IsType<SipRequest>(message);
        Assert.True(request.IsReplyable);
        AnswersWith(request, error);
    }

    [Theory]
    [InlineData("Via: ", "X-Via: ", SipParseError.MissingVia)]
    [InlineData("SIP/2.0/UDP 192.0.2.7:5062", "SIP/2.0 192.0.2.7:5062", SipParseError.BadVia)]
    [InlineData("SIP/2.0/UDP 192.0.2.7:5062", "SIP/2.0/UDP 192.0.2.7:0", SipParseError.BadVia)]
    [InlineData("SIP/2.0/UDP 192.0.2.7:5062", "SIP/2.0/UDP", SipParseError.BadVia)]
    public void A_request_that_lacks_what_a_reply_needs_is_not_replyable(string good, string bad, SipParseError expected)
    {
        var error = Sample.Fault(Sample.Invite.Replace(good, bad, StringComparison.Ordinal), out var message);

        Assert.Equal(expected, error);
        Assert.False(message!.IsReplyable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\r\n\r\n")]
    public void Nothing_but_line_ends_is_an_empty_datagram(string text)
    {
        var error = SipParser.TryParse(Encoding.ASCII.GetBytes(text), SipLimits.Default, out var message);

        Assert.Equal(SipParseError.Empty, error);
        Assert.Null(message);
    }

    [Theory]
    [InlineData(" INVITE sip:bob@example.org SIP/2.0\r\n\r\n")]
    [InlineData("INVITE\r\n\r\n")]
    [InlineData("IN[VITE sip:bob@example.org SIP/2.0\r\n\r\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("GET")]
    public void A_start_line_without_a_method_yields_no_message(string text)
    {
        var error = SipParser.TryParse(Encoding.ASCII.GetBytes(text), SipLimits.Default, out var message);

        Assert.Equal(SipParseError.BadStartLine, error);
        Assert.Null(message);
    }

    [Theory]
    [InlineData("SIP/2.0 4294967301 Better not", SipParseError.BadStatus)]
    [InlineData("SIP/2.0 99 Low", SipParseError.BadStatus)]
    [InlineData("SIP/2.0 700 High", SipParseError.BadStatus)]
    [InlineData("SIP/2.0  200 OK", SipParseError.BadStatus)]
    [InlineData("SIP/2.0 20 OK", SipParseError.BadStatus)]
    [InlineData("SIP/2.0", SipParseError.BadStartLine)]
    [InlineData("SIP/3.0 200 OK", SipParseError.BadVersion)]
    public void A_broken_status_line_is_named_and_never_answered(string line, SipParseError expected)
    {
        var text = line + "\n" + Sample.Invite[(Sample.Invite.IndexOf('\n', StringComparison.Ordinal) + 1)..];

        var error = Sample.Fault(text, out var message);

        Assert.Equal(expected, error);
        Assert.False(message is { IsReplyable: true });
    }

    [Theory]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards: 70\n")]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards: 70\r\r\n")]
    [InlineData("Desk phone", "Desk\rphone")]
    [InlineData("Desk phone", "Desk\nX-Smuggled: 1")]
    public void Only_crlf_ends_a_line(string good, string bad)
    {
        var wire = Encoding.UTF8.GetString(Sample.Bytes(Sample.Invite)).Replace(good, bad, StringComparison.Ordinal);

        var error = SipParser.TryParse(Encoding.UTF8.GetBytes(wire), SipLimits.Default, out var message);

        Assert.Equal(SipParseError.BadLineEnd, error);
        Assert.True(message!.IsReplyable);
    }

    [Fact]
    public void A_header_part_without_end_is_named()
    {
        var whole = Sample.Bytes(Sample.Invite);
        var cut = whole.AsSpan().IndexOf("\r\nContent-Length"u8) + 2;

        var error = SipParser.TryParse(whole.AsSpan(0, cut), SipLimits.Default, out var message);

        Assert.Equal(SipParseError.MissingBlankLine, error);
        Assert.True(message!.IsReplyable);
    }

    [Fact]
    public void An_ack_is_never_replyable()
    {
        var error = Sample.Fault(Sample.Invite.Replace("INVITE sip", "ACK sip", StringComparison.Ordinal), out var message);

        Assert.Equal(SipParseError.CSeqMethodMismatch, error);
        Assert.False(message!.IsReplyable);
    }

    [Fact]
    public void Each_limit_has_its_own_fault()
    {
        var bytes = Sample.Bytes(Sample.Invite);
        var limits = SipLimits.Default;

        Assert.Equal(SipParseError.TooLarge, SipParser.TryParse(bytes, limits with { MaxMessageBytes = bytes.Length - 1 }, out _));
        Assert.Equal(SipParseError.TooManyRows, SipParser.TryParse(bytes, limits with { MaxHeaderRows = 14 }, out var cut));
        Assert.Equal(SipParseError.RowTooLong, SipParser.TryParse(bytes, limits with { MaxRowBytes = 100 }, out _));
        Assert.Equal(SipParseError.TooManyVias, SipParser.TryParse(bytes, limits with { MaxVias = 1 }, out _));
        Assert.Equal(SipParseError.None, SipParser.TryParse(bytes, new(bytes.Length, 15, 200, 2), out _));
        Assert.True(cut!.IsReplyable);
    }

    [Fact]
    public void A_comma_in_a_quoted_via_parameter_is_no_hop()
    {
        var text = Sample.Invite.Replace("branch=z9hG4bKsecond", "note=\",,,\";branch=z9hG4bKsecond", StringComparison.Ordinal);

        Assert.Equal(SipParseError.None, SipParser.TryParse(Sample.Bytes(text), SipLimits.Default with { MaxVias = 2 }, out _));
    }

    private static void AnswersWith(SipRequest request, SipParseError error)
    {
        var reply = SipResponseBuilder.ReplyTo(request, error.ReplyStatus(), "t1"u8, reason: error.ReplyReason()).Build();

        Assert.InRange(reply.Status, 400, 599);
        Assert.Equal(Sample.Text(request.CallId), Sample.Text(reply.CallId));
        Assert.Equal(Sample.Text(request.Branch), Sample.Text(reply.Branch));
        Assert.False(reply.Reason.IsEmpty);
    }
}
