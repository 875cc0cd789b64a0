using System.Net;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>Reads <c>udp://127.0.0.1:5060</c> and the like.</summary>
internal static class ListenAddress
{
    public static bool TryParse(string text, string? advertise, out SipListen listen)
    {
        listen = null!;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || !IPEndPoint.TryParse(text.AsSpan(scheme + 3).TrimEnd('/'), out var endpoint))
            return false;
        SipTransportKind? kind = text[..scheme].ToUpperInvariant() switch
        {
            "UDP" => SipTransportKind.Udp,
            "TCP" => SipTransportKind.Tcp,
            "TLS" => SipTransportKind.Tls,
            "WS" => SipTransportKind.Ws,
            "WSS" => SipTransportKind.Wss,
            _ => null,
        };
        if (kind is null)
            return false;
        listen = new SipListen(kind.Value, endpoint, advertise);
        return true;
    }

    public static string Describe(SipListener listener) => $"{Scheme(listener.Kind)}://{listener.Bound}";

    public static string Describe(SipListen listen) => $"{Scheme(listen.Kind)}://{listen.Endpoint}";

    private static string Scheme(SipTransportKind kind) => kind switch
    {
        SipTransportKind.Udp => "udp",
        SipTransportKind.Tcp => "tcp",
        SipTransportKind.Tls => "tls",
        SipTransportKind.Ws => "ws",
        SipTransportKind.Wss => "wss",
    };
}
