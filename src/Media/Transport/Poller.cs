using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Switchhook.Media.Transport;

/// <summary>epoll with a bell to wake the thread that waits in it.</summary>
internal sealed unsafe class Poller : IDisposable
{
    /// <summary>What <see cref="KeyOf"/> gives for the bell.</summary>
    public const ulong Bell = ulong.MaxValue;

    private const int Most = 256;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly byte[] _entries = GC.AllocateArray<byte>(Most * 16, pinned: true);
    private readonly byte* _first;
    private readonly int _epoll;
    private readonly int _bell;
    private readonly Lock _gate = new();
    private bool _disposed;

    public Poller()
    {
        _first = (byte*)Unsafe.AsPointer(ref _entries[0]);
        _epoll = Native.OpenEpoll();
        _bell = Native.OpenEvent();
        if (_epoll < 0 || _bell < 0 || !TryAdd(_bell, Bell)) throw new InvalidOperationException("The system gives no epoll for a media thread.");
    }

    public bool TryAdd(int fd, ulong key)
    {
        var entry = stackalloc byte[16];
        Unsafe.WriteUnaligned(entry, Native.EpollIn);
        Unsafe.WriteUnaligned(entry + Stride - 8, key);
        return Native.EpollControl(_epoll, Native.EpollAdd, fd, entry) == 0;
    }

    public void Remove(int fd)
    {
        var entry = stackalloc byte[16];
        _ = Native.EpollControl(_epoll, Native.EpollDelete, fd, entry);
    }

    /// <summary>Waits for datagrams, the bell or the time limit; returns how many keys can be read.</summary>
    public int Wait(int timeoutMs) => Math.Max(0, Native.EpollWait(_epoll, _first, Most, timeoutMs));

    public ulong KeyOf(int index) => Unsafe.ReadUnaligned<ulong>(_first + index * Stride + Stride - 8);

    /// <summary>From any thread; after <see cref="Dispose"/> it does nothing, for the descriptor may be another's by then.</summary>
    public void Ring()
    {
        ulong one = 1;
        lock (_gate)
            if (!_disposed) _ = Native.Write(_bell, &one, 8);
    }

    public void Quiet()
    {
        ulong count;
        _ = Native.Read(_bell, &count, 8);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _ = Native.Close(_epoll);
            _ = Native.Close(_bell);
        }
    }
}
