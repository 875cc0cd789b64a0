using System.Runtime.InteropServices;

namespace Switchhook.Sip.Transport.Linux;

/// <summary>One epoll instance and its buffer of events.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int MaxEvents = 256;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EntrySize = DataOffset + 8;

    private readonly int _fd = LibC.EpollCreate(Constants.EpollCloseOnExec);
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(MaxEvents * 16));

    public bool IsOpen => _fd >= 0;

    /// <summary>Watches a descriptor; its readiness comes back under this token.</summary>
    public bool Add(int fd, uint interest, long token) => Control(Constants.EpollAdd, fd, interest, token);

    public bool Modify(int fd, uint interest, long token) => Control(Constants.EpollModify, fd, interest, token);

    public bool Remove(int fd) => Control(Constants.EpollDelete, fd, 0, 0);

    /// <summary>Waits for readiness and returns the number of events; an interruption counts as none.</summary>
    public int Wait(int timeoutMs) => Math.Max(0, LibC.EpollWait(_fd, _events, MaxEvents, timeoutMs));

    public (uint Ready, long Token) this[int index]
    {
        get
        {
            var entry = _events + (index * EntrySize);
            return (*(uint*)entry, *(long*)(entry + DataOffset));
        }
    }

    public void Dispose()
    {
        if (_fd >= 0) _ = LibC.Close(_fd);
        NativeMemory.Free(_events);
    }

    private bool Control(int operation, int fd, uint interest, long token)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = interest;
        *(long*)(entry + DataOffset) = token;
        return LibC.EpollControl(_fd, operation, fd, entry) == 0;
    }
}
