using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

public sealed class ValueTests
{
    [Theory]
    [InlineData("<sip:a@x.org>;tag=1", "", "sip:a@x.org", "1")]
    [InlineData("sip:a@x.org;tag=1", "", "sip:a@x.org", "1")]
    [InlineData("<sip:a@x.org;tag=uri>", "", "sip:a@x.org;tag=uri", "")]
    [InlineData("\"A <b> ; \\\"c\\\"\" <sip:a@x.org> ; Tag = 1 ", "A <b> ; \"c\"", "sip:a@x.org", "1")]
    [InlineData("Anna Maria <sips:a@x.org>;x;tag=\"q;r\"", "Anna Maria", "sips:a@x.org", "q;r")]
    [InlineData("< tel:+4930123;phone-context=x.org >", "", "tel:+4930123;phone-context=x.org", "")]
    [InlineData("\"\"<sip:x.org>", "", "sip:x.org", "")]
    public void An_address_is_taken_apart(string text, string display, string uri, string tag)
    {
        Assert.True(NameAddr.TryParse(Encoding.UTF8.GetBytes(text), out var address));

        Assert.Equal((display, uri, tag), (address.DisplayText, Sample.Text(address.Uri), Sample.Text(address.Tag)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\"\\")]
    [InlineData("\"a\"")]
    [InlineData("\"a\" sip:x.org")]
    [InlineData("<sip:x.org")]
    [InlineData("<sip:x.org> x")]
    [InlineData("<sip:x.org>>")]
    [InlineData("<x.org>")]
    [InlineData("<:x>")]
    [InlineData("<1a:x>")]
    [InlineData("<sip:a b@x.org>")]
    [InlineData("a\"b <sip:x.org>")]
    public void A_broken_address_is_refused(string text) => Assert.False(NameAddr.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_via_gives_all_its_parameters()
    {
        Assert.True(Via.TryParse(
            "SIP/2.0/WSS [2001:db8::9]:443 ;branch=z9hG4bKx;received=192.0.2.1;rport=1024;maddr=224.2.0.1;ttl=1"u8, out var via));

        Assert.Equal("WSS", Sample.Text(via.Transport));
        Assert.Equal("[2001:db8::9]", Sample.Text(via.Host));
        Assert.Equal("[2001:db8::9]:443", Sample.Text(via.SentBy));
        Assert.Equal((443, 1024), (via.Port, via.Rport));
        Assert.Equal("192.0.2.1", Sample.Text(via.Received));
        Assert.Equal("224.2.0.1", Sample.Text(via.Maddr));
        Assert.True(via.HasMagicCookie && via.WantsRport);
    }

    [Theory]
    [InlineData("sip:h", "", "h", 0)]
    [InlineData("SIP:user:pw@h.example:5070;lr?Subject=x", "user", "h.example", 5070)]
    [InlineData("sips:%61;x=1@[2001:db8::1]:5061", "%61;x=1", "[2001:db8::1]", 5061)]
    [InlineData("sip:+4930123;phone-context=x@gw_1;user=phone", "+4930123;phone-context=x", "gw_1", 0)]
    [InlineData("tel:+49-30-123;ext=4", "+49-30-123", "", 0)]
    public void A_uri_is_taken_apart(string text, string user, string host, int port)
    {
        Assert.True(SipUri.TryParse(Encoding.UTF8.GetBytes(text), out var uri));

        Assert.Equal((user, host, port), (Sample.Text(uri.User), Sample.Text(uri.Host), uri.Port));
    }

    [Fact]
    public void Uri_parameters_are_found_without_case()
    {
        Assert.True(SipUri.TryParse("sip:u@h;Transport=TCP;LR;maddr=192.0.2.1;ttl=15;method=BYE;user=phone?a=b&c=d"u8, out var uri));

        Assert.Equal("TCP", Sample.Text(uri.Transport));
        Assert.Equal("192.0.2.1", Sample.Text(uri.Maddr));
        Assert.Equal("BYE", Sample.Text(uri.Method));
        Assert.Equal("phone", Sample.Text(uri.UserKind));
        Assert.Equal("a=b&c=d", Sample.Text(uri.Headers));
        Assert.Equal(15, uri.Ttl);
        Assert.True(uri.IsLooseRouter);
    }

    [Theory]
    [InlineData("sip:")]
    [InlineData("sip")]
    [InlineData(":x")]
    [InlineData("sip:@h")]
    [InlineData("sip::pw@h")]
    [InlineData("sip:u@")]
    [InlineData("sip:u@h:")]
    [InlineData("sip:u@h:0")]
    [InlineData("sip:u@h:65536")]
    [InlineData("sip:u@h:5o60")]
    [InlineData("sip:u@h;")]
    [InlineData("sip:u@h;=x")]
    [InlineData("sip:u@[2001:db8::1")]
    [InlineData("sip:u@[zz]")]
    [InlineData("sip:u@h h")]
    [InlineData("sip:u\u0001@h")]
    [InlineData("sip:u%2@h")]
    [InlineData("tel:")]
    [InlineData("tel:;x")]
    public void A_broken_uri_is_refused(string text) => Assert.False(SipUri.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("sip:%61lice@atlanta.example;transport=TCP", "sip:alice@AtLanTa.example;Transport=tcp")]
    [InlineData("sip:carol@chicago.example", "sip:carol@chicago.example;newparam=5")]
    [InlineData("sip:a@h;twice=1;twice=2", "sip:a@h;twice=1;twice=2")]
    [InlineData("sip:carol@chicago.example;security=on", "sip:carol@chicago.example;newparam=5")]
    [InlineData("sip:b.example;transport=tcp;method=REGISTER?to=sip:b%40c.example", "sip:b.example;method=REGISTER;transport=tcp?to=sip:b%40c.example")]
    [InlineData("sip:a@h?subject=x&priority=u", "sip:a@h?priority=u&SUBJECT=x")]
    public void Equivalent_uris_are_equal_both_ways(string one, string two)
    {
        Assert.True(Equivalent(one, two));
        Assert.True(Equivalent(two, one));
    }

    [Theory]
    [InlineData("SIP:ALICE@atlanta.example;Transport=udp", "sip:alice@atlanta.example;Transport=UDP")]
    [InlineData("sip:bob@b.example", "sip:bob@b.example:5060")]
    [InlineData("sip:bob@b.example", "sip:bob@b.example;transport=udp")]
    [InlineData("sip:bob@b.example", "sip:bob@b.example;user=phone")]
    [InlineData("sip:bob@b.example", "sip:bob@b.example;maddr=192.0.2.1")]
    [InlineData("sip:bob@b.example", "sips:bob@b.example")]
    [InlineData("sip:bob@b.example", "sip:bob:pw@b.example")]
    [InlineData("sip:carol@c.example", "sip:carol@c.example?Subject=next")]
    [InlineData("sip:carol@c.example;security=on", "sip:carol@c.example;security=off")]
    [InlineData("sip:bob@phone.b.example", "sip:bob@192.0.2.4")]
    public void Different_uris_are_unequal_both_ways(string one, string two)
    {
        Assert.False(Equivalent(one, two));
        Assert.False(Equivalent(two, one));
    }

    [Theory]
    [InlineData("<sip:a@h>;q=1;expires=60", 1000, 60L)]
    [InlineData("<sip:a@h>;q=0.5", 500, null)]
    [InlineData("<sip:a@h>;q=0.125;expires=4294967295", 125, 4294967295L)]
    [InlineData("<sip:a@h>;q=1.1;expires=-1", null, null)]
    [InlineData("<sip:a@h>;q=.5;expires=4294967296", null, null)]
    [InlineData("sip:a@h;q=0;expires=0", 0, 0L)]
    public void A_contact_gives_weight_and_lifetime(string text, int? q, long? expires)
    {
        Assert.True(ContactValue.TryParse(Encoding.UTF8.GetBytes(text), out var contact));

        Assert.Equal((q, expires), (contact.QThousandths, contact.ExpiresSeconds));
    }

    [Fact]
    public void A_star_is_a_contact_of_its_own()
    {
        Assert.True(ContactValue.TryParse(" * "u8, out var contact));

        Assert.True(contact.IsStar);
    }

    [Fact]
    public void A_reason_gives_protocol_cause_and_text()
    {
        Assert.True(ReasonHeader.TryParse("q.850 ;cause=16 ;text=\"Normal \\\"call\\\" clearing\""u8, out var reason));

        Assert.True(reason.IsQ850);
        Assert.Equal((16, "Normal \"call\" clearing"), (reason.Cause, reason.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData(";cause=1")]
    [InlineData("SIP;cause=1;text=\"open")]
    public void A_broken_reason_is_refused(string text) => Assert.False(ReasonHeader.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_header_name_is_found_in_its_own_spelling_in_any_case()
    {
        foreach (var name in Enum.GetValues<HeaderName>())
        {
            if (name == HeaderName.Other) continue;
            var wire = Encoding.ASCII.GetString(name.Wire());

            Assert.Equal(name, HeaderNames.Parse(Encoding.ASCII.GetBytes(wire.ToUpperInvariant())));
            Assert.Equal(name, HeaderNames.Parse(Encoding.ASCII.GetBytes(wire.ToLowerInvariant())));
        }
    }

    [Theory]
    [InlineData("a", HeaderName.AcceptContact)]
    [InlineData("B", HeaderName.ReferredBy)]
    [InlineData("c", HeaderName.ContentType)]
    [InlineData("d", HeaderName.RequestDisposition)]
    [InlineData("e", HeaderName.ContentEncoding)]
    [InlineData("f", HeaderName.From)]
    [InlineData("i", HeaderName.CallId)]
    [InlineData("j", HeaderName.RejectContact)]
    [InlineData("k", HeaderName.Supported)]
    [InlineData("l", HeaderName.ContentLength)]
    [InlineData("m", HeaderName.Contact)]
    [InlineData("n", HeaderName.IdentityInfo)]
    [InlineData("o", HeaderName.Event)]
    [InlineData("R", HeaderName.ReferTo)]
    [InlineData("s", HeaderName.Subject)]
    [InlineData("t", HeaderName.To)]
    [InlineData("u", HeaderName.AllowEvents)]
    [InlineData("v", HeaderName.Via)]
    [InlineData("x", HeaderName.SessionExpires)]
    [InlineData("y", HeaderName.Identity)]
    [InlineData("z", HeaderName.Other)]
    [InlineData("", HeaderName.Other)]
    [InlineData("!", HeaderName.Other)]
    [InlineData("Vi", HeaderName.Other)]
    [InlineData("P-Asserted-Identity", HeaderName.PAssertedIdentity)]
    [InlineData("WWW-Authenticate", HeaderName.WwwAuthenticate)]
    [InlineData("SIP-If-Match", HeaderName.SipIfMatch)]
    public void Names_and_compact_forms_are_those_of_the_registry(string text, HeaderName expected) =>
        Assert.Equal(expected, HeaderNames.Parse(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Every_method_is_found_by_its_name_and_only_in_its_case()
    {
        foreach (var method in Enum.GetValues<SipMethod>())
        {
            if (method == SipMethod.Other) continue;
            var name = Encoding.ASCII.GetString(method.Name());

            Assert.Equal(method, SipMethods.Parse(Encoding.ASCII.GetBytes(name)));
            Assert.Equal(SipMethod.Other, SipMethods.Parse(Encoding.ASCII.GetBytes(name.ToLowerInvariant())));
        }
    }

    private static bool Equivalent(string one, string two)
    {
        Assert.True(SipUri.TryParse(Encoding.UTF8.GetBytes(one), out var a));
        Assert.True(SipUri.TryParse(Encoding.UTF8.GetBytes(two), out var b));
        return a.IsEquivalentTo(b);
    }
}
