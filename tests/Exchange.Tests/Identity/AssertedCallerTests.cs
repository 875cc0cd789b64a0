using Switchhook.Calls;
using Switchhook.Exchange.Identity;

namespace Switchhook.Exchange.Tests.Identity;

public sealed class AssertedCallerTests
{
    private const string From = "\"Said\" <sip:+3611111@carrier.example>";

    [Theory]
    [InlineData("+3611111", "Said")]
    [InlineData("+3622222", "Asserted", "P-Asserted-Identity: \"Asserted\" <sip:+3622222@carrier.example;user=phone>")]
    [InlineData("+3622222", null, "P-Asserted-Identity: <tel:+36-22(222)>")]
    [InlineData("+3622222", "A", "P-Asserted-Identity: \"A\" <sip:+3622222@c.example>, <tel:+3633333>")]
    [InlineData("+3633333", null, "P-Asserted-Identity: <sip:c.example>, <tel:+3633333>")]
    [InlineData("+3622222", null, "P-Asserted-Identity: <sip:+3622222;phone-context=x@c.example>")]
    [InlineData("+3611111", "Said", "P-Asserted-Identity: <mailto:a@b.example>")]
    [InlineData("+3611111", "Said", "P-Asserted-Identity: <<>>")]
    [InlineData("+3611111", "Said", "P-Preferred-Identity: <sip:+3622222@c.example>")]
    [InlineData("+3644444", "R", "Remote-Party-ID: \"R\" <sip:+3644444@c.example>;party=calling;privacy=off")]
    [InlineData("+3622222", null, "Remote-Party-ID: <sip:+3644444@c.example>", "P-Asserted-Identity: <sip:+3622222@c.example>")]
    public void The_asserted_identity_comes_before_the_one_of_from(string number, string? name, params string[] rows) =>
        Assert.Equal(new Party(number, name), AssertedCaller.FromPeer(IdentityMessages.Invite(From, rows)));

    [Theory]
    [InlineData(true, "Privacy: id")]
    [InlineData(true, "Privacy: ID;critical")]
    [InlineData(true, "Privacy: session; user")]
    [InlineData(true, "Privacy: header")]
    [InlineData(false, "Privacy: none")]
    [InlineData(false, "Privacy: session")]
    [InlineData(false, "Privacy: identity")]
    [InlineData(true, "Remote-Party-ID: <sip:+3622222@c.example>;party=calling;privacy=full")]
    [InlineData(true, "Remote-Party-ID: <sip:+3622222@c.example>;privacy=URI")]
    [InlineData(false, "Remote-Party-ID: <sip:+3622222@c.example>;privacy=off")]
    [InlineData(false)]
    public void A_caller_may_ask_for_its_number_to_be_withheld(bool withheld, params string[] rows) =>
        Assert.Equal(withheld, AssertedCaller.IsWithheld(IdentityMessages.Invite(From, rows)));

    [Fact]
    public void A_withheld_number_is_known_to_us_all_the_same()
    {
        var invite = IdentityMessages.Invite(
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>", "P-Asserted-Identity: \"Bob\" <sip:+3622222@c.example>", "Privacy: id");

        Assert.Equal(new Party("+3622222", "Bob", IsWithheld: true), AssertedCaller.FromPeer(invite));
    }

    [Theory]
    [InlineData("<sip:carrier.example>", "anonymous", false)]
    [InlineData("\"Anonymous\" <sip:anonymous@anonymous.invalid>", "anonymous", true)]
    public void A_caller_nobody_names_is_anonymous(string from, string number, bool withheld)
    {
        var party = AssertedCaller.FromPeer(IdentityMessages.Invite(from));

        Assert.Equal((number, withheld), (party.Number, party.IsWithheld));
    }
}
