using System.Net;
using System.Net.Sockets;

namespace Switchhook.Webhooks.Transport;

/// <summary>
/// Tells public addresses from those a customer's URL must not reach: private, loopback, link-local, multicast and the other blocks of the
/// IANA special-purpose registries (RFC 6890 and its successors).
/// </summary>
internal static class AddressPolicy
{
    private static readonly IPNetwork[] SpecialIPv4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),        // this network, RFC 791
        IPNetwork.Parse("10.0.0.0/8"),       // private, RFC 1918
        IPNetwork.Parse("100.64.0.0/10"),    // carrier-grade NAT, RFC 6598
        IPNetwork.Parse("127.0.0.0/8"),      // loopback
        IPNetwork.Parse("169.254.0.0/16"),   // link-local and cloud metadata, RFC 3927
        IPNetwork.Parse("172.16.0.0/12"),    // private
        IPNetwork.Parse("192.0.0.0/24"),     // protocol assignments, RFC 6890
        IPNetwork.Parse("192.0.2.0/24"),     // documentation, RFC 5737
        IPNetwork.Parse("192.88.99.0/24"),   // former 6to4 relays, RFC 7526
        IPNetwork.Parse("192.168.0.0/16"),   // private
        IPNetwork.Parse("198.18.0.0/15"),    // benchmarking, RFC 2544
        IPNetwork.Parse("198.51.100.0/24"),  // documentation
        IPNetwork.Parse("203.0.113.0/24"),   // documentation
        IPNetwork.Parse("224.0.0.0/4"),      // multicast
        IPNetwork.Parse("240.0.0.0/4"),      // reserved, and the broadcast address
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");       // RFC 6052: the last four octets are an IPv4 address
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");      // RFC 3056: octets 2 to 5 are one

    private static readonly IPNetwork[] SpecialIPv6 =
    [
        IPNetwork.Parse("2001::/23"),        // protocol assignments, Teredo among them, RFC 2928
        IPNetwork.Parse("2001:db8::/32"),    // documentation, RFC 3849
        IPNetwork.Parse("3fff::/20"),        // documentation, RFC 9637
    ];

    // Where clouds hand out a machine's credentials, and what is no one server's address at all.
    private static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("255.255.255.255/32"),
        IPNetwork.Parse("::/128"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("ff00::/8"),
        IPNetwork.Parse("fd00:ec2::254/128"),
    ];

    /// <summary>False for addresses that are refused even where private ones are allowed: link-local with the metadata services, multicast, none at all.</summary>
    public static bool IsEverAllowed(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> octets = stackalloc byte[16];
        if (Nat64.Contains(address) && address.TryWriteBytes(octets, out _))
            address = new IPAddress(octets[12..]);
        return !IsIn(Never, address.ScopeId() == 0 ? address : new IPAddress(address.GetAddressBytes()));
    }

    /// <summary>True for an address of the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !IsIn(SpecialIPv4, address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;

        // A zone only has meaning on a link, and networks are compared without it.
        if (address.ScopeId != 0)
            return false;
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        if (Nat64.Contains(address))
            return IsPublic(new IPAddress(octets[12..]));
        if (SixToFour.Contains(address))
            return IsPublic(new IPAddress(octets[2..6]));
        return GlobalUnicast.Contains(address) && !IsIn(SpecialIPv6, address);
    }

    private static long ScopeId(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;

    private static bool IsIn(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }
}
