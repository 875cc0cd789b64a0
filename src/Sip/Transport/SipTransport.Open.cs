using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport.Layers;
using Switchhook.Sip.Transport.Linux;

namespace Switchhook.Sip.Transport;

/// <summary>Opening the listening addresses.</summary>
public sealed partial class SipTransport
{
    private const int Backlog = 1024;

    private SipOpenFailure? Open(SipListen listen, SipTransportLimits limits, SipLimits messageLimits, TimerWheel timers)
    {
        if (listen is { Kind: SipTransportKind.Tls or SipTransportKind.Wss, Certificate: null })
            return new SipOpenFailure(listen, SipOpenFault.NotSupported, $"{Describe(listen)}: there is no certificate for it");

        var isUdp = listen.Kind == SipTransportKind.Udp;
        var local = SipEndpoint.From(listen.Endpoint);
        var fd = isUdp ? NativeSocket.OpenDatagram(local) : NativeSocket.OpenStream(local);
        if (fd < 0) return Failure(listen, LibC.Errno);

        if (Prepare(fd, local, listen, limits) is var error && error != 0)
        {
            _ = LibC.Close(fd);
            return Failure(listen, error);
        }

        var bound = NativeSocket.BoundTo(fd);
        var host = listen.AdvertisedHost ?? bound.ToIPAddress().ToString();
        var listener = new SipListener(_listeners.Count, listen.Kind, bound, host, listen.AdvertisedPort ?? bound.Port);
        _listeners.Add(listener);
        _udp.Add(isUdp ? new UdpSocket(fd, listener, limits.DatagramsPerWake) : null);
        _tcp.Add(isUdp ? null : new TcpAcceptor(fd, listener, _epoll, timers, _connections, LayerOf(listen, messageLimits.MaxMessageBytes)));
        return _epoll.Add(fd, Constants.EpollIn, listener.Index + 1) ? null : Failure(listen, LibC.Errno);
    }

    private static Func<IStreamLayer>? LayerOf(SipListen listen, int maxMessageBytes) => listen switch
    {
        { Kind: SipTransportKind.Tls, Certificate: { } certificate } => () => new TlsLayer(certificate),
        { Kind: SipTransportKind.Ws } => () => new WebSocketLayer(maxMessageBytes),
        { Kind: SipTransportKind.Wss, Certificate: { } certificate } => () => new LayerPair(new TlsLayer(certificate), new WebSocketLayer(maxMessageBytes)),
        _ => null,
    };

    /// <summary>Sets options, binds and listens; returns 0 or errno.</summary>
    private static int Prepare(int fd, SipEndpoint local, SipListen listen, SipTransportLimits limits)
    {
        if (listen.ReusePort) _ = NativeSocket.Set(fd, Constants.SolSocket, Constants.SoReusePort, 1);
        if (listen.Kind != SipTransportKind.Udp)
        {
            // A restarted server may listen again while connections of the one before linger.
            _ = NativeSocket.Set(fd, Constants.SolSocket, Constants.SoReuseAddress, 1);
            if (NativeSocket.Bind(fd, local) is var refused && refused != 0) return refused;
            return LibC.Listen(fd, Backlog) == 0 ? 0 : LibC.Errno;
        }

        NativeSocket.EnlargeBuffers(fd, limits.SocketBufferBytes);
        _ = local.IsIPv4
            ? NativeSocket.Set(fd, Constants.IpProtocolIp, Constants.IpReceiveErrors, 1)
            : NativeSocket.Set(fd, Constants.IpProtocolIpv6, Constants.Ipv6ReceiveErrors, 1);
        return NativeSocket.Bind(fd, local);
    }

    private static SipOpenFailure Failure(SipListen listen, int errno) => errno switch
    {
        Constants.AddressInUse => new(listen, SipOpenFault.AddressInUse, $"{Describe(listen)}: the address is in use"),
        Constants.AddressNotAvailable => new(listen, SipOpenFault.AddressNotLocal, $"{Describe(listen)}: no such address on this machine"),
        Constants.PermissionDenied or Constants.OperationNotPermitted =>
            new(listen, SipOpenFault.PermissionDenied, $"{Describe(listen)}: permission denied"),
        _ => new(listen, SipOpenFault.System, $"{Describe(listen)}: system error {errno}"),
    };

    private static string Describe(SipListen listen) => $"sip {listen.Kind.ToString().ToLowerInvariant()} {listen.Endpoint}";
}
