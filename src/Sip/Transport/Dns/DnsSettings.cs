using System.Collections.Immutable;
using System.Net;

namespace Switchhook.Sip.Transport.Dns;

/// <summary>Whom to ask, and how patiently.</summary>
public sealed record DnsSettings
{
    /// <summary>No more servers than these are asked, as many as the C library knows twice over.</summary>
    public const int MostServers = 6;

    private const int Port = 53;

    /// <summary>Name servers in the order they are asked.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long one server is waited for, each time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the row of servers is gone through.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Names that are known without asking.</summary>
    public HostsFile Hosts { get; init; } = HostsFile.Empty;

    /// <summary>
    /// Reads the text of a <c>resolv.conf</c>: <c>nameserver</c> lines and the options <c>timeout</c> and <c>attempts</c>. Without any
    /// server the machine's own is asked, as resolv.conf(5) has it. <c>search</c> is passed over: a SIP domain is written in full.
    /// </summary>
    public static DnsSettings FromResolvConf(string text)
    {
        var settings = new DnsSettings();
        var servers = ImmutableArray.CreateBuilder<IPEndPoint>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var words = line.Trim().ToString().Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var server, ..] && IPAddress.TryParse(server, out var address) && servers.Count < MostServers)
                servers.Add(new IPEndPoint(address, Port));
            if (words is not ["options", .. var options]) continue;
            foreach (var option in options)
            {
                if (option.StartsWith("timeout:", StringComparison.Ordinal) && int.TryParse(option.AsSpan(8), out var seconds))
                    settings = settings with { Timeout = TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 30)) };
                if (option.StartsWith("attempts:", StringComparison.Ordinal) && int.TryParse(option.AsSpan(9), out var attempts))
                    settings = settings with { Attempts = Math.Clamp(attempts, 1, 5) };
            }
        }

        if (servers.Count == 0) servers.Add(new IPEndPoint(IPAddress.Loopback, Port));
        return settings with { Servers = servers.ToImmutable() };
    }
}
