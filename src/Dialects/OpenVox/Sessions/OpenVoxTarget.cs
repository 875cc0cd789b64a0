using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Switchhook.Dialects.OpenVox.Sessions;

/// <summary>The address reports go to, made of what a login or heartbeat says.</summary>
internal static class OpenVoxTarget
{
    private const int MostCharacters = 512;

    public static bool IsPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535;

    /// <summary>The absolute address; null when the parts make none.</summary>
    /// <param name="host">Address or name of the application's server.</param>
    /// <param name="port">Its port, checked before.</param>
    /// <param name="url">A path there, or with <paramref name="urlTag"/> 1 host, port and path; null for none.</param>
    /// <param name="urlTag"><c>0</c>, <c>1</c> or null for <c>0</c>.</param>
    public static string? Make(string host, string port, string? url, string? urlTag)
    {
        if (url?.Length > MostCharacters || host.Length > MostCharacters)
            return null;
        var address = (url, urlTag) switch
        {
            (null, null or "0" or "1") => $"http://{Bracketed(host)}:{port}/",
            (_, "1") when url!.StartsWith("http://", StringComparison.OrdinalIgnoreCase) => url,
            (_, "1") => $"http://{url}",
            (_, null or "0") => $"http://{Bracketed(host)}:{port}/{url!.TrimStart('/')}",
            _ => null,
        };
        return address is not null && !address.Any(char.IsControl) && Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http", UserInfo: "", Host.Length: > 0 }
            ? uri.AbsoluteUri : null;
    }

    /// <summary>An address as text, IPv4 as IPv4 however it came.</summary>
    public static IPAddress Plain(IPAddress? address) => address is null ? IPAddress.None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static string Bracketed(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host;
}
