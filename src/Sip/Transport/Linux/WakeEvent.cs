using Microsoft.Win32.SafeHandles;

namespace Switchhook.Sip.Transport.Linux;

/// <summary>An eventfd by which any thread ends the wait of the polling one.</summary>
internal sealed unsafe class WakeEvent : IDisposable
{
    private readonly SafeFileHandle _handle;
    private int _raised;

    public WakeEvent() =>
        _handle = new SafeFileHandle(LibC.EventFd(0, Constants.EventFdNonBlocking | Constants.EventFdCloseOnExec), ownsHandle: true);

    public bool IsOpen => !_handle.IsInvalid;

    public int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Raises the event unless it is raised already. From any thread, also while or after disposing.</summary>
    public void Raise()
    {
        if (Interlocked.Exchange(ref _raised, 1) != 0) return;

        var one = 1UL;
        try
        {
            _ = LibC.Write(_handle, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The transport is closed: nobody waits any more.
        }
    }

    /// <summary>Takes the event back, on the polling thread, before it looks at what it was woken for.</summary>
    public void Clear()
    {
        ulong count;
        _ = LibC.Read(Descriptor, &count, sizeof(ulong));
        Volatile.Write(ref _raised, 0);
    }

    public void Dispose() => _handle.Dispose();
}
