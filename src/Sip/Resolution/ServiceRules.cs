using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Resolution;

/// <summary>The names of SIP's services (RFC 3263 §4.1, RFC 7118 §5).</summary>
internal static class ServiceRules
{
    /// <summary>
    /// The transport a NAPTR record leads to; null when it is no SIP service, or no record this kind of looking up follows: the flag has to
    /// be "s", with a replacement and without an expression (RFC 3263 §4.1).
    /// </summary>
    public static SipTransportKind? TransportOf(DnsRecord.Rule rule)
    {
        if (!rule.Flags.Equals("s", StringComparison.OrdinalIgnoreCase) || rule.Expression.Length > 0 || rule.Replacement.Length == 0) return null;
        return rule.Services.ToUpperInvariant() switch
        {
            "SIP+D2U" => SipTransportKind.Udp,
            "SIP+D2T" => SipTransportKind.Tcp,
            "SIPS+D2T" => SipTransportKind.Tls,
            "SIP+D2W" => SipTransportKind.Ws,
            "SIPS+D2W" => SipTransportKind.Wss,
            _ => null,
        };
    }

    /// <summary>The name whose SRV records list a domain's servers over a transport.</summary>
    public static string? ServiceName(SipTransportKind kind, string domain) => kind switch
    {
        SipTransportKind.Udp => $"_sip._udp.{domain}",
        SipTransportKind.Tcp => $"_sip._tcp.{domain}",
        SipTransportKind.Tls => $"_sips._tcp.{domain}",
        SipTransportKind.Ws => $"_sip._ws.{domain}",
        SipTransportKind.Wss => $"_sips._ws.{domain}",
    };
}
