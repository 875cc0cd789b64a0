using System.Globalization;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Routing;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Trunks;

/// <summary>SIP URIs at a trunk.</summary>
internal static class TrunkUri
{
    /// <summary>An address of record there: neither port nor transport belong to it (RFC 3261 §10.2).</summary>
    public static string Account(Trunk trunk, string user) => $"sip:{SipNumbers.Escape(user)}@{Host(trunk)}";

    /// <summary>The exchange itself, as a registrar and a probe's target are written: without a user.</summary>
    public static string Server(Trunk trunk, SipTransportKind transport) => string.Create(
        CultureInfo.InvariantCulture,
        $"sip:{Host(trunk)}{(trunk.Port > 0 ? $":{trunk.Port}" : "")}{(transport == SipTransportKind.Tcp ? ";transport=tcp" : "")}");

    private static string Host(Trunk trunk) => trunk.Host.Contains(':', StringComparison.Ordinal) ? $"[{trunk.Host}]" : trunk.Host;
}
