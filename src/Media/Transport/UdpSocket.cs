using System.Net;

namespace Switchhook.Media.Transport;

/// <summary>A bound, non-blocking UDP socket. Used by one thread at a time.</summary>
internal sealed unsafe class UdpSocket : IDisposable
{
    private const int ExpeditedForwarding = 0xB8;           // DSCP 46, what telephony is marked with (RFC 4594 §4.1)
    private const int TruncateFlag = 0x20;

    private int _fd;

    private UdpSocket(int fd, int port) => (_fd, Port) = (fd, port);

    public int Fd => _fd;

    public int Port { get; }

    /// <summary>Null when the port is taken or the system has no more sockets. Port 0: any free one.</summary>
    public static UdpSocket? TryBind(IPAddress address, int port)
    {
        var wanted = PeerAddress.From(new IPEndPoint(address, port));
        var isSix = wanted.Length == PeerAddress.Size;
        var fd = Native.OpenDatagram(isSix ? Native.FamilyIPv6 : Native.FamilyIPv4);
        if (fd < 0) return null;

        PeerAddress bound = default;
        int length = PeerAddress.Size, service = ExpeditedForwarding;
        if (Native.Bind(fd, &wanted, wanted.Length) != 0 || Native.GetSocketName(fd, &bound, &length) != 0)
        {
            _ = Native.Close(fd);
            return null;
        }

        _ = isSix ? Native.SetSocketOption(fd, 41, 67, &service, 4) : Native.SetSocketOption(fd, 0, 1, &service, 4);
        return new UdpSocket(fd, bound.Port);
    }

    /// <summary>One datagram, or −1 when there is none. A longer one than the room is reported with its true length.</summary>
    public int Receive(byte* room, int size, out PeerAddress from)
    {
        PeerAddress source = default;
        var length = PeerAddress.Size;
        var received = (int)Native.ReceiveFrom(_fd, room, size, TruncateFlag, &source, &length);
        source.Normalize();
        from = source;
        return received;
    }

    /// <summary>False when the system would not take the datagram.</summary>
    public bool Send(byte* datagram, int length, in PeerAddress to)
    {
        fixed (PeerAddress* address = &to)
            return Native.SendTo(_fd, datagram, length, 0, address, to.Length) == length;
    }

    /// <summary>Throws away what waits: the packets of a former call. Bounded, should a stranger send without end.</summary>
    public void Drain()
    {
        byte nothing;
        for (var i = 0; i < 1_024 && Receive(&nothing, 1, out _) >= 0; i++) { }
    }

    public void Dispose()
    {
        var fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0) _ = Native.Close(fd);
    }
}
