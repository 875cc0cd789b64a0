using System.Globalization;
using System.Runtime.InteropServices;

namespace Switchhook.Server.Running;

/// <summary>
/// The pages of programs and libraries that the process has mapped. Most are touched once, while it starts. They are read-only copies of files:
/// let go of, they stay in the system's cache as long as there is room, and those that are still needed come back at a microsecond each.
/// </summary>
internal static partial class MappedCode
{
    private const int DontNeed = 4;     // MADV_DONTNEED

    /// <summary>Lets go of what can be had again from its file: code, and what is shared read-only. What was ever changed in memory is left alone.</summary>
    public static void LetGo()
    {
        if (!OperatingSystem.IsLinux())
            return;
        (nint Start, nint Length)? code = null;
        // A line for each mapping, as in proc_pid_maps(5), and behind it what is known of it; the pages changed in memory are "Anonymous".
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (code is { } clean && line.EndsWith(" 0 kB", StringComparison.Ordinal))
                    _ = Advise(clean.Start, clean.Length, DontNeed);
                code = null;
            }
            else if (CodeIn(line) is { } next)
            {
                code = next;
            }
        }
    }

    /// <summary>The mapping that a line begins, when it is code of a library or shared and read-only; else null.</summary>
    internal static (nint Start, nint Length)? CodeIn(string line)
    {
        if (!line.EndsWith(".dll", StringComparison.Ordinal) && !line.Contains(".so", StringComparison.Ordinal))
            return null;
        var (dash, blank) = (line.IndexOf('-', StringComparison.Ordinal), line.IndexOf(' ', StringComparison.Ordinal));
        if (dash <= 0 || blank < dash || line.AsSpan(blank + 1) is not (['r', '-', 'x', 'p', ..] or ['r', '-', '-', 's', ..]))
            return null;
        return TryAddress(line.AsSpan(0, dash), out var start) && TryAddress(line.AsSpan(dash + 1, blank - dash - 1), out var end) && end > start
            ? (start, end - start)
            : null;
    }

    private static bool TryAddress(ReadOnlySpan<char> text, out nint address) =>
        nint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
