using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Switchhook.Sip.Resolution;

namespace Switchhook.Sip.Transport.Dns;

/// <summary>Names whose addresses the operator of this machine has written down (hosts(5)). They are not asked for elsewhere.</summary>
public sealed class HostsFile
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, ImmutableArray<IPAddress>> _addresses = new(StringComparer.Ordinal);

    private HostsFile() { }

    /// <summary>Knows <c>localhost</c> alone (RFC 6761 §6.3).</summary>
    public static HostsFile Empty { get; } = new();

    /// <summary>Reads lines of an address and names; what is neither is passed over.</summary>
    public static HostsFile Parse(string text)
    {
        var file = new HostsFile();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var comment = line.IndexOf('#');
            var words = (comment < 0 ? line : line[..comment]).ToString().Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out var address)) continue;
            foreach (var word in words.Skip(1))
            {
                if (!DnsNames.TryNormalize(word, out var name)) continue;
                var known = file._addresses.GetValueOrDefault(name, []);
                if (!known.Contains(address)) file._addresses[name] = known.Add(address);
            }
        }

        return file;
    }

    /// <summary>
    /// The answer for a name that stands here; null for others. Such a name has no services: what the operator wrote is the whole of it.
    /// </summary>
    internal DnsAnswer? Find(in DnsQuestion question)
    {
        var name = question.Name;
        if (!_addresses.TryGetValue(name, out var addresses))
        {
            if (name != "localhost" && !name.EndsWith(".localhost", StringComparison.Ordinal)) return null;
            addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        }

        var family = question.Type switch
        {
            DnsType.A => AddressFamily.InterNetwork,
            DnsType.Aaaa => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
        ImmutableArray<DnsRecord> records =
            [.. addresses.Where(a => a.AddressFamily == family).Select(a => new DnsRecord.Address(name, TimeToLive, a))];
        return new DnsAnswer(records.IsEmpty ? DnsOutcome.NoData : DnsOutcome.Found, records, TimeToLive);
    }
}
