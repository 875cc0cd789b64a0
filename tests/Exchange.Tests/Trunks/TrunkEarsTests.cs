using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Shards;
using Switchhook.Exchange.Tests.Routing;
using Switchhook.Exchange.Tests.Whole;
using Switchhook.Exchange.Trunks;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transport;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Trunks;

public sealed class TrunkEarsTests : IDisposable
{
    private static readonly SipFlow First = SipFlow.Toward(SipTransportKind.Udp, IPEndPoint.Parse("192.0.2.1:5060"));
    private static readonly Trunk Carrier = new()
    {
        Name = "carrier",
        Host = "192.0.2.1",
        Hosts = [new FurtherHost("192.0.2.3", Priority: 2), new FurtherHost("192.0.2.2", 5070, 1), new FurtherHost("192.0.2.1")],
    };

    private readonly ManualTime _time = new();
    private readonly TrunkAddresses _addresses;
    private readonly TrunkEars _ears;

    public TrunkEarsTests()
    {
        var ports = new MemoryPorts();
        _addresses = new TrunkAddresses(ports, new TargetFinder(new ScriptedNames(), new TargetPolicy()), new StrongRandom(), _time, NullLogger.Instance);
        _ears = new TrunkEars(new SipTraceTap(ports, new SwitchCounts(), _time), _addresses, _time);
        _ears.Listen(First.Remote);
    }

    public void Dispose() => _addresses.Dispose();

    [Fact]
    public void An_address_was_heard_for_a_while_after_it_spoke()
    {
        var before = _ears.HasHeard(First.Remote, TimeSpan.FromSeconds(15));
        _ears.OnReceived(First, Response(200, "INVITE"));
        var at = _ears.HasHeard(First.Remote, TimeSpan.FromSeconds(15));
        _time.Advance(TimeSpan.FromSeconds(15));
        var after = _ears.HasHeard(First.Remote, TimeSpan.FromSeconds(15));

        Assert.Equal((false, true, false), (before, at, after));
    }

    [Fact]
    public void Who_says_that_it_serves_nobody_was_not_heard()
    {
        _ears.OnReceived(First, Response(503, "OPTIONS"));

        Assert.False(_ears.HasHeard(First.Remote, TimeSpan.FromSeconds(15)));
        Assert.Equal("192.0.2.1:5060 192.0.2.2:5070 192.0.2.3:5060", Places());
    }

    [Fact]
    public void A_host_that_refuses_a_call_with_503_comes_last_as_long_as_it_says()
    {
        _ears.OnReceived(First, Response(503, "INVITE", "Retry-After: 20 (busy)"));
        var refused = Places();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("192.0.2.2:5070 192.0.2.3:5060 192.0.2.1:5060", refused);
        Assert.Equal("192.0.2.1:5060 192.0.2.2:5070 192.0.2.3:5060", Places());
    }

    [Fact]
    public void A_host_that_recovers_has_its_place_again()
    {
        _addresses.Failed(First.Remote);
        _addresses.Recovered(First.Remote);

        Assert.Equal("192.0.2.1:5060 192.0.2.2:5070 192.0.2.3:5060", Places());
    }

    [Fact]
    public void Strangers_are_not_listened_to()
    {
        var stranger = SipFlow.Toward(SipTransportKind.Udp, IPEndPoint.Parse("192.0.2.9:5060"));
        _ears.OnReceived(stranger, Response(200, "INVITE"));

        Assert.False(_ears.HasHeard(stranger.Remote, TimeSpan.FromSeconds(15)));
    }

    private string Places() => string.Join(' ', _addresses.Find(Carrier)!.Targets.Select(t => t.Remote.ToString()));

    private static SipResponse Response(int status, string method, params string[] rows)
    {
        var text = $"SIP/2.0 {status} Said\r\nVia: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK1\r\nFrom: <sip:a@b.example>;tag=1\r\nTo: <sip:a@b.example>;tag=2\r\n"
            + $"Call-ID: e1\r\nCSeq: 1 {method}\r\n{string.Concat(rows.Select(r => r + "\r\n"))}Content-Length: 0\r\n\r\n";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return (SipResponse)message!;
    }
}
