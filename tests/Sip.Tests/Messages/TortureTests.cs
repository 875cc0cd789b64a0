using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

/// <summary>Ugly but valid messages, in the spirit of RFC 4475 §3.1.</summary>
public sealed class TortureTests
{
    private static readonly string Folded = """
        INVITE sip:desk@switch.example.net;unknown-flag SIP/2.0
        tO :
         sip:desk@switch.example.net ;   tag    = tt1817
        from   : "A \\\" quoted"       <sip:quoted@example.net>
          ;
          tag = ff98
        mAx-fOrWaRdS: 0068
        i: torture.1@192.0.2.2
        Content-Length   : 6
        cseq: 0009
          INVITE
        Via  : SIP  /   2.0
         /UDP
            192.0.2.2;branch=old390
        s :
        Unheard-Of:   first half
         second half
        Odd-Value: ;;,,;;,;
        c: text/plain
        Route:
         <sip:edge.example.net;lr;unknown=value;flag>
        v:  SIP  / 2.0  / TCP     hop.example.net   ;
          branch  =   z9hG4bKaa1  ,
         SIP  /    2.0   / UDP  192.168.2.5   ; branch=
         z9hG4bKaa2
        m:"Comma, and ""quote" <sip:quoted@example.net> ; new =
              value ;
          flag ; q = 0.33


        """.Replace("\"\"quote", "\\\"quote", StringComparison.Ordinal) + "abcd\n";

    [Fact]
    public void Folded_rows_compact_names_and_stray_spaces_are_understood()
    {
        var invite = Sample.Request(Folded);

        Assert.Equal(new CSeq(9, SipMethod.Invite), invite.CSeq);
        Assert.Equal("tt1817", Sample.Text(invite.ToTag));
        Assert.Equal("ff98", Sample.Text(invite.FromTag));
        Assert.Equal("A \\\" quoted", invite.From.DisplayText);
        Assert.Equal("torture.1@192.0.2.2", Sample.Text(invite.CallId));
        Assert.Equal("UDP", Sample.Text(invite.TopVia.Transport));
        Assert.Equal("192.0.2.2", Sample.Text(invite.TopVia.Host));
        Assert.Equal("old390", Sample.Text(invite.Branch));
        Assert.False(invite.TopVia.HasMagicCookie);
        Assert.True(invite.TryGetNumber(HeaderName.MaxForwards, out var hops));
        Assert.Equal(68u, hops);
        Assert.Equal("abcd\r\n", Sample.Text(invite.Body.Span));
        Assert.True(invite.TryGet(HeaderName.Subject, out var subject) && subject.IsEmpty);
    }

    [Fact]
    public void Three_vias_in_two_rows_come_out_in_their_order()
    {
        var invite = Sample.Request(Folded);

        var hops = new List<string>();
        foreach (var value in invite.Values(HeaderName.Via))
        {
            Assert.True(Via.TryParse(value, out var via));
            hops.Add($"{Sample.Text(via.Transport)} {Sample.Text(via.SentBy)} {Sample.Text(via.Branch)}");
        }

        Assert.Equal(["UDP 192.0.2.2 old390", "TCP hop.example.net z9hG4bKaa1", "UDP 192.168.2.5 z9hG4bKaa2"], hops);
    }

    [Fact]
    public void A_comma_inside_quotes_does_not_split_a_contact()
    {
        var invite = Sample.Request(Folded);

        var count = 0;
        var weight = 0;
        foreach (var value in invite.Values(HeaderName.Contact))
        {
            Assert.True(ContactValue.TryParse(value, out var contact));
            weight = contact.QThousandths ?? -1;
            count++;
        }

        Assert.Equal((1, 330), (count, weight));
    }

    [Fact]
    public void A_folded_row_of_an_unknown_header_becomes_one_line()
    {
        var invite = Sample.Request(Folded);

        Assert.True(invite.TryGet("unheard-of"u8, out var value));
        Assert.DoesNotContain('\n', Sample.Text(value));
        Assert.StartsWith("first half", Sample.Text(value), StringComparison.Ordinal);
        Assert.EndsWith("second half", Sample.Text(value), StringComparison.Ordinal);
    }

    [Fact]
    public void A_strange_method_and_a_strange_uri_are_legal()
    {
        var request = Sample.Request("""
            !odd-Method0*_+`.%'~ sip:7_strange.User~(it-is!)&isn't+$/odd?,/;;*:&pas$wo~d.(yes)@example.org SIP/2.0
            Via: SIP/2.0/UDP host1.example.org;branch=z9hG4bK-.!%66*_+`'~
            To: "BEL:#7 NUL:#0 DEL:#127" <sip:x@example.org>
            From: token1~` token2'+_ token3*%!.- <sip:m@example.org>;param''~+*_!.-%="значение";tag=_tok~1'+`*%!-.
            Call-ID: odd.word%ZK-!.*_+'@word`~)(><:\/"][?}{
            CSeq: 139122385 !odd-Method0*_+`.%'~
            Max-Forwards: 255
            X-.!%66*_+`'~: long


            """.Replace("#7", "\\\a", StringComparison.Ordinal).Replace("#0", "\\\0", StringComparison.Ordinal)
            .Replace("#127", "\\\u007f", StringComparison.Ordinal));

        Assert.Equal(SipMethod.Other, request.Method);
        Assert.Equal(139122385u, request.CSeq.Number);
        Assert.Equal("_tok~1'+`*%!-.", Sample.Text(request.FromTag));
        Assert.Equal("BEL:\a NUL:\0 DEL:\u007f", request.To.DisplayText);
        Assert.True(SipUri.TryParse(request.RequestUri, out var uri));
        Assert.Equal("example.org", Sample.Text(uri.Host));
        Assert.Equal("7_strange.User~(it-is!)&isn't+$/odd?,/;;*", Sample.Text(uri.User));
    }

    [Fact]
    public void Escaped_characters_in_a_uri_are_resolved_only_in_text()
    {
        var invite = Sample.Request(Sample.Invite.Replace(
            "INVITE sip:bob@switch.example.org;transport=udp", "INVITE sip:sips%3Auser%40example.org@example.net", StringComparison.Ordinal));

        Assert.True(SipUri.TryParse(invite.RequestUri, out var uri));

        Assert.Equal("sips%3Auser%40example.org", Sample.Text(uri.User));
        Assert.Equal("sips:user@example.org", uri.UserText);
    }

    [Fact]
    public void A_method_that_ends_in_an_escape_is_not_the_method_it_decodes_to()
    {
        var request = Sample.Request(Sample.Invite.Replace("INVITE sip", "RE%47IST%45R sip", StringComparison.Ordinal)
            .Replace("314159 INVITE", "314159 RE%47IST%45R", StringComparison.Ordinal));

        Assert.Equal(SipMethod.Other, request.Method);
    }

    [Fact]
    public void An_unknown_scheme_is_read_and_left_to_be_answered_416()
    {
        var request = Sample.Request(Sample.Invite.Replace(
            "INVITE sip:bob@switch.example.org;transport=udp", "INVITE nobody-knows:what,this=is", StringComparison.Ordinal));

        Assert.True(SipUri.TryParse(request.RequestUri, out var uri));

        Assert.Equal(SipScheme.Other, uri.Scheme);
    }

    [Fact]
    public void Empty_lines_before_the_start_line_are_skipped()
    {
        Assert.Equal(SipMethod.Invite, Sample.Request("\n\n" + Sample.Invite).Method);
    }

    [Fact]
    public void Octets_behind_content_length_are_dropped()
    {
        var invite = Sample.Request(Sample.Invite + "INVITE sip:second@example.org SIP/2.0\n\n");

        Assert.Equal(4, invite.Body.Length);
        Assert.EndsWith("v=0\r", invite.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_content_length_a_datagram_is_body_to_its_end()
    {
        var invite = Sample.Request(Sample.Invite.Replace("Content-Length: 4\n", "", StringComparison.Ordinal));

        Assert.Equal("v=0\r\n", Sample.Text(invite.Body.Span));
    }

    [Fact]
    public void A_body_may_hold_nul_bytes_and_bare_line_ends()
    {
        var header = Sample.Invite[..Sample.Invite.IndexOf("v=0", StringComparison.Ordinal)];
        byte[] wire = [.. Sample.Bytes(header), 0, (byte)'\n', (byte)'\r', 0xff];

        var error = SipParser.TryParse(wire, SipLimits.Default, out var message);

        Assert.Equal(SipParseError.None, error);
        Assert.Equal(4, message!.Body.Length);
    }

    [Theory]
    [InlineData("SIP/2.0 200 ", 200, "")]
    [InlineData("SIP/2.0 200", 200, "")]
    [InlineData("sip/2.0 699 Ünknown = 2**3 * 5**2 ☎", 699, "Ünknown = 2**3 * 5**2 ☎")]
    public void A_reason_phrase_may_be_empty_or_anything(string line, int status, string reason)
    {
        var response = Sample.Response(line + "\n" + Sample.Invite[(Sample.Invite.IndexOf('\n', StringComparison.Ordinal) + 1)..]);

        Assert.Equal((status, reason), (response.Status, response.ReasonText));
    }

    [Fact]
    public void Two_hundred_and_fifty_six_rows_are_indexed_to_the_last()
    {
        var filler = string.Concat(Enumerable.Range(0, 241).Select(i => $"X-Filler: {i}\n"));
        var invite = Sample.Request(Sample.Invite
            .Replace("Supported:", filler + "Supported:", StringComparison.Ordinal)
            .Replace("Content-Type: application/sdp\n", "", StringComparison.Ordinal)
            .Replace("Content-Length: 4\n", "Server: late\nContent-Length: 4\n", StringComparison.Ordinal));

        Assert.Equal(256, invite.RowTable.Length);
        Assert.Equal("late", invite.GetText(HeaderName.Server));
        Assert.Equal("replaces, timer,100rel", invite.GetText(HeaderName.Supported));
        Assert.False(invite.Has(HeaderName.Warning));
    }
}
