using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

public sealed class BuilderTests
{
    private static readonly IPEndPoint Source = new(IPAddress.Parse("203.0.113.9"), 40_000);

    [Theory]
    [InlineData("sip:user@example.com?Route=%3Csip:example.org%3E", "sip:user@example.com")]
    [InlineData("sips:example.com;lr?a=b&c=d", "sips:example.com;lr")]
    [InlineData("sip:odd?user@example.com", "sip:odd?user@example.com")]
    [InlineData("sip:odd?user@example.com?a=b", "sip:odd?user@example.com")]
    [InlineData("http://example.com/?a=b", "http://example.com/?a=b")]
    public void No_headers_leave_in_a_request_uri(string target, string expected)
    {
        var request = new SipRequestBuilder(SipMethod.Bye, target).Build();

        Assert.Equal(expected, Sample.Text(request.RequestUri));
    }

    [Fact]
    public void A_request_is_written_in_the_order_given_with_content_length_last()
    {
        var request = Minimal(SipMethod.Invite)
            .Header(HeaderName.MaxForwards, 70)
            .Header("X-Trunk", "north")
            .Body("application/sdp", "v=0\r\n"u8)
            .Build();

        Assert.Equal(
            Encoding.UTF8.GetString(Sample.Bytes("""
                INVITE sip:bob@example.org SIP/2.0
                Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport
                From: "Al \"x\" \\ Ex" <sip:al@example.org>;tag=f1
                To: <sip:bob@example.org>
                Call-ID: c1
                CSeq: 7 INVITE
                Max-Forwards: 70
                X-Trunk: north
                Content-Type: application/sdp
                Content-Length: 5

                v=0

                """)),
            request.ToString());
        Assert.Equal("Al \"x\" \\ Ex", request.From.DisplayText);
    }

    [Fact]
    public void No_value_can_start_a_header_of_its_own()
    {
        var request = Minimal(SipMethod.Options)
            .Header(HeaderName.Subject, "a\r\nX-Evil: 1")
            .Header("X-Note"u8, "b\nX-Evil: 2\rX-Evil: 3"u8)
            .Header("X-Evil: 4\r\nX", "c")
            .Header("Content-Length", "5")
            .Address(HeaderName.ReferTo, "d\"\r\nX-Evil: 5", "sip:x>\r\nX-Evil: 6"u8, "t\r\nX-Evil: 7"u8)
            .Build();

        Assert.False(request.TryGet("X-Evil"u8, out _));
        Assert.Equal(SipParseError.None, SipParser.TryParse(request.Wire.Span, SipLimits.Default, out var again));
        Assert.False(again!.TryGet("X-Evil"u8, out _));
        Assert.True(NameAddr.TryParse(request.Get(HeaderName.ReferTo), out var referTo));
        Assert.Equal("sip:x%3E%0D%0AX-Evil:%206", Sample.Text(referTo.Uri));
    }

    [Fact]
    public void No_target_can_end_the_request_line()
    {
        var request = new SipRequestBuilder(SipMethod.Options, "sip:a b\r\nX-Evil: 1").Build();

        Assert.Equal("sip:a%20b%0D%0AX-Evil:%201", Sample.Text(request.RequestUri));
    }

    [Fact]
    public void Any_text_goes_through_a_display_name_and_back()
    {
        Prop.ForAll<NonNull<string>>(text =>
        {
            // CR, LF and NUL are given up on purpose, lone surrogates are no text.
            var name = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)).Trim()
                .Replace('\r', ' ').Replace('\n', ' ').Replace('\0', ' ');
            var built = new SipRequestBuilder(SipMethod.Message, "sip:x")
                .Address(HeaderName.From, name, "sip:a@h"u8, "t"u8)
                .Build();
            return built.From.DisplayText == name && Sample.Text(built.FromTag) == "t";
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void All_rows_are_copied_in_their_order_and_one_value_alone_when_asked()
    {
        var invite = Sample.Request(Sample.Invite);

        var all = new SipRequestBuilder(SipMethod.Invite, "sip:x").CopyFrom(invite, HeaderName.Via).Build();
        var first = new SipRequestBuilder(SipMethod.Ack, "sip:x").CopyFirst(invite, HeaderName.Via).Build();

        Assert.Equal(2, Count(all, HeaderName.Via));
        Assert.Equal(1, Count(first, HeaderName.Via));
        Assert.Equal(Sample.Text(invite.Branch), Sample.Text(first.Branch));
    }

    [Fact]
    public void A_request_is_repeated_with_some_headers_replaced()
    {
        var invite = Sample.Request(Sample.Invite);

        var again = new SipRequestBuilder(SipMethod.Invite, invite.RequestUri)
            .Via("UDP", "192.0.2.7", 5062, "z9hG4bKnew")
            .CSeq(314160, SipMethod.Invite)
            .CopyAllExcept(invite, HeaderName.Via, HeaderName.CSeq)
            .Body(invite.Body.Span)
            .Build();

        Assert.Equal(SipParseError.None, SipParser.TryParse(again.Wire.Span, SipLimits.Default, out _));
        Assert.Equal(314160u, again.CSeq.Number);
        Assert.Equal("z9hG4bKnew", Sample.Text(again.Branch));
        Assert.True(again.TryGet("X-Trunk"u8, out _));
        Assert.Equal(1, Count(again, HeaderName.Via));
        Assert.Equal(invite.Body.ToArray(), again.Body.ToArray());
    }

    [Fact]
    public void A_message_with_all_rows_taken_can_be_repeated_with_more()
    {
        var filler = string.Concat(Enumerable.Range(0, 241).Select(i => $"X-Filler: {i}\n"));
        var invite = Sample.Request(Sample.Invite.Replace("Supported:", filler + "Supported:", StringComparison.Ordinal));

        var again = new SipRequestBuilder(SipMethod.Invite, invite.RequestUri)
            .CopyAllExcept(invite)
            .Header(HeaderName.Authorization, "Digest x")
            .Body(invite.Body.Span)
            .Build();

        Assert.Equal(invite.Body.ToArray(), again.Body.ToArray());
        Assert.Equal("Digest x", again.GetText(HeaderName.Authorization));
    }

    [Fact]
    public void A_reply_says_where_the_request_came_from()
    {
        var request = Sample.Request(Sample.Invite.Replace(";rport", ";rport;received=192.0.2.66;x=\"a,b\"", StringComparison.Ordinal));

        var reply = SipResponseBuilder.ReplyTo(request, 200, "ours", Source).Build();

        Assert.Equal("203.0.113.9", Sample.Text(reply.TopVia.Received));
        Assert.Equal(40_000, reply.TopVia.Rport);
        Assert.True(reply.TopVia.Params.TryGet("x"u8, out var x));
        Assert.Equal("a,b", Sample.Text(x));
        Assert.Equal(2, Count(reply, HeaderName.Via));
        Assert.Single(reply.ToString().Split("received=203"), part => part.Contains("rport=40000", StringComparison.Ordinal));
        Assert.DoesNotContain("192.0.2.66", reply.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Vias_behind_the_top_one_in_the_same_row_stay_as_they_are()
    {
        var request = Sample.Request(Sample.Invite.Replace(";rport\nVia: ", ";rport , ", StringComparison.Ordinal));

        var reply = SipResponseBuilder.ReplyTo(request, 200, "ours", Source).Build();

        Assert.Equal(2, Count(reply, HeaderName.Via));
        Assert.Equal("z9hG4bKf00dcafe", Sample.Text(reply.Branch));
        Assert.EndsWith(
            "SIP/2.0/TCP [2001:db8::1]:5060;branch=z9hG4bKsecond;received=198.51.100.4", reply.GetText(HeaderName.Via), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.7", "203.0.113.9", true)]
    [InlineData("203.0.113.9", "203.0.113.9", false)]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9", false)]
    [InlineData("phone.example.org", "203.0.113.9", true)]
    [InlineData("[2001:db8::1]", "2001:DB8:0::1", false)]
    public void Received_is_added_when_the_sender_is_elsewhere(string sentBy, string source, bool isAdded)
    {
        var request = Sample.Request(Sample.Invite.Replace("192.0.2.7:5062;branch=z9hG4bKf00dcafe;rport", sentBy + ";branch=z9hG4bK1", StringComparison.Ordinal));

        var reply = SipResponseBuilder.ReplyTo(request, 200, "ours", new(IPAddress.Parse(source), 5060)).Build();

        Assert.Equal(isAdded, !reply.TopVia.Received.IsEmpty);
        Assert.False(reply.TopVia.WantsRport);
    }

    [Fact]
    public void A_tag_is_added_only_where_one_is_missing_and_never_to_a_100()
    {
        var fresh = Sample.Request(Sample.Invite);
        var inDialog = Sample.Request(Sample.Invite.Replace("<sip:bob@switch.example.org>", "<sip:bob@switch.example.org>;tag=theirs", StringComparison.Ordinal));

        Assert.Equal("ours", Sample.Text(SipResponseBuilder.ReplyTo(fresh, 180, "ours").Build().ToTag));
        Assert.Equal("theirs", Sample.Text(SipResponseBuilder.ReplyTo(inDialog, 200, "ours").Build().ToTag));
        Assert.True(SipResponseBuilder.ReplyTo(fresh, 100, "ours").Build().ToTag.IsEmpty);
    }

    [Fact]
    public void Record_route_comes_back_in_responses_that_make_a_dialog()
    {
        var invite = Sample.Request(Sample.Invite.Replace("Max-Forwards", "Record-Route: <sip:p2;lr>, <sip:p1;lr>\nMax-Forwards", StringComparison.Ordinal));

        Assert.Equal("<sip:p2;lr>, <sip:p1;lr>", SipResponseBuilder.ReplyTo(invite, 183, "t").Build().GetText(HeaderName.RecordRoute));
        Assert.False(SipResponseBuilder.ReplyTo(invite, 486, "t").Build().Has(HeaderName.RecordRoute));
        Assert.False(SipResponseBuilder.ReplyTo(invite, 100, "t").Build().Has(HeaderName.RecordRoute));
    }

    [Fact]
    public void A_builder_makes_one_message()
    {
        var builder = Minimal(SipMethod.Bye);
        _ = builder.Build();

        Assert.Throws<InvalidOperationException>(builder.Build);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SipResponseBuilder(99));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SipRequestBuilder(SipMethod.Other, "sip:x"));
    }

    [Fact]
    public void Every_status_has_a_reason_phrase()
    {
        for (var status = 100; status <= 699; status++) Assert.False(SipStatus.ReasonPhrase(status).IsEmpty);
    }

    private static SipRequestBuilder Minimal(SipMethod method) => new SipRequestBuilder(method, "sip:bob@example.org")
        .Via("UDP", "192.0.2.1", 5060, "z9hG4bK1")
        .Address(HeaderName.From, "Al \"x\" \\ Ex", "sip:al@example.org"u8, "f1"u8)
        .Address(HeaderName.To, null, "sip:bob@example.org"u8)
        .Header(HeaderName.CallId, "c1")
        .CSeq(7, method);

    private static int Count(SipMessage message, HeaderName name)
    {
        var count = 0;
        foreach (var _ in message.Values(name)) count++;
        return count;
    }
}
