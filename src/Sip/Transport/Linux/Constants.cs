namespace Switchhook.Sip.Transport.Linux;

/// <summary>Numbers of the Linux headers, equal on x86-64 and arm64.</summary>
internal static class Constants
{
    public const int AfInet = 2;
    public const int AfInet6 = 10;
    public const int SockStream = 1;
    public const int SockDatagram = 2;
    public const int SockNonBlocking = 0x800;
    public const int SockCloseOnExec = 0x80000;

    public const int SolSocket = 1;
    public const int SoReuseAddress = 2;
    public const int SoError = 4;
    public const int SoSendBuffer = 7;
    public const int SoReceiveBuffer = 8;
    public const int SoReusePort = 15;
    public const int SoSendBufferForce = 32;
    public const int SoReceiveBufferForce = 33;
    public const int IpProtocolIp = 0;
    public const int IpReceiveErrors = 11;
    public const int IpProtocolTcp = 6;
    public const int TcpNoDelay = 1;
    public const int IpProtocolIpv6 = 41;
    public const int Ipv6ReceiveErrors = 25;
    public const int Ipv6Only = 26;

    public const int MessageDontWait = 0x40;
    public const int MessageErrorQueue = 0x2000;
    public const int MessageNoSignal = 0x4000;

    public const int EventFdNonBlocking = 0x800;
    public const int EventFdCloseOnExec = 0x80000;
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const uint EpollIn = 0x001;
    public const uint EpollOut = 0x004;
    public const uint EpollError = 0x008;
    public const uint EpollHangup = 0x010;

    public const int PermissionDenied = 13; // EACCES
    public const int Interrupted = 4; // EINTR
    public const int TryAgain = 11; // EAGAIN
    public const int NoMemory = 12; // ENOMEM
    public const int TooManyFilesSystem = 23; // ENFILE
    public const int TooManyFiles = 24; // EMFILE
    public const int OperationNotPermitted = 1; // EPERM
    public const int MessageTooLong = 90; // EMSGSIZE
    public const int AddressInUse = 98; // EADDRINUSE
    public const int AddressNotAvailable = 99; // EADDRNOTAVAIL
    public const int NetworkUnreachable = 101; // ENETUNREACH
    public const int NoBuffers = 105; // ENOBUFS
    public const int ConnectionRefused = 111; // ECONNREFUSED
    public const int HostDown = 112; // EHOSTDOWN
    public const int HostUnreachable = 113; // EHOSTUNREACH
    public const int InProgress = 115; // EINPROGRESS
}
