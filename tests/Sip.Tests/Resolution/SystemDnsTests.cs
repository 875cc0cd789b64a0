using System.Net;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transport.Dns;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Timing;

namespace Switchhook.Sip.Tests.Resolution;

public sealed class SystemDnsTests
{
    [Fact]
    public void Files_are_read_again_when_they_change_but_not_looked_at_for_every_question()
    {
        using var folder = new TempFolder();
        var (conf, hosts) = (Path.Combine(folder.Path, "resolv.conf"), Path.Combine(folder.Path, "hosts"));
        var time = new ManualTime();
        var system = new SystemDns(time, conf, hosts);
        var without = system.Current();

        File.WriteAllText(conf, "nameserver 192.0.2.53\n");
        File.WriteAllText(hosts, "192.0.2.9 pbx.example\n");
        time.Advance(TimeSpan.FromSeconds(4));
        var early = system.Current();
        time.Advance(TimeSpan.FromSeconds(1));
        var late = system.Current();
        time.Advance(TimeSpan.FromSeconds(5));
        var unchanged = system.Current();

        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 53)], without.Servers);
        Assert.Same(without, early);
        Assert.Equal([new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53)], late.Servers);
        Assert.Equal(DnsOutcome.Found, late.Hosts.Find(new DnsQuestion("pbx.example", DnsType.A))!.Outcome);
        Assert.Same(late, unchanged);
    }
}
