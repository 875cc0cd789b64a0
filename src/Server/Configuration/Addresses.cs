using System.Globalization;
using System.Net;

namespace Switchhook.Server.Configuration;

/// <summary>Reads the addresses of the configuration.</summary>
internal static class Addresses
{
    /// <summary><c>http://ADDRESS:PORT</c>; <c>*</c> and <c>+</c> stand for every address, <c>localhost</c> for 127.0.0.1.</summary>
    public static string? TryHttp(string text, out HttpListen value)
    {
        value = new HttpListen(new IPEndPoint(IPAddress.Loopback, 0));
        if (!TrySplit(text, out var scheme, out var rest))
            return $"must be http://ADDRESS:PORT, not '{text}'";
        if (scheme == "https")
            return "https is not served by this release; put a proxy that ends TLS in front";
        if (scheme != "http")
            return $"must be http://ADDRESS:PORT, not '{text}'";
        if (!TryEndPoint(rest.TrimEnd('/'), out var endPoint))
            return $"must name an IP address (or localhost, or * for all) and a port, not '{text}'";
        value = new HttpListen(endPoint);
        return null;
    }

    /// <summary><c>udp://ADDRESS:PORT</c>, <c>tcp://…</c>, <c>tls://…</c>, <c>ws://…</c> and <c>wss://…</c>.</summary>
    public static string? TrySip(string text, out SipListen value)
    {
        value = new SipListen("udp", new IPEndPoint(IPAddress.Loopback, 0));
        if (!TrySplit(text, out var scheme, out var rest))
            return $"must be udp://, tcp://, tls://, ws:// or wss://ADDRESS:PORT, not '{text}'";
        if (scheme is not ("udp" or "tcp" or "tls" or "ws" or "wss"))
            return $"must begin with udp://, tcp://, tls://, ws:// or wss://, not '{scheme}://'";
        if (!TryEndPoint(rest, out var endPoint))
            return $"must name an IP address (or localhost) and a port, not '{text}'";
        value = new SipListen(scheme, endPoint);
        return null;
    }

    public static string? TryAddress(string text, out IPAddress value)
    {
        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            value = IPAddress.Loopback;
            return null;
        }
        var fine = IPAddress.TryParse(text, out var address);
        value = address ?? IPAddress.Loopback;
        return fine ? null : $"must be an IP address, not '{text}'";
    }

    /// <summary>What a Via or Contact may name: an IP address, without brackets, or a host name (RFC 3261 §25.1).</summary>
    public static string? TryHost(string text, out string? value)
    {
        value = text.Length == 0 ? null : text;
        return value is null || Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6
            ? null : $"must be an IP address or a host name, not '{text}'";
    }

    /// <summary>An address or a network such as <c>10.0.0.0/8</c>.</summary>
    public static string? TryNetwork(string text, out IPNetwork value)
    {
        if (text.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(text, out value) ? null : $"must be an IP address or a network such as 10.0.0.0/8, not '{text}'";
        var fine = IPAddress.TryParse(text, out var address);
        value = fine ? new IPNetwork(address!, address!.GetAddressBytes().Length * 8) : default;
        return fine ? null : $"must be an IP address or a network such as 10.0.0.0/8, not '{text}'";
    }

    /// <summary>One port.</summary>
    public static string? TryOnePort(string text, out int value) =>
        TryPort(text, out value) && value > 0 ? null : $"must be a port from 1 to 65535, not '{text}'";

    /// <summary><c>FIRST-LAST</c>, at least one pair.</summary>
    public static string? TryPorts(string text, out (int First, int Last) value)
    {
        value = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 1 || !TryPort(text[..dash].Trim(), out var first) || !TryPort(text[(dash + 1)..].Trim(), out var last) || first == 0)
            return $"must be FIRST-LAST, such as 20000-29999, not '{text}'";
        value = (first, last);
        return last > first ? null : $"must hold at least two ports, the smaller first: '{text}'";
    }

    private static bool TrySplit(string text, out string scheme, out string rest)
    {
        var at = text.IndexOf("://", StringComparison.Ordinal);
        (scheme, rest) = at < 1 ? ("", "") : (text[..at].ToLowerInvariant(), text[(at + 3)..]);
        return at >= 1;
    }

    private static bool TryEndPoint(string text, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.Loopback, 0);
        var colon = text.LastIndexOf(':');
        if (colon < 1 || !TryPort(text[(colon + 1)..], out var port))
            return false;
        var host = text[..colon];
        var address = host switch
        {
            "*" or "+" => IPAddress.Any,
            "localhost" => IPAddress.Loopback,
            ['[', .., ']'] => IPAddress.TryParse(host[1..^1], out var v6) ? v6 : null,
            _ => !host.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(host, out var v4) ? v4 : null,
        };
        if (address is null)
            return false;
        endPoint = new IPEndPoint(address, port);
        return true;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort;
}
