namespace Switchhook.Sip.Transport.Linux;

/// <summary>Opening and configuring sockets; all are non-blocking and closed on exec.</summary>
internal static unsafe class NativeSocket
{
    public static int OpenDatagram(SipEndpoint local) => Open(local, Constants.SockDatagram);

    public static int OpenStream(SipEndpoint local) => Open(local, Constants.SockStream);

    public static bool Set(int fd, int level, int name, int value) => LibC.SetSockOpt(fd, level, name, &value, sizeof(int)) == 0;

    /// <summary>The pending error of a socket, cleared by reading it.</summary>
    public static int TakeError(int fd)
    {
        var error = 0;
        var length = sizeof(int);
        return LibC.GetSockOpt(fd, Constants.SolSocket, Constants.SoError, &error, &length) == 0 ? error : LibC.Errno;
    }

    public static int Bind(int fd, SipEndpoint local)
    {
        var address = stackalloc byte[SocketAddress.MaxLength];
        var length = SocketAddress.Write(local, new Span<byte>(address, SocketAddress.MaxLength));
        return LibC.Bind(fd, address, length) == 0 ? 0 : LibC.Errno;
    }

    public static int Connect(int fd, SipEndpoint remote)
    {
        var address = stackalloc byte[SocketAddress.MaxLength];
        var length = SocketAddress.Write(remote, new Span<byte>(address, SocketAddress.MaxLength));
        return LibC.Connect(fd, address, length) == 0 ? 0 : LibC.Errno;
    }

    public static SipEndpoint BoundTo(int fd)
    {
        var address = stackalloc byte[SocketAddress.MaxLength];
        var length = SocketAddress.MaxLength;
        _ = LibC.GetSockName(fd, address, &length);
        return SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.MaxLength));
    }

    /// <summary>Asks for large buffers past the system's bound where the process may, up to the bound where it may not.</summary>
    public static void EnlargeBuffers(int fd, int bytes)
    {
        if (!Set(fd, Constants.SolSocket, Constants.SoReceiveBufferForce, bytes)) _ = Set(fd, Constants.SolSocket, Constants.SoReceiveBuffer, bytes);
        if (!Set(fd, Constants.SolSocket, Constants.SoSendBufferForce, bytes)) _ = Set(fd, Constants.SolSocket, Constants.SoSendBuffer, bytes);
    }

    private static int Open(SipEndpoint local, int type)
    {
        var fd = LibC.Socket(SocketAddress.FamilyOf(local), type | Constants.SockNonBlocking | Constants.SockCloseOnExec, 0);
        // Each family has its own sockets, so mapped addresses never appear.
        if (fd >= 0 && !local.IsIPv4) _ = Set(fd, Constants.IpProtocolIpv6, Constants.Ipv6Only, 1);
        return fd;
    }
}
