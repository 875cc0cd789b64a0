using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Identity;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Tests.Identity;

public sealed class CallerIdentityHeadersTests
{
    private const string Own = "\"Alice \\\"A\\\"\" <sip:101@ours.example>";

    private static readonly Party Alice = new("101", "Alice \"A\"");
    private static readonly Party Withheld = Alice with { IsWithheld = true };

    [Theory]
    [InlineData(null)]
    [InlineData(TrunkIdentity.From)]
    [InlineData(TrunkIdentity.Pai, $"P-Asserted-Identity: {Own}")]
    [InlineData(TrunkIdentity.Rpid, $"Remote-Party-ID: {Own};party=calling;screen=yes;privacy=off")]
    public void A_caller_is_named_in_from_and_as_the_trunk_wants_it(TrunkIdentity? identity, params string[] rows)
    {
        var shown = CallerIdentityHeaders.For(Alice, TrunkOf(identity), "ours.example");

        Assert.Equal(new("sip:101@ours.example", "Alice \"A\""), shown.From);
        Assert.Equal(rows, Rows(shown));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(TrunkIdentity.From, "Privacy: id")]
    [InlineData(TrunkIdentity.Pai, $"P-Asserted-Identity: {Own}", "Privacy: id")]
    [InlineData(TrunkIdentity.Rpid, $"Remote-Party-ID: {Own};party=calling;screen=yes;privacy=full", "Privacy: id")]
    public void A_withheld_number_is_told_to_trunks_that_are_trusted_with_it_alone(TrunkIdentity? identity, params string[] rows)
    {
        var shown = CallerIdentityHeaders.For(Withheld, TrunkOf(identity), "ours.example");

        Assert.Equal(new("sip:anonymous@anonymous.invalid", "Anonymous"), shown.From);
        Assert.Equal(rows, Rows(shown));
    }

    [Fact]
    public void A_caller_without_a_number_is_not_asserted_to_be_anybody() =>
        Assert.Equal(["Privacy: id"], Rows(CallerIdentityHeaders.For(new Party("anonymous", null, true), TrunkOf(TrunkIdentity.Pai), "ours.example")));

    [Fact]
    public void A_number_that_is_no_user_part_is_escaped() =>
        Assert.Equal("sip:1%40evil%3E@ours.example", CallerIdentityHeaders.For(new Party("1@evil>"), null, "ours.example").From.Uri);

    [Fact]
    public void The_diversions_of_the_caller_go_on_to_a_trunk_up_to_five()
    {
        var inbound = IdentityMessages.Invite(
            "<sip:1@c.example>", "Diversion: <sip:+361@c.example>;reason=unconditional;counter=1, <sip:+362@c.example>", "Diversion: <sip:+363@c.example>",
            "Diversion: <sip:+364@c.example>", "Diversion: <sip:+365@c.example>", "Diversion: <sip:+366@c.example>");

        var rows = Rows(CallerIdentityHeaders.For(Alice, TrunkOf(TrunkIdentity.From), "ours.example", inbound));

        Assert.Equal(
            ["Diversion: <sip:+361@c.example>;reason=unconditional;counter=1", .. Enumerable.Range(2, 4).Select(i => $"Diversion: <sip:+36{i}@c.example>")],
            rows);
        Assert.Empty(CallerIdentityHeaders.For(Alice, null, "ours.example", inbound).Headers);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_trunk_is_told_is_read_back_as_it_was(bool withheld)
    {
        var caller = new Party("+3622222", "Bob \\ \"B\"", withheld);
        var shown = CallerIdentityHeaders.For(caller, TrunkOf(TrunkIdentity.Pai), "ours.example");

        var invite = IdentityMessages.Invite($"<{shown.From.Uri}>", [.. Rows(shown)]);

        Assert.Equal(caller, AssertedCaller.FromPeer(invite));
        Assert.True(invite.Has(HeaderName.PAssertedIdentity));
    }

    private static Trunk? TrunkOf(TrunkIdentity? identity) => identity is { } how ? new Trunk { Name = "carrier", Host = "c.example", Identity = how } : null;

    private static IEnumerable<string> Rows(ShownCaller shown) => shown.Headers.Select(h => $"{h.Name}: {h.Value}");
}
