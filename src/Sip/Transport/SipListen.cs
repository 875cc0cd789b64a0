using System.Net;
using System.Net.Security;

namespace Switchhook.Sip.Transport;

/// <summary>An address to listen on.</summary>
/// <param name="Kind">The transport.</param>
/// <param name="Endpoint">The local address and port; port 0 takes a free one.</param>
/// <param name="AdvertisedHost">What Via and Contact name instead of the bound address (behind NAT, or when bound to 0.0.0.0).</param>
/// <param name="AdvertisedPort">What Via and Contact name instead of the bound port.</param>
/// <param name="ReusePort">Lets several shards bind one port; the kernel spreads the remotes over them.</param>
public sealed record SipListen(
    SipTransportKind Kind,
    IPEndPoint Endpoint,
    string? AdvertisedHost = null,
    int? AdvertisedPort = null,
    bool ReusePort = false)
{
    /// <summary>What a listener over TLS shows who it is by, with its key; of no use to others.</summary>
    public SslStreamCertificateContext? Certificate { get; init; }
}

/// <summary>An open listening address.</summary>
/// <param name="Index">Its place in <see cref="ISipTransport.Listeners"/>; what <see cref="SipFlow.Listener"/> holds.</param>
/// <param name="Kind">The transport.</param>
/// <param name="Bound">The bound address with the real port.</param>
/// <param name="AdvertisedHost">The host for Via and Contact (an IPv6 address without brackets).</param>
/// <param name="AdvertisedPort">The port for Via and Contact.</param>
public sealed record SipListener(int Index, SipTransportKind Kind, SipEndpoint Bound, string AdvertisedHost, int AdvertisedPort);

/// <summary>Why a listening address could not be opened.</summary>
public enum SipOpenFault
{
    /// <summary>Another program, or another line of the configuration, holds the port.</summary>
    AddressInUse,

    /// <summary>The address is not one of this machine's.</summary>
    AddressNotLocal,

    /// <summary>Ports below 1024 may need a privilege.</summary>
    PermissionDenied,

    /// <summary>The transport needs something that it was not given: a certificate.</summary>
    NotSupported,

    /// <summary>The system refused for another reason, given in <see cref="SipOpenFailure.Detail"/>.</summary>
    System,
}

/// <summary>A listening address that could not be opened.</summary>
/// <param name="Listen">The address in question.</param>
/// <param name="Fault">Why.</param>
/// <param name="Detail">A sentence for the operator that names the address.</param>
public sealed record SipOpenFailure(SipListen Listen, SipOpenFault Fault, string Detail);
