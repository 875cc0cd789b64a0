namespace Switchhook.Sip.Resolution;

/// <summary>Record types that finding a SIP server needs (RFC 1035 §3.2.2, RFC 3596, RFC 2782, RFC 3403).</summary>
public enum DnsType : ushort
{
    /// <summary>No type.</summary>
    None = 0,

    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>The true name behind an alias.</summary>
    Cname = 5,

    /// <summary>What a zone says of itself; here for how long an absence may be remembered (RFC 2308).</summary>
    Soa = 6,

    /// <summary>An IPv6 address.</summary>
    Aaaa = 28,

    /// <summary>A server of a service: priority, weight, port, host.</summary>
    Srv = 33,

    /// <summary>Which services a domain has, in which order.</summary>
    Naptr = 35,
}

/// <summary>What is asked of the DNS.</summary>
/// <param name="Name">A name in lower case without the last dot, as <see cref="DnsNames.TryNormalize"/> gives it.</param>
/// <param name="Type">The type of record wanted.</param>
public readonly record struct DnsQuestion(string Name, DnsType Type);
