using System.Net;

namespace Switchhook.TestKit.Networks;

/// <summary>
/// A home behind a NAT that changes ports, a public network, and a data centre whose one host has a public address by 1:1 translation:
/// home 192.168.77.2 — router — public 198.51.100.10 and .20 — router — 10.20.0.2, seen as 198.51.100.30 (RFC 5737 addresses).
/// </summary>
public sealed class NatNetwork : IAsyncDisposable
{
    private readonly NetworkNamespace _router;

    private NatNetwork(NetworkNamespace router, NetworkNamespace home, NetworkNamespace open, NetworkNamespace centre) =>
        (_router, Home, Public, Centre) = (router, home, open, centre);

    public static IPAddress HomeAddress { get; } = IPAddress.Parse("192.168.77.2");

    /// <summary>What the world sees of the home.</summary>
    public static IPAddress HomeSeenAs { get; } = IPAddress.Parse("198.51.100.1");
    public static IPAddress PublicServer { get; } = IPAddress.Parse("198.51.100.10");
    public static IPAddress PublicPhone { get; } = IPAddress.Parse("198.51.100.20");
    public static IPAddress CentreAddress { get; } = IPAddress.Parse("10.20.0.2");

    /// <summary>What the world sees of the data centre's host.</summary>
    public static IPAddress CentreSeenAs { get; } = IPAddress.Parse("198.51.100.30");

    public NetworkNamespace Home { get; }
    public NetworkNamespace Public { get; }
    public NetworkNamespace Centre { get; }

    /// <summary>Builds it; what was built is taken away again when a step fails.</summary>
    public static async Task<NatNetwork> CreateAsync()
    {
        var made = new List<NetworkNamespace>();
        try
        {
            for (var i = 0; i < 4; i++)
                made.Add(await NetworkNamespace.CreateAsync());
            var network = new NatNetwork(made[0], made[1], made[2], made[3]);
            await network.WireAsync();
            return network;
        }
        catch
        {
            foreach (var one in made)
                await one.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var one in (NetworkNamespace[])[_router, Home, Public, Centre])
            await one.DisposeAsync();
    }

    private async Task WireAsync()
    {
        await _router.LinkAsync("home", "192.168.77.1/24", Home, "eth0", $"{HomeAddress}/24");
        await _router.LinkAsync("public", $"{HomeSeenAs}/24", Public, "eth0", $"{PublicServer}/24");
        await _router.LinkAsync("centre", "10.20.0.1/24", Centre, "eth0", $"{CentreAddress}/24");
        await Public.IpAsync("address", "add", $"{PublicPhone}/24", "dev", "eth0");
        await _router.IpAsync("address", "add", $"{CentreSeenAs}/24", "dev", "public");
        await Home.IpAsync("route", "add", "default", "via", "192.168.77.1");
        await Centre.IpAsync("route", "add", "default", "via", "10.20.0.1");
        await _router.RunAsync("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        await NatAsync("POSTROUTING", "-s", "192.168.77.0/24", "-j", "SNAT", "--to-source", $"{HomeSeenAs}", "--random-fully");
        await NatAsync("PREROUTING", "-d", $"{CentreSeenAs}", "-j", "DNAT", "--to-destination", $"{CentreAddress}");
        await NatAsync("POSTROUTING", "-s", $"{CentreAddress}", "-j", "SNAT", "--to-source", $"{CentreSeenAs}");
        // Nobody outside reaches a host of the home that did not speak first, even one that knows the way.
        await _router.RunAsync("iptables", "-A", "FORWARD", "-o", "home", "-m", "conntrack", "--ctstate", "ESTABLISHED,RELATED", "-j", "ACCEPT");
        await _router.RunAsync("iptables", "-A", "FORWARD", "-o", "home", "-j", "DROP");
    }

    private Task NatAsync(string chain, params string[] rule) => _router.RunAsync("iptables", ["-t", "nat", "-A", chain, .. rule]);
}
