using System.Text;
using System.Text.RegularExpressions;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Tests.Messages;

namespace Switchhook.Sip.Tests.Torture;

/// <summary>RFC 4475 against the parser: what is said to be wrong, what is read, and that nothing is lost on the way out again.</summary>
public sealed partial class TortureParserTests
{
    public static TheoryData<string> Names => [.. TortureCatalog.All.Select(message => message.Name)];

    public static TheoryData<string> Readable =>
        [.. TortureCatalog.All.Where(message => message.Fault == SipParseError.None).Select(message => message.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_message_has_the_fault_it_is_known_for(string name)
    {
        var message = TortureMessage.Of(name);

        var fault = SipParser.TryParse(message.Octets, SipLimits.Default, out _);

        Assert.Equal(message.Fault, fault);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Every_row_is_read_as_it_stands_in_the_octets(string name)
    {
        var octets = TortureMessage.Of(name).Octets;

        var message = TortureMessage.Of(name).Parsed();

        Assert.Equal(RowsOf(octets), RowsOf(message));
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Nothing_is_lost_when_it_is_written_again(string name)
    {
        var original = TortureMessage.Of(name).Parsed();

        SipMessage written = original switch
        {
            SipRequest request => new SipRequestBuilder(request.MethodName, request.RequestUri).CopyAllExcept(request).Body(request.Body.Span).Build(),
            SipResponse response => new SipResponseBuilder(response.Status, response.Reason).CopyAllExcept(response).Body(response.Body.Span).Build(),
            _ => throw new InvalidOperationException(),
        };
        var fault = SipParser.TryParse(written.Wire.Span, SipLimits.Default, out var again);

        Assert.Equal(SipParseError.None, fault);
        Assert.Equal(WithoutLength(RowsOf(original)), WithoutLength(RowsOf(again!)));
        Assert.Equal(original.Body.ToArray(), again!.Body.ToArray());
        if (again is SipRequest { } copy) Assert.Equal(((SipRequest)original).MethodName, copy.MethodName);
        if (again is SipResponse { } reply) Assert.Equal(((SipResponse)original).Status, reply.Status);
    }

    [Fact]
    public void A_tortuous_invite_means_what_its_plain_form_would()
    {
        var invite = Request("wsinv");

        Assert.Equal(new CSeq(9, SipMethod.Invite), invite.CSeq);
        Assert.Equal("J Rosenberg \\\"", invite.From.DisplayText);
        Assert.Equal(("98asjd8", "1918181833n"), (Text(invite.FromTag), Text(invite.ToTag)));
        Assert.True(invite.TryGetNumber(HeaderName.MaxForwards, out var hops));
        Assert.Equal(68u, hops);
        Assert.Equal(["192.0.2.2 390skdjuw", "spindle.example.com z9hG4bK9ikj8", "192.168.255.111 z9hG4bK30239"], Hops(invite));
        Assert.Equal(["Quoted string \"\" <sip:jdrosen@example.com> 330"], Contacts(invite));
        Assert.Equal(";;,,;;,;", invite.TryGet("unknownheaderwithunusualvalue"u8, out var odd) ? Text(odd) : null);
        Assert.Equal(150, invite.Body.Length);
    }

    [Fact]
    public void Unusual_characters_are_read_where_they_may_stand()
    {
        var request = Request("intmeth");

        Assert.Equal("!interesting-Method0123456789_*+`.%indeed'~", Text(request.MethodName));
        Assert.Equal("BEL:\a NUL:\0 DEL:\u007f", request.To.DisplayText);
        Assert.Equal("token1~` token2'+_ token3*%!.-", request.From.DisplayText);
        Assert.Equal("работающий", Text(request.From.Params.Get("fromParam''~+*_!.-%"u8)));
        Assert.Equal("_token~1'+`*%!-.", Text(request.FromTag));
        Assert.Equal("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", Text(request.CallId));
        Assert.Equal("\ufeff大停電", request.TryGet("extensionHeader-!.%*+_`'~"u8, out var value) ? Text(value) : null);
        Assert.True(SipUri.TryParse(request.RequestUri, out var uri));
        Assert.Equal("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*", Text(uri.User));
        Assert.Equal("example.com", Text(uri.Host));
    }

    [Fact]
    public void Escapes_in_uris_are_resolved_as_text_and_as_equality_only()
    {
        var invite = Request("esc01");

        Assert.True(SipUri.TryParse(invite.RequestUri, out var target));
        Assert.True(SipUri.TryParse(invite.To.Uri, out var to));
        Assert.True(SipUri.TryParse("sip:user@example.com"u8, out var plain));
        Assert.Equal(("sips:user@example.com", "example.net"), (target.UserText, target.HostText));
        Assert.True(to.IsEquivalentTo(plain));
        Assert.True(SipUri.TryParse(invite.From.Uri, out var from));
        Assert.Equal("I have spaces", from.UserText);
    }

    [Fact]
    public void An_escaped_nul_is_a_character_like_any_other()
    {
        var register = Request("escnull");

        Assert.True(SipUri.TryParse(register.To.Uri, out var to));
        Assert.Equal("null-\0-null", to.UserText);
        Assert.Equal([" <sip:%00@host5.example.com> ", " <sip:%00%00@host5.example.com> "], Contacts(register));
        Assert.True(SipUri.TryParse("sip:%00@host5.example.com"u8, out var one));
        Assert.True(SipUri.TryParse("sip:%00%00@host5.example.com"u8, out var two));
        Assert.False(one.IsEquivalentTo(two));
    }

    [Fact]
    public void A_percent_sign_outside_uris_escapes_nothing()
    {
        var request = Request("esc02");

        Assert.Equal(SipMethod.Other, request.Method);
        Assert.Equal("%Z%45", request.To.DisplayText);
        Assert.Equal(2, Contacts(request).Count);
        Assert.True(request.TryGet("C%6Fntact"u8, out _));
    }

    [Fact]
    public void Thirty_four_hops_and_long_values_are_all_there()
    {
        var invite = Request("longreq");

        Assert.Equal(34, Hops(invite).Count);
        Assert.StartsWith("host.example.com verylong", Hops(invite)[^1], StringComparison.Ordinal);
        Assert.StartsWith("I have a user name of extreme", invite.To.DisplayText, StringComparison.Ordinal);
        Assert.True(invite.Branch.IsEmpty);
    }

    [Fact]
    public void A_datagram_ends_where_content_length_says()
    {
        var register = Request("dblreq");

        Assert.True(register.Body.IsEmpty);
        Assert.DoesNotContain("INVITE", register.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_semicolon_before_the_at_sign_belongs_to_the_user()
    {
        var options = Request("semiuri");

        Assert.True(SipUri.TryParse(options.RequestUri, out var uri));
        Assert.Equal(("user;par=u@example.net", "example.com"), (uri.UserText, uri.HostText));
        Assert.True(uri.Params.Raw.IsEmpty);
        Assert.True(options.Lists(HeaderName.Accept, "message/sipfrag"u8));
    }

    [Fact]
    public void A_binary_body_is_kept_to_the_octet()
    {
        var message = Request("mpart01");

        Assert.Equal(553, message.Body.Length);
        Assert.Equal(TortureMessage.Of("mpart01").Octets[^553..], message.Body.ToArray());
        Assert.True(message.Body.Span.Contains((byte)0));
    }

    [Fact]
    public void Reason_phrases_may_be_anything_or_nothing()
    {
        var unusual = Assert.IsType<SipResponse>(TortureMessage.Of("unreason").Parsed());
        var empty = Assert.IsType<SipResponse>(TortureMessage.Of("noreason").Parsed());

        Assert.Equal((200, "= 2**3 * 5**2 но сто девяносто девять - простое"), (unusual.Status, unusual.ReasonText));
        Assert.Equal((100, ""), (empty.Status, empty.ReasonText));
    }

    [Fact]
    public void A_contact_parameter_is_told_from_a_uri_parameter()
    {
        Assert.True(ContactValue.TryParse(Request("cparam01").Get(HeaderName.Contact), out var outside));
        Assert.True(ContactValue.TryParse(Request("cparam02").Get(HeaderName.Contact), out var inside));

        Assert.Equal(("sip:+19725552222@gw1.example.net", true), (Text(outside.Uri), outside.Params.Has("unknownparam"u8)));
        Assert.Equal(("sip:+19725552222@gw1.example.net;unknownparam", false), (Text(inside.Uri), inside.Params.Has("unknownparam"u8)));
    }

    [Fact]
    public void The_headers_of_a_contact_are_kept_and_those_without_brackets_are_a_fault()
    {
        Assert.True(ContactValue.TryParse(Request("regescrt").Get(HeaderName.Contact), out var contact));
        Assert.True(SipUri.TryParse(contact.Uri, out var uri));

        Assert.Equal("Route=%3Csip:sip.example.com%3E", Text(uri.Headers));
        Assert.False(ContactValue.TryParse(Request("regbadct").Get(HeaderName.Contact), out _));
        Assert.False(Request("escruri").Has(HeaderName.Route));
    }

    [Fact]
    public void An_invite_of_rfc_2543_is_read()
    {
        var invite = Request("inv2543");

        Assert.True(invite.Branch.IsEmpty && invite.FromTag.IsEmpty);
        Assert.Equal(105, invite.Body.Length);
        Assert.True(SipUri.TryParse(invite.To.Uri, out var to));
        Assert.Equal("+16505552222", to.UserText);
    }

    private static SipRequest Request(string name) => Assert.IsType<SipRequest>(TortureMessage.Of(name).Parsed());

    private static string Text(ReadOnlySpan<byte> bytes) => Sample.Text(bytes);

    private static List<string> Hops(SipMessage message)
    {
        var hops = new List<string>();
        foreach (var value in message.Values(HeaderName.Via))
        {
            Assert.True(Via.TryParse(value, out var via));
            hops.Add($"{Text(via.SentBy)} {Text(via.Branch)}".Trim());
        }

        return hops;
    }

    private static List<string> Contacts(SipMessage message)
    {
        var contacts = new List<string>();
        foreach (var value in message.Values(HeaderName.Contact))
        {
            Assert.True(ContactValue.TryParse(value, out var contact));
            contacts.Add($"{contact.Address.DisplayText} <{Text(contact.Uri)}> {contact.QThousandths}");
        }

        return contacts;
    }

    /// <summary>The rows by hand: cut at line ends, unfolded, runs of white space made one space.</summary>
    private static List<string> RowsOf(byte[] octets)
    {
        var text = Encoding.Latin1.GetString(octets);
        var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        var lines = FoldedLineEnd().Replace(head, " ").Split("\r\n")[1..];
        return [.. lines.Select(line => Row(line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]))];
    }

    private static List<string> RowsOf(SipMessage message)
    {
        var rows = new List<string>();
        foreach (var row in message.AllRows) rows.Add(Row(Encoding.Latin1.GetString(row.WrittenName), Encoding.Latin1.GetString(row.Value)));
        return rows;
    }

    private static string Row(string name, string value)
    {
        var known = HeaderNames.Parse(Encoding.Latin1.GetBytes(name.Trim()));
        return $"{(known == HeaderName.Other ? name.Trim() : known)}: {WhiteSpace().Replace(value, " ").Trim(' ')}";
    }

    private static IEnumerable<string> WithoutLength(List<string> rows) =>
        rows.Where(row => !row.StartsWith(nameof(HeaderName.ContentLength), StringComparison.Ordinal));

    [GeneratedRegex(@"\r\n[ \t]+")]
    private static partial Regex FoldedLineEnd();

    [GeneratedRegex(@"[ \t\r\n]+")]
    private static partial Regex WhiteSpace();
}
