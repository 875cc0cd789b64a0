using System.Net;

namespace Switchhook.Sip.Resolution;

/// <summary>A resource record of class IN. Names are in lower case, without the last dot; the root is empty.</summary>
public abstract record DnsRecord
{
    private DnsRecord(string name, TimeSpan timeToLive) => (Name, TimeToLive) = (name, timeToLive);

    /// <summary>The name it belongs to.</summary>
    public string Name { get; init; }

    /// <summary>How long it may be remembered; zero means for this one use only.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>True for a record of this type.</summary>
    public bool Is(DnsType type) => this switch
    {
        Address address => type == (address.Value.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa),
        Alias => type == DnsType.Cname,
        Service => type == DnsType.Srv,
        Rule => type == DnsType.Naptr,
        Authority => type == DnsType.Soa,
        _ => false,
    };

    /// <summary>A or AAAA.</summary>
    public sealed record Address(string Name, TimeSpan TimeToLive, IPAddress Value) : DnsRecord(Name, TimeToLive);

    /// <summary>CNAME.</summary>
    public sealed record Alias(string Name, TimeSpan TimeToLive, string Target) : DnsRecord(Name, TimeToLive);

    /// <summary>SRV (RFC 2782): lower priorities first; an empty target means that the service is decidedly not there.</summary>
    public sealed record Service(string Name, TimeSpan TimeToLive, ushort Priority, ushort Weight, ushort Port, string Target)
        : DnsRecord(Name, TimeToLive);

    /// <summary>NAPTR (RFC 3403 §4.1).</summary>
    public sealed record Rule(
        string Name, TimeSpan TimeToLive, ushort Order, ushort Preference, string Flags, string Services, string Expression, string Replacement)
        : DnsRecord(Name, TimeToLive);

    /// <summary>SOA, of which only its last field counts here (RFC 2308 §4).</summary>
    public sealed record Authority(string Name, TimeSpan TimeToLive, TimeSpan Minimum) : DnsRecord(Name, TimeToLive);
}
