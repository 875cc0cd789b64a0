using System.Net;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Resolution;

/// <summary>Why a URI leads to no server.</summary>
public enum TargetFault
{
    /// <summary>None.</summary>
    None,

    /// <summary>Not a <c>sip:</c> or <c>sips:</c> URI.</summary>
    NoSipUri,

    /// <summary>The URI, or the whole of its domain's NAPTR records, names only transports that are not spoken here.</summary>
    UnsupportedTransport,

    /// <summary>A <c>sips:</c> URI with a transport that cannot carry TLS (RFC 3261 §26.2.2).</summary>
    InsecureTransport,

    /// <summary>The host is neither an address nor a name the DNS could hold.</summary>
    BadHost,

    /// <summary>The DNS says that there is no such server.</summary>
    NotFound,

    /// <summary>The DNS could not tell; later it may.</summary>
    Unanswered,
}

/// <summary>What is looked for: the part of a SIP URI that RFC 3263 §4 goes by.</summary>
public sealed record TargetQuestion
{
    private TargetQuestion(string host) => Host = host;

    /// <summary>The TARGET of RFC 3263 §4: the maddr parameter if there is one, else the host; lower case, no brackets, no last dot.</summary>
    public string Host { get; private init; }

    /// <summary>The host when it is an address.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>The port as written, 0 when none is.</summary>
    public int Port { get; private init; }

    /// <summary>The transport the URI names, with TLS under it for <c>sips:</c>; null when it names none.</summary>
    public SipTransportKind? Transport { get; private init; }

    /// <summary>True for <c>sips:</c>: every hop has to be TLS.</summary>
    public bool IsSecure { get; private init; }

    /// <summary>Takes what counts out of a URI.</summary>
    public static bool TryFrom(in SipUri uri, out TargetQuestion question, out TargetFault fault)
    {
        question = null!;
        fault = TargetFault.NoSipUri;
        if (uri.Scheme is not (SipScheme.Sip or SipScheme.Sips)) return false;
        var secure = uri.Scheme == SipScheme.Sips;
        SipTransportKind? transport = null;
        if (!uri.Transport.IsEmpty)
        {
            fault = TargetFault.UnsupportedTransport;
            if (!TryTransport(uri.Transport, out var named)) return false;
            fault = TargetFault.InsecureTransport;
            if (secure && named == SipTransportKind.Udp) return false;
            transport = secure ? Secured(named) : named;
        }

        var host = uri.Maddr.IsEmpty ? uri.Host : uri.Maddr;
        if (host is [(byte)'[', .., (byte)']']) host = host[1..^1];
        return TryFrom(System.Text.Encoding.ASCII.GetString(host), uri.Port, transport, secure, out question, out fault);
    }

    /// <summary>The same from its parts.</summary>
    /// <param name="host">A name or an address, without brackets.</param>
    /// <param name="port">0 when not given.</param>
    /// <param name="transport">Null when not given.</param>
    /// <param name="secure">True for <c>sips:</c>.</param>
    /// <param name="question">What is looked for.</param>
    /// <param name="fault">Why it cannot be looked for.</param>
    public static bool TryFrom(
        string host, int port, SipTransportKind? transport, bool secure, out TargetQuestion question, out TargetFault fault)
    {
        question = null!;
        fault = TargetFault.BadHost;
        string? name = null;
        if (!IPAddress.TryParse(host, out var address) && !DnsNames.TryNormalize(host, out name)) return false;
        question = new TargetQuestion(name ?? host) { Address = address, Port = port, Transport = transport, IsSecure = secure };
        fault = TargetFault.None;
        return true;
    }

    /// <summary>RFC 3261 §25.1, RFC 7118 §5; <c>transport=tls</c> is deprecated and seen everywhere.</summary>
    private static bool TryTransport(ReadOnlySpan<byte> name, out SipTransportKind kind)
    {
        foreach (var known in Enum.GetValues<SipTransportKind>())
        {
            kind = known;
            if (SipText.EqualsIgnoreCase(name, known.ViaName())) return true;
        }

        kind = default;
        return false;
    }

    private static SipTransportKind Secured(SipTransportKind named) =>
        named is SipTransportKind.Ws or SipTransportKind.Wss ? SipTransportKind.Wss : SipTransportKind.Tls;
}
