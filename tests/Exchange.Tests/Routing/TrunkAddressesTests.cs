using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Shards;
using Switchhook.Exchange.Tests.Whole;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transport.Dns;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Routing;

public sealed class TrunkAddressesTests
{
    private readonly MemoryPorts _ports = new();

    [Theory]
    [InlineData("10.1.2.3", "host")]
    [InlineData("10.1.9.9", "branch")]
    [InlineData("10.9.9.9", "country")]
    [InlineData("192.0.2.7", "literal")]
    [InlineData("::ffff:10.1.2.3", "host")]
    [InlineData("2001:db8::9", "six")]
    [InlineData("192.0.2.8", null)]
    [InlineData("2001:db9::9", null)]
    public void The_trunk_of_the_longest_matching_network_calls(string source, string? trunk)
    {
        _ports.Current = With(
            new Trunk { Name = "country", Host = "203.0.113.1", From = ["10.0.0.0/8"] },
            new Trunk { Name = "host", Host = "203.0.113.2", From = ["10.1.2.3"] },
            new Trunk { Name = "branch", Host = "203.0.113.3", From = ["10.1.0.0/16", "10.2.0.0/16"] },
            new Trunk { Name = "literal", Host = "192.0.2.7" },
            new Trunk { Name = "six", Host = "203.0.113.4", From = ["2001:db8::/32"] });
        using var addresses = Make();

        Assert.Equal(trunk, addresses.From(IPAddress.Parse(source))?.Name);
    }

    [Fact]
    public void Bits_behind_a_networks_prefix_do_not_matter_and_what_is_no_network_is_left_out()
    {
        _ports.Current = With(new Trunk { Name = "careless", Host = "203.0.113.1", From = ["10.1.2.3/8", "nonsense"] });
        using var addresses = Make();

        Assert.Equal("careless", addresses.From(IPAddress.Parse("10.9.9.9"))?.Name);
        Assert.Null(addresses.From(IPAddress.Parse("11.1.2.3")));
    }

    [Fact]
    public void A_trunk_with_networks_is_not_known_by_its_host()
    {
        _ports.Current = With(new Trunk { Name = "carrier", Host = "192.0.2.7", From = ["10.0.0.0/8"] });
        using var addresses = Make();

        Assert.Null(addresses.From(IPAddress.Parse("192.0.2.7")));
    }

    [Fact]
    public void A_changed_directory_counts_at_once()
    {
        _ports.Current = With(new Trunk { Name = "old", Host = "192.0.2.7" });
        using var addresses = Make();
        Assert.Equal("old", addresses.From(IPAddress.Parse("192.0.2.7"))?.Name);

        _ports.Current = With(new Trunk { Name = "new", Host = "192.0.2.7" });

        Assert.Equal("new", addresses.From(IPAddress.Parse("192.0.2.7"))?.Name);
    }

    [Fact]
    public void An_address_needs_no_look_up()
    {
        using var addresses = Make();

        Assert.Equal(IPAddress.Parse("192.0.2.7"), AddressOf(addresses, new Trunk { Name = "t", Host = "192.0.2.7" }));
        Assert.Equal(IPAddress.Parse("2001:db8::1"), AddressOf(addresses, new Trunk { Name = "t", Host = "2001:db8::1" }));
    }

    [Fact]
    public async Task A_name_is_known_once_it_was_looked_up()
    {
        var trunk = new Trunk { Name = "t", Host = "localhost" };
        _ports.Current = With(trunk);
        using var addresses = Make();
        Assert.Null(addresses.Find(trunk));

        addresses.Start();

        await Eventually.TrueAsync(() => addresses.Find(trunk) is not null, "localhost is known");
        Assert.True(IPAddress.IsLoopback(AddressOf(addresses, trunk)!));
    }

    [Fact]
    public async Task A_host_that_is_no_name_does_not_stop_the_look_up_of_others()
    {
        var good = new Trunk { Name = "good", Host = "localhost" };
        _ports.Current = With(new Trunk { Name = "bad", Host = new string('x', 300) }, good);
        using var addresses = Make();

        addresses.Start();

        await Eventually.TrueAsync(() => addresses.Find(good) is not null, "localhost is known");
    }

    private static CallDirectory With(params Trunk[] trunks) => new(new Provisioning { Trunks = [.. trunks] });

    private static IPAddress? AddressOf(TrunkAddresses addresses, Trunk trunk) => addresses.Find(trunk)?.Current?.Remote.ToIPAddress();

    private TrunkAddresses Make()
    {
        var time = new ManualTime();
        var resolver = new DnsResolver(static () => new DnsSettings(), time, new StrongRandom());
        return new TrunkAddresses(_ports, new TargetFinder(resolver, new TargetPolicy()), new StrongRandom(), time, NullLogger.Instance, resolver);
    }
}
