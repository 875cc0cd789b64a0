using System.Net;
using Switchhook.Exchange.Gate;
using Switchhook.Sip.Transport;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Gate;

public sealed class GuessLimiterTests
{
    private static readonly SipEndpoint Source = At("192.0.2.1", 5062);
    private static readonly GuessLimits Limits = new(3, TimeSpan.FromSeconds(30), 6, TimeSpan.FromSeconds(10), 100);

    private readonly ManualTime _time = new();
    private readonly GuessLimiter _limiter;

    public GuessLimiterTests() => _limiter = new GuessLimiter(Limits, _time);

    [Fact]
    public void So_many_wrong_passwords_for_a_user_are_borne_and_one_more_whenever_one_is_forgiven()
    {
        Fail("101", 2);
        var before = Look("101");
        Fail("101", 1);
        var after = Look("101");
        _time.Advance(TimeSpan.FromSeconds(29.9));
        var early = Look("101");
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var forgiven = Look("101");
        Fail("101", 1);

        Assert.Equal((Guesses.Few, Guesses.ManyForUser, Guesses.ManyForUser, Guesses.Few), (before, after, early, forgiven));
        Assert.Equal(Guesses.ManyForUser, Look("101"));
    }

    [Fact]
    public void Other_users_and_other_addresses_are_not_concerned_until_the_address_has_guessed_too_much()
    {
        Fail("101", 3);
        var other = (Look("102"), _limiter.Look(At("192.0.2.2", 5062), "101"));
        Fail("103", 2);
        Fail("104", 1);

        Assert.Equal((Guesses.Few, Guesses.Few), other);
        Assert.Equal(Guesses.ManyFromAddress, Look("102"));
        Assert.Equal(Guesses.ManyForUser, Look("101"));
        Assert.Equal(Guesses.Few, _limiter.Look(At("192.0.2.2", 5062), "102"));
    }

    [Fact]
    public void The_port_does_not_matter_and_an_ipv6_network_is_one_address()
    {
        Fail("101", 3);
        for (var i = 1; i <= 3; i++)
            _limiter.Failed(At($"2001:db8:1:2::{i}", 5060), "101");

        Assert.Equal(Guesses.ManyForUser, _limiter.Look(At("192.0.2.1", 9), "101"));
        Assert.Equal(Guesses.ManyForUser, _limiter.Look(At("2001:db8:1:2:ffff::1", 7), "101"));
        Assert.Equal(Guesses.Few, _limiter.Look(At("2001:db8:1:3::1", 7), "101"));
    }

    [Theory]
    [InlineData(Guesses.Few, Acquaintance.Stranger, false)]
    [InlineData(Guesses.Few, Acquaintance.Neighbour, false)]
    [InlineData(Guesses.Few, Acquaintance.Phone, false)]
    [InlineData(Guesses.ManyFromAddress, Acquaintance.Stranger, true)]
    [InlineData(Guesses.ManyFromAddress, Acquaintance.Neighbour, false)]
    [InlineData(Guesses.ManyFromAddress, Acquaintance.Phone, false)]
    [InlineData(Guesses.ManyForUser, Acquaintance.Stranger, true)]
    [InlineData(Guesses.ManyForUser, Acquaintance.Neighbour, true)]
    [InlineData(Guesses.ManyForUser, Acquaintance.Phone, false)]
    public void A_registered_phone_is_never_refused_and_its_user_only_for_guesses_at_that_user(object guesses, object acquaintance, bool refused) =>
        Assert.Equal(refused, GuessLimiter.IsRefused((Guesses)guesses, (Acquaintance)acquaintance));

    [Fact]
    public void What_is_remembered_is_bounded_and_goes_by_itself()
    {
        for (var i = 0; i < 1000; i++)
            _limiter.Failed(SipEndpoint.FromIPv4(0x0A000000u + (uint)i, 5060), $"{i}");
        var full = _limiter.Remembered;
        _time.Advance(TimeSpan.FromMinutes(2));
        _limiter.Failed(Source, "101");

        Assert.Equal((200, 2), (full, _limiter.Remembered));
    }

    [Fact]
    public void An_address_that_makes_up_users_stays_slow_although_they_are_forgotten()
    {
        for (var i = 0; i < 1000; i++)
            _limiter.Failed(Source, $"{i}");

        Assert.Equal(Guesses.ManyFromAddress, Look("never seen"));
        _time.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(Guesses.ManyFromAddress, Look("never seen"));
    }

    private static SipEndpoint At(string address, int port) => SipEndpoint.From(IPAddress.Parse(address), port);

    private Guesses Look(string user) => _limiter.Look(Source, user);

    private void Fail(string user, int times)
    {
        for (var i = 0; i < times; i++)
            _limiter.Failed(Source, user);
    }
}
