using System.Net;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Tests.Dialogs;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;
using Switchhook.Sip.Transport.Dns;
using Switchhook.TestKit.Timing;

namespace Switchhook.Sip.Tests.Resolution;

public sealed class TargetListTests
{
    [Fact]
    public void Each_failure_leads_to_the_next_place_until_none_is_left()
    {
        var list = new TargetList([Place(1), Place(2)]);

        var second = list.AfterFailure();
        var end = second.AfterFailure();

        Assert.Equal((Place(1), 1), (list.Current, list.Left));
        Assert.Equal((Place(2), 0), (second.Current, second.Left));
        Assert.Null(end.Current);
        Assert.Equal(end, end.AfterFailure());
    }

    [Fact]
    public void Only_503_and_silence_and_a_broken_transport_send_a_request_on()
    {
        var statuses = Enumerable.Range(300, 400).Where(TargetList.MovesOn);

        Assert.Equal([503], statuses);
        Assert.All(Enum.GetValues<TransactionFailure>(), f => Assert.True(TargetList.MovesOn(f)));
    }

    [Fact]
    public void Hosts_of_one_priority_share_requests_by_weight()
    {
        // Weights 10, 30 and 60: the first place falls to each in that proportion, the second in proportion among the rest.
        var set = Set((10, 10), (10, 30), (10, 60));
        var random = new SeededRandom(2782);
        var first = new int[4];
        var second = new int[4];

        for (var i = 0; i < 50_000; i++)
        {
            var order = set.Draw(random).Targets;
            first[order[0].Remote.Port]++;
            second[order[1].Remote.Port]++;
        }

        Assert.InRange(first[1] / 500.0, 9, 12);
        Assert.InRange(first[2] / 500.0, 28.5, 31.5);
        Assert.InRange(first[3] / 500.0, 57.5, 61);
        Assert.InRange(second[1] / 500.0, 17, 23);
    }

    [Fact]
    public void A_host_without_weight_is_drawn_hardly_ever_before_the_others_and_equal_ones_alike()
    {
        var random = new SeededRandom(1);
        var unweighted = Set((10, 0), (10, 99));
        var alike = Set((10, 50), (10, 50));

        var zeroFirst = Enumerable.Range(0, 20_000).Count(_ => unweighted.Draw(random).Current!.Value.Remote.Port == 1);
        var firstFirst = Enumerable.Range(0, 20_000).Count(_ => alike.Draw(random).Current!.Value.Remote.Port == 1);

        Assert.InRange(zeroFirst, 100, 320);
        Assert.InRange(firstFirst, 9_700, 10_500);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public void Every_draw_is_whole_and_keeps_priorities_apart(ulong bits)
    {
        var set = Set((20, 1), (10, 0), (20, 65535), (10, 65535));

        var order = set.Draw(new FixedRandom(bits)).Targets.Select(t => (int)t.Remote.Port).ToList();

        Assert.Equal([2, 4], order.Take(2).Order());
        Assert.Equal([1, 3], order.Skip(2).Order());
    }

    [Fact]
    public void A_place_is_listed_once_and_the_list_has_an_end()
    {
        var hosts = Enumerable.Range(0, 200).Select(i => new TargetHost(1, 1, [Place(i / 2).Remote])).ToArray();
        var set = new TargetSet([new TargetService(SipTransportKind.Udp, [.. hosts])], TimeSpan.Zero, true);

        var targets = set.Draw(new SeededRandom(3)).Targets;

        Assert.Equal(TargetSet.MostTargets, targets.Length);
        Assert.Equal(targets.Length, targets.Distinct().Count());
    }

    [Fact]
    public async Task From_rules_over_services_to_addresses_through_a_name_server()
    {
        await using var server = ScriptedDns.Of(
            WireRecord.Rule("example.com", 100, 10, 10, "SIP+D2T", "_sip._tcp.example.com"), WireRecord.Rule("example.com", 100, 10, 20, "SIP+D2U", "_sip._udp.example.com"),
            WireRecord.Service("_sip._tcp.example.com", 90, 2, 0, 5072, "b.example.com"), WireRecord.Service("_sip._tcp.example.com", 90, 1, 0, 5071, "a.example.com"),
            WireRecord.Service("_sip._udp.example.com", 90, 1, 0, 5073, "a.example.com"), WireRecord.Alias("a.example.com", 80, "real.example.com"),
            WireRecord.Address("real.example.com", 70, "192.0.2.1"), WireRecord.Address("b.example.com", 70, "192.0.2.2"), WireRecord.Authority("example.com", 60, 50));
        using var resolver = new DnsResolver(() => server.Settings(), new ManualTime(), new SeededRandom(5));
        var finder = new TargetFinder(resolver, new TargetPolicy());
        Assert.True(TargetQuestion.TryFrom("Example.com", 0, null, secure: false, out var question, out _));

        var step = await finder.FindAsync(question, CancellationToken.None).AsTask().WaitAsync(Eventually.Deadline);

        var set = Assert.IsType<TargetStep.Found>(step).Targets;
        Assert.Equal(TimeSpan.FromSeconds(50), set.TimeToLive);
        Assert.Equal(
            ["Tcp 192.0.2.1:5071", "Tcp 192.0.2.2:5072", "Udp 192.0.2.1:5073"],
            set.Draw(new SeededRandom(1)).Targets.Select(t => $"{t.Transport} {t.Remote}"));
    }

    private static SipTarget Place(int number) => new(SipTransportKind.Udp, SipEndpoint.From(IPAddress.Parse("192.0.2.1"), number));

    private static TargetSet Set(params (ushort Priority, ushort Weight)[] hosts) => new(
        [new TargetService(SipTransportKind.Udp, [.. hosts.Select((h, i) => new TargetHost(h.Priority, h.Weight, [Place(i + 1).Remote]))])], TimeSpan.Zero, true);
}
