using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Registrar;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Shards;
using Switchhook.Exchange.Tests.Whole;
using Switchhook.Sip.Resolution;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Routing;

public sealed class TrunkTargetsTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ScriptedNames _names = new();
    private readonly MemoryPorts _ports = new();
    private readonly TrunkAddresses _trunks;

    public TrunkTargetsTests()
    {
        var finder = new TargetFinder(_names, new TargetPolicy { IPv6 = false });
        _trunks = new TrunkAddresses(_ports, finder, new StrongRandom(), _time, NullLogger.Instance);
    }

    public void Dispose() => _trunks.Dispose();

    [Theory]
    [InlineData("udp", "Udp 192.0.2.1:5062, Udp 192.0.2.2:5063")]
    [InlineData("tcp", "Tcp 192.0.2.2:5064")]
    public async Task A_trunk_without_a_port_is_where_the_services_of_its_transport_say(string transport, string expected)
    {
        TwoHosts();
        var trunk = Provide(new Trunk { Name = "carrier", Host = "carrier.example", Transport = transport });

        await _trunks.RefreshDueAsync(default);

        Assert.Equal(expected, Places(trunk));
    }

    [Fact]
    public async Task A_trunk_with_a_port_is_at_the_addresses_of_its_host()
    {
        TwoHosts();
        var trunk = Provide(new Trunk { Name = "carrier", Host = "carrier.example", Port = 5070 });

        await _trunks.RefreshDueAsync(default);

        Assert.Equal("Udp 192.0.2.9:5070", Places(trunk));
        Assert.Equal([new DnsQuestion("carrier.example", DnsType.A)], _names.Asked);
    }

    [Fact]
    public async Task A_trunk_with_an_address_is_there_and_nobody_is_asked()
    {
        var six = Provide(new Trunk { Name = "six", Host = "2001:db8::1", Transport = "tcp" });
        var four = Provide(new Trunk { Name = "four", Host = "192.0.2.4", Port = 5090 });

        await _trunks.RefreshDueAsync(default);

        Assert.Equal("Tcp [2001:db8::1]:5060", Places(six));
        Assert.Equal("Udp 192.0.2.4:5090", Places(four));
        Assert.Empty(_names.Asked);
    }

    [Fact]
    public async Task A_place_that_failed_comes_last_for_a_minute()
    {
        TwoHosts();
        var trunk = Provide(new Trunk { Name = "carrier", Host = "carrier.example" });
        await _trunks.RefreshDueAsync(default);

        _trunks.Failed(_trunks.Find(trunk)!.Current!.Value.Remote);
        var afterOne = Places(trunk);
        _time.Advance(TimeSpan.FromSeconds(30));
        _trunks.Failed(_trunks.Find(trunk)!.Current!.Value.Remote);
        var afterBoth = Places(trunk);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("Udp 192.0.2.2:5063, Udp 192.0.2.1:5062", afterOne);
        Assert.Equal("Udp 192.0.2.1:5062, Udp 192.0.2.2:5063", afterBoth);
        Assert.Equal("Udp 192.0.2.1:5062, Udp 192.0.2.2:5063", Places(trunk));
    }

    [Fact]
    public async Task A_place_says_itself_how_long_it_wants_to_be_left_alone_up_to_an_hour()
    {
        TwoHosts();
        var trunk = Provide(new Trunk { Name = "carrier", Host = "carrier.example" });
        await _trunks.RefreshDueAsync(default);

        _trunks.Failed(_trunks.Find(trunk)!.Current!.Value.Remote, TimeSpan.FromDays(9));
        _time.Advance(TimeSpan.FromMinutes(59));
        var late = Places(trunk);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.StartsWith("Udp 192.0.2.2", late, StringComparison.Ordinal);
        Assert.StartsWith("Udp 192.0.2.1", Places(trunk), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 30)]
    [InlineData(120, 120)]
    [InlineData(864_000, 3600)]
    public async Task Names_are_asked_for_again_when_they_expire_within_bounds(int timeToLive, int asksAgainAfter)
    {
        _names.Host("carrier.example", "192.0.2.9", timeToLive);
        var trunk = Provide(new Trunk { Name = "carrier", Host = "carrier.example", Port = 5060 });
        await _trunks.RefreshDueAsync(default);
        _names.Clear();
        _names.Host("carrier.example", "192.0.2.10");

        _time.Advance(TimeSpan.FromSeconds(asksAgainAfter - 1));
        await _trunks.RefreshDueAsync(default);
        var before = Places(trunk);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _trunks.RefreshDueAsync(default);

        Assert.Equal("Udp 192.0.2.9:5060", before);
        Assert.Equal("Udp 192.0.2.10:5060", Places(trunk));
    }

    [Fact]
    public async Task While_nobody_answers_the_last_word_counts_and_a_host_that_is_gone_is_gone()
    {
        TwoHosts();
        var trunk = Provide(new Trunk { Name = "carrier", Host = "carrier.example" });
        await _trunks.RefreshDueAsync(default);
        var known = Places(trunk);

        _names.IsSilent = true;
        _time.Advance(TimeSpan.FromHours(1));
        await _trunks.RefreshDueAsync(default);
        var silent = Places(trunk);
        _names.IsSilent = false;
        _names.Clear();
        _time.Advance(TimeSpan.FromSeconds(30));
        await _trunks.RefreshDueAsync(default);

        Assert.Equal(known, silent);
        Assert.Null(_trunks.Find(trunk));
    }

    [Fact]
    public async Task A_trunk_that_is_taken_away_is_forgotten()
    {
        TwoHosts();
        var trunk = Provide(new Trunk { Name = "carrier", Host = "carrier.example" });
        await _trunks.RefreshDueAsync(default);

        _ports.Current = CallDirectory.Empty;
        await _trunks.RefreshDueAsync(default);

        Assert.Null(_trunks.Find(trunk));
    }

    [Fact]
    public async Task An_INVITE_to_a_trunk_goes_to_the_first_place_and_knows_the_others()
    {
        TwoHosts();
        Provide(new Trunk { Name = "carrier", Host = "carrier.example" });
        var targets = new LegTargets(_ports, new Bindings(_time), _trunks, "pbx.example");
        Assert.True(targets.TryFind(new LegTarget.Trunk("carrier", "+15550100"), out _, out var unknown));
        await _trunks.RefreshDueAsync(default);

        var ok = targets.TryFind(new LegTarget.Trunk("carrier", "+15550100"), out var destination, out var refusal);

        Assert.Equal(HangupCause.NetworkOutOfOrder, unknown!.Cause);
        Assert.True(ok);
        Assert.Null(refusal);
        Assert.Equal("sip:+15550100@carrier.example", destination.RequestUri);
        Assert.Equal("192.0.2.1:5062", destination.Flow.Remote.ToString());
        Assert.Equal("192.0.2.2:5063", destination.Targets!.AfterFailure().Current!.Value.Remote.ToString());
    }

    private void TwoHosts() => _names
        .Service("_sip._udp.carrier.example", 20, 5063, "b.carrier.example").Service("_sip._udp.carrier.example", 10, 5062, "a.carrier.example")
        .Service("_sip._tcp.carrier.example", 10, 5064, "b.carrier.example")
        .Host("a.carrier.example", "192.0.2.1").Host("b.carrier.example", "192.0.2.2").Host("carrier.example", "192.0.2.9");

    private Trunk Provide(Trunk trunk)
    {
        _ports.Current = new CallDirectory(_ports.Current.Provisioning with { Trunks = _ports.Current.Provisioning.Trunks.Add(trunk) });
        return trunk;
    }

    private string? Places(Trunk trunk) =>
        _trunks.Find(trunk) is { } list ? string.Join(", ", list.Targets.Select(t => $"{t.Transport} {t.Remote}")) : null;
}
