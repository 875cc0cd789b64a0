using System.Net;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>Where a request inside a dialog goes (RFC 3261 §8.1.2), as far as that can be told without asking the DNS.</summary>
public static class NextHop
{
    /// <summary>
    /// The address that the URI names, over the transport it names. Falls back to the flow that made the dialog when the URI names a
    /// host (its name server is not asked on this thread), or the same machine over a connection that is open already (RFC 5626 §3.3).
    /// </summary>
    internal static SipFlow Resolve(ReadOnlySpan<byte> uriText, in SipFlow flow, bool reuse = true)
    {
        if (!SipUri.TryParse(uriText, out var uri)) return flow;
        var host = uri.Maddr.IsEmpty ? uri.Host : uri.Maddr;
        if (!TryEndpoint(host, out var endpoint)) return flow;
        var kind = KindOf(uri, flow.Kind);
        endpoint = endpoint.WithPort(uri.Port > 0 ? uri.Port : kind.DefaultPort());
        if (kind == flow.Kind && (endpoint == flow.Remote || (reuse && kind.IsReliable() && endpoint.WithPort(0) == flow.Remote.WithPort(0))))
            return flow;
        return new SipFlow(kind, endpoint, kind == flow.Kind && endpoint.SameFamily(flow.Remote) ? flow.Listener : SipFlow.AnyListener, 0);
    }

    /// <summary>Where a request with this preloaded Route goes: to its first proxy (RFC 3261 §8.1.2).</summary>
    /// <param name="route">The value of a Route header.</param>
    /// <param name="flow">The way the sender was heard on; kept when the proxy is there.</param>
    public static SipFlow ForRoute(string route, in SipFlow flow)
    {
        var values = Encoding.UTF8.GetBytes(route);
        return NameAddr.TryParse(FirstOf(values), out var address) ? Resolve(address.Uri, flow) : flow;
    }

    /// <summary>The first of several values: up to the bracket that ends its URI.</summary>
    private static ReadOnlySpan<byte> FirstOf(ReadOnlySpan<byte> values)
    {
        var end = values.IndexOf((byte)'>');
        return end < 0 ? values : values[..(end + 1)];
    }

    /// <summary>
    /// True when the sender of an INVITE without proxies on its way names another address than it sent from: behind NAT only the flow
    /// reaches it (RFC 3581 §4, RFC 5626 §1).
    /// </summary>
    internal static bool IsTranslated(SipRequest invite, in SipFlow flow)
    {
        if (invite.Has(HeaderName.RecordRoute)) return false;
        var via = invite.TopVia;
        if (!TryEndpoint(via.Host, out var said)) return false;
        foreach (var value in invite.Values(HeaderName.Contact))
        {
            if (!ContactValue.TryParse(value, out var contact) || !SipUri.TryParse(contact.Uri, out var uri)) return false;
            // A Contact that differs from the sent-by is another element; it is not this hop's address that was translated.
            return said.WithPort(0) != flow.Remote.WithPort(0) && uri.Host.SequenceEqual(via.Host);
        }

        return false;
    }

    private static SipTransportKind KindOf(in SipUri uri, SipTransportKind otherwise)
    {
        if (uri.Scheme == SipScheme.Sips) return SipTransportKind.Tls;
        var transport = uri.Transport;
        // Without a parameter the RFC means UDP; a dialog made over a stream stays there all the same, as its far side evidently can.
        if (transport.IsEmpty) return otherwise;
        if (SipText.EqualsIgnoreCase(transport, "udp"u8)) return SipTransportKind.Udp;
        if (SipText.EqualsIgnoreCase(transport, "tcp"u8)) return SipTransportKind.Tcp;
        return SipText.EqualsIgnoreCase(transport, "tls"u8) ? SipTransportKind.Tls : otherwise;
    }

    /// <summary>IPv4 without an object, the common case; IPv6 in brackets through the framework.</summary>
    private static bool TryEndpoint(ReadOnlySpan<byte> host, out SipEndpoint endpoint)
    {
        endpoint = default;
        if (host is [(byte)'[', .., (byte)']'])
        {
            if (!IPAddress.TryParse(host[1..^1], out var address)) return false;
            endpoint = SipEndpoint.From(address, 0);
            return true;
        }

        uint value = 0;
        for (var part = 0; part < 4; part++)
        {
            var dot = part < 3 ? host.IndexOf((byte)'.') : host.Length;
            if (dot is < 1 or > 3 || !SipText.TryNumber(host[..dot], out var number) || number > 255) return false;
            value = (value << 8) | number;
            if (part < 3) host = host[(dot + 1)..];
        }

        endpoint = SipEndpoint.FromIPv4(value, 0);
        return true;
    }
}
