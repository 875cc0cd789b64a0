using System.Runtime.InteropServices;

namespace Switchhook.Media.Transport;

/// <summary>The system calls of the media threads, and the few constants of Linux they need.</summary>
internal static unsafe partial class Native
{
    public const int FamilyIPv4 = 2;
    public const int FamilyIPv6 = 10;
    public const int EpollIn = 1;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;

    private const string C = "libc";
    private const int Datagram = 2;
    private const int CloseOnExec = 0x8_0000;
    private const int NonBlocking = 0x800;
    private const int OpenFiles = 7;

    public static int OpenDatagram(int family) => Socket(family, Datagram | CloseOnExec | NonBlocking, 0);

    public static int OpenEpoll() => EpollCreate(CloseOnExec);

    public static int OpenEvent() => EventFd(0, CloseOnExec | NonBlocking);

    /// <summary>How many descriptors the process may have.</summary>
    public static long MostDescriptors()
    {
        var limits = stackalloc ulong[2];
        return GetLimit(OpenFiles, limits) == 0 ? (long)Math.Min(limits[0], long.MaxValue) : 1_024;
    }

    [LibraryImport(C, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int fd, void* address, int length);

    [LibraryImport(C, EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSocketName(int fd, void* address, int* length);

    [LibraryImport(C, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int fd, int level, int name, int* value, int length);

    [LibraryImport(C, EntryPoint = "recvfrom")]
    public static partial nint ReceiveFrom(int fd, byte* buffer, nint length, int flags, void* address, int* addressLength);

    [LibraryImport(C, EntryPoint = "sendto")]
    public static partial nint SendTo(int fd, byte* buffer, nint length, int flags, void* address, int addressLength);

    [LibraryImport(C, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int fd, void* entry);

    [LibraryImport(C, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, void* entries, int most, int timeoutMs);

    [LibraryImport(C, EntryPoint = "read")]
    public static partial nint Read(int fd, void* buffer, nint length);

    [LibraryImport(C, EntryPoint = "write")]
    public static partial nint Write(int fd, void* buffer, nint length);

    [LibraryImport(C, EntryPoint = "close")]
    public static partial int Close(int fd);

    /// <summary>With <c>which</c> 0 and <c>who</c> 0: the calling thread alone.</summary>
    [LibraryImport(C, EntryPoint = "setpriority")]
    public static partial int SetPriority(int which, int who, int nice);

    [LibraryImport(C, EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ulong* limits);

    [LibraryImport(C, EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport(C, EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport(C, EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);
}
