using System.Runtime.InteropServices;

namespace Switchhook.Server.Running;

/// <summary>
/// Memory of libraries that are not managed: SQLite, the sockets, the runtime itself. The system's allocator keeps what was freed, in an arena for
/// each thread that ever allocated, and gives back by itself the end of an arena alone.
/// </summary>
internal static partial class SystemHeap
{
    /// <summary>Gives back every page that nothing is left on.</summary>
    public static void GiveBack()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var libc))
            return;
        // Only glibc has it.
        if (NativeLibrary.TryGetExport(libc, "malloc_trim", out _))
            _ = Trim(0);
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);
}
