using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

public sealed class SipParserTests
{
    [Fact]
    public void An_ordinary_invite_gives_all_its_parts()
    {
        var invite = Sample.Request(Sample.Invite);

        Assert.Equal(SipMethod.Invite, invite.Method);
        Assert.Equal("INVITE", Sample.Text(invite.MethodName));
        Assert.Equal("sip:bob@switch.example.org;transport=udp", Sample.Text(invite.RequestUri));
        Assert.Equal("3848276298220188511@192.0.2.7", Sample.Text(invite.CallId));
        Assert.Equal(new CSeq(314159, SipMethod.Invite), invite.CSeq);
        Assert.Equal("a1b2c3", Sample.Text(invite.From.Tag));
        Assert.Equal("a1b2c3", Sample.Text(invite.FromTag));
        Assert.Equal("Alice, \"Al\" Example", invite.From.DisplayText);
        Assert.True(invite.ToTag.IsEmpty);
        Assert.Equal("z9hG4bKf00dcafe", Sample.Text(invite.Branch));
        Assert.Equal(5062, invite.TopVia.Port);
        Assert.True(invite.TopVia.WantsRport);
        Assert.Equal("v=0\r", Encoding.UTF8.GetString(invite.Body.Span));
        Assert.True(invite.IsReplyable);
    }

    [Fact]
    public void A_response_gives_its_status_and_reason()
    {
        var response = Sample.Response("""
            SIP/2.0 486 Busy Here
            Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1
            From: <sip:a@example.org>;tag=1
            To: <sip:b@example.org>;tag=2
            Call-ID: x
            CSeq: 1 INVITE
            Content-Length: 0


            """);

        Assert.Equal(486, response.Status);
        Assert.Equal("Busy Here", response.ReasonText);
        Assert.Equal("2", Sample.Text(response.ToTag));
        Assert.False(response.IsReplyable);
    }

    [Fact]
    public void Values_walk_over_all_rows_of_a_header()
    {
        var invite = Sample.Request(Sample.Invite);

        var allowed = new List<string>();
        foreach (var value in invite.Values(HeaderName.Allow)) allowed.Add(Sample.Text(value));

        Assert.Equal(["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE"], allowed);
        Assert.True(invite.Lists(HeaderName.Supported, "TIMER"u8));
    }

    [Fact]
    public void A_header_without_a_member_is_found_by_its_name()
    {
        var invite = Sample.Request(Sample.Invite);

        Assert.True(invite.TryGet("x-TRUNK"u8, out var trunk));
        Assert.Equal("north", Sample.Text(trunk));
        Assert.False(invite.TryGet("X-None"u8, out _));
        Assert.True(invite.TryGet("i"u8, out _));
    }

    [Fact]
    public void A_built_reply_carries_back_what_the_request_brought()
    {
        var invite = Sample.Request(Sample.Invite);

        var reply = SipResponseBuilder
            .ReplyTo(invite, 180, "ours"u8, new(System.Net.IPAddress.Parse("203.0.113.9"), 40_000))
            .Header(HeaderName.Contact, "<sip:switch@192.0.2.1>")
            .Build();

        Assert.Equal("203.0.113.9", Sample.Text(reply.TopVia.Received));
        Assert.Equal(40_000, reply.TopVia.Rport);
        Assert.Equal("ours", Sample.Text(reply.ToTag));
        Assert.Equal(invite.CSeq, reply.CSeq);
        Assert.Equal(SipParseError.None, SipParser.TryParse(reply.Wire.Span, SipLimits.Default, out _));
    }
}
