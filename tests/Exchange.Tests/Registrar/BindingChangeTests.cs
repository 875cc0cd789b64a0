using System.Globalization;
using System.Net;
using System.Text;
using Switchhook.Exchange.Registrar;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Tests.Registrar;

/// <summary>RFC 3261 §10.3, row by row.</summary>
public sealed class BindingChangeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SipFlow Flow = SipFlow.Toward(SipTransportKind.Udp, new IPEndPoint(IPAddress.Parse("192.0.2.9"), 5062));

    [Fact]
    public void A_contact_is_bound_where_the_request_came_from()
    {
        var (status, after) = Apply([], Register(1, null, "<sip:101@10.0.0.1:5060;line=7>"));

        Assert.Equal(200, status);
        var binding = Assert.Single(after);
        Assert.Equal("sip:101@10.0.0.1:5060;line=7", binding.Contact);
        Assert.Equal("udp://192.0.2.9:5062", binding.Stored.Source);
        Assert.Equal(("101", "a@phone", 1u, "Phone 1.0"), (binding.Stored.Extension, binding.Stored.SipCallId, binding.Stored.Sequence, binding.Stored.UserAgent));
        Assert.Equal(Flow, binding.Flow);
    }

    [Fact]
    public void A_binding_that_was_stored_reaches_the_same_phone_again()
    {
        var binding = Apply([], Register(1, null, "<sip:101@10.0.0.1>")).After[0];

        Assert.Equal(binding, Binding.From(binding.Stored));
        Assert.Null(Binding.From(binding.Stored with { Source = "nonsense" }));
        Assert.Null(Binding.From(binding.Stored with { Source = "udp://nonsense" }));
    }

    [Theory]
    [InlineData(null, "<sip:101@10.0.0.1>", 3600)]
    [InlineData("300", "<sip:101@10.0.0.1>", 300)]
    [InlineData("300", "<sip:101@10.0.0.1>;expires=60", 60)]
    [InlineData(null, "<sip:101@10.0.0.1>;expires=60", 60)]
    [InlineData("300", "<sip:101@10.0.0.1>;expires=soon", 300)]
    [InlineData("soon", "<sip:101@10.0.0.1>", 3600)]
    [InlineData("86400", "<sip:101@10.0.0.1>", 7200)]
    [InlineData(null, "<sip:101@10.0.0.1>;expires=4294967295", 7200)]
    [InlineData(null, "<sip:101@10.0.0.1;expires=60>", 3600)]
    [InlineData("300", "sip:101@10.0.0.1;expires=60", 60)]
    public void The_contacts_own_expiry_comes_before_the_header_and_both_before_the_default(string? header, string contact, int seconds)
    {
        var (status, after) = Apply([], Register(1, header, contact));

        Assert.Equal(200, status);
        Assert.Equal(Now.AddSeconds(seconds), Assert.Single(after).Stored.ExpiresAt);
    }

    [Fact]
    public void A_refresh_replaces_the_binding_and_moves_its_end()
    {
        var before = Apply([], Register(1, "300", "<sip:101@10.0.0.1>")).After;

        var (status, after) = Apply(before, Register(2, "600", "<sip:101@10.0.0.1>"));

        Assert.Equal(200, status);
        var binding = Assert.Single(after);
        Assert.Equal((2u, Now.AddSeconds(600)), (binding.Stored.Sequence, binding.Stored.ExpiresAt));
    }

    [Fact]
    public void Contacts_are_the_same_when_their_uris_are_equivalent()
    {
        var before = Apply([], Register(1, "300", "<sip:101@Phone.Example:5060;transport=udp>")).After;

        var after = Apply(before, Register(2, "300", "<sip:101@phone.example:5060;transport=UDP>")).After;

        Assert.Single(after);
    }

    [Fact]
    public void A_phone_that_restarted_replaces_its_binding_whatever_its_sequence()
    {
        var before = Apply([], Register(90, "300", "<sip:101@10.0.0.1>")).After;

        var (status, after) = Apply(before, Register(1, "300", ["<sip:101@10.0.0.1>"], "b@phone"));

        Assert.Equal((200, 1u), (status, Assert.Single(after).Stored.Sequence));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_older_request_changes_nothing(uint sequence)
    {
        var before = Apply([], Register(2, "300", "<sip:101@10.0.0.1>")).After;

        var (status, after) = Apply(before, Register(sequence, "0", "<sip:101@10.0.0.1>"));

        Assert.Equal(500, status);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Several_contacts_in_one_request_are_all_bound()
    {
        var (status, after) = Apply([], Register(1, "300", "<sip:101@10.0.0.1>;q=0.2, <sip:101@10.0.0.2>;q=0.9", "<sip:101@10.0.0.3>;expires=30"));

        Assert.Equal(200, status);
        Assert.Equal([0.2, 0.9, 1.0], after.Select(b => b.Stored.Quality));
    }

    [Fact]
    public void Of_a_contact_named_twice_in_one_request_the_last_counts()
    {
        var (status, after) = Apply([], Register(1, "300", "<sip:101@10.0.0.1>;expires=10", "<sip:101@10.0.0.1>;expires=20"));

        Assert.Equal((200, Now.AddSeconds(20)), (status, Assert.Single(after).Stored.ExpiresAt));
    }

    [Fact]
    public void One_mistaken_contact_leaves_all_bindings_as_they_were()
    {
        var before = Apply([], Register(1, "300", "<sip:101@10.0.0.1>")).After;

        var (status, after) = Apply(before, Register(2, "300", "<sip:101@10.0.0.2>", "<tel:+123>"));

        Assert.Equal(400, status);
        Assert.Equal(before, after);
    }

    [Fact]
    public void An_expiry_of_zero_removes_that_contact_and_leaves_the_others()
    {
        var before = Apply([], Register(1, "300", "<sip:101@10.0.0.1>", "<sip:101@10.0.0.2>")).After;

        var (status, after) = Apply(before, Register(2, "300", "<sip:101@10.0.0.1>;expires=0"));

        Assert.Equal((200, "sip:101@10.0.0.2"), (status, Assert.Single(after).Contact));
    }

    [Fact]
    public void Removing_what_is_not_bound_is_fine()
    {
        var (status, after) = Apply([], Register(1, "0", "<sip:101@10.0.0.1>"));

        Assert.Equal(200, status);
        Assert.Empty(after);
    }

    [Fact]
    public void A_star_with_expires_zero_removes_everything()
    {
        var before = Apply([], Register(1, "300", "<sip:101@10.0.0.1>", "<sip:101@10.0.0.2>")).After;

        var (status, after) = Apply(before, Register(2, "0", "*"));

        Assert.Equal(200, status);
        Assert.Empty(after);
    }

    [Theory]
    [InlineData(null, "*")]
    [InlineData("300", "*")]
    [InlineData("soon", "*")]
    [InlineData("0", "*", "<sip:101@10.0.0.2>")]
    [InlineData("0", "<sip:101@10.0.0.2>", "*")]
    [InlineData("0", "*", "*")]
    public void A_star_stands_alone_and_with_expires_zero(string? expires, params string[] contacts)
    {
        var before = Apply([], Register(1, "300", "<sip:101@10.0.0.1>")).After;

        var (status, after) = Apply(before, Register(2, expires, contacts));

        Assert.Equal(400, status);
        Assert.Equal(before, after);
    }

    [Fact]
    public void An_older_star_changes_nothing()
    {
        var before = Apply([], Register(5, "300", "<sip:101@10.0.0.1>")).After;

        var (status, after) = Apply(before, Register(4, "0", "*"));

        Assert.Equal(500, status);
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("<sip:101@10.0.0.1")]
    [InlineData("<http://10.0.0.1/>")]
    [InlineData("<sip:>")]
    [InlineData("nonsense")]
    public void A_contact_that_is_no_sip_address_is_a_bad_request(string contact) => Assert.Equal(400, Apply([], Register(1, "300", contact)).Status);

    [Fact]
    public void An_extension_has_a_limit_of_bindings()
    {
        var contacts = Enumerable.Range(1, BindingChange.MaxBindings).Select(i => $"<sip:101@10.0.0.{i}>").ToArray();
        var (status, full) = Apply([], Register(1, "300", contacts));
        Assert.Equal((200, BindingChange.MaxBindings), (status, full.Count));

        var (refused, after) = Apply(full, Register(2, "300", "<sip:101@10.0.1.1>"));

        Assert.Equal(403, refused);
        Assert.Equal(full, after);
    }

    [Fact]
    public void Without_a_contact_the_request_only_asks()
    {
        var before = Apply([], Register(1, "300", "<sip:101@10.0.0.1>")).After;

        var (status, after) = Apply(before, Register(2, null));

        Assert.Equal(200, status);
        Assert.Equal(before, after);
    }

    [Fact]
    public void A_binding_is_described_with_the_time_it_has_left()
    {
        var binding = Apply([], Register(1, "300", "<sip:101@10.0.0.1>")).After[0];

        Assert.Equal("<sip:101@10.0.0.1>;expires=300", BindingChange.Describe(binding, Now));
        Assert.Equal("<sip:101@10.0.0.1>;expires=291", BindingChange.Describe(binding, Now.AddSeconds(9.5)));
        Assert.Equal("<sip:101@10.0.0.1>;expires=1", BindingChange.Describe(binding, Now.AddSeconds(400)));
    }

    [Fact]
    public void The_path_is_kept_with_every_contact_in_the_order_of_sending()
    {
        var register = Register(1, "300", ["<sip:101@10.0.0.1>", "<sip:101@10.0.0.2>"], "a@phone", "<sip:edge@192.0.2.1;lr>, <sip:192.0.2.2;lr>", "<sip:192.0.2.3;lr>");

        var (status, after) = Apply([], register);

        Assert.Equal(200, status);
        Assert.All(after, b => Assert.Equal("<sip:edge@192.0.2.1;lr>, <sip:192.0.2.2;lr>, <sip:192.0.2.3;lr>", b.Stored.Path));
        Assert.Equal(2, after.Count);
    }

    [Theory]
    [InlineData("sip:192.0.2.1;lr")]
    [InlineData("<tel:+123>")]
    [InlineData("<>")]
    public void A_path_that_is_none_changes_nothing(string path)
    {
        var before = Apply([], Register(1, "300", "<sip:101@10.0.0.1>")).After;

        var (status, after) = Apply(before, Register(2, "300", ["<sip:101@10.0.0.2>"], "a@phone", path));

        Assert.Equal(400, status);
        Assert.Equal(before, after);
    }

    [Fact]
    public void A_binding_on_a_connection_ends_before_the_connection_falls_idle()
    {
        var connection = SipFlow.Toward(SipTransportKind.Tcp, new IPEndPoint(IPAddress.Parse("192.0.2.7"), 4000));

        BindingChange.TryApply([], Register(1, "7200", "<sip:101@10.0.0.1;transport=tcp>"), connection, "101", Now, out var after);

        Assert.Equal(Now.AddSeconds(3600), Assert.Single(after).Stored.ExpiresAt);
    }

    private static (int Status, IReadOnlyList<Binding> After) Apply(IReadOnlyList<Binding> before, SipRequest register)
    {
        var status = BindingChange.TryApply(before, register, Flow, "101", Now, out var after);
        return (status, after);
    }

    private static SipRequest Register(uint sequence, string? expires, params string[] contacts) => Register(sequence, expires, contacts, "a@phone");

    private static SipRequest Register(uint sequence, string? expires, string[] contacts, string callId, params string[] paths)
    {
        var text = new StringBuilder("REGISTER sip:switchhook.local SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n")
            .Append("From: <sip:101@switchhook.local>;tag=1\r\nTo: <sip:101@switchhook.local>\r\nMax-Forwards: 70\r\nUser-Agent: Phone 1.0\r\n")
            .Append(CultureInfo.InvariantCulture, $"Call-ID: {callId}\r\nCSeq: {sequence} REGISTER\r\n");
        if (expires is not null)
            text.Append(CultureInfo.InvariantCulture, $"Expires: {expires}\r\n");
        foreach (var contact in contacts)
            text.Append(CultureInfo.InvariantCulture, $"Contact: {contact}\r\n");
        foreach (var path in paths)
            text.Append(CultureInfo.InvariantCulture, $"Path: {path}\r\n");
        text.Append("Content-Length: 0\r\n\r\n");
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text.ToString()), SipLimits.Default, out var message));
        return (SipRequest)message!;
    }
}
