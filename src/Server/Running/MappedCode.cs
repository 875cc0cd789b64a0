using System.Globalization;
using System.Runtime.InteropServices;

namespace Switchhook.Server.Running;

/// <summary>
/// The code of programs and libraries that the process has mapped. Most of it is touched once, while it starts. It is a read-only copy of files:
/// let go of, it stays in the system's cache as long as there is room, and what is still needed comes back at a microsecond a page. Only what
/// stays where it is until the process ends is let go of: in place of anything else there may be something new by then.
/// </summary>
internal static partial class MappedCode
{
    private const int DontNeed = 4;     // MADV_DONTNEED

    /// <summary>Lets go of what can be had again from its file. What was ever changed in memory is left alone.</summary>
    public static void LetGo()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var assemblies = AppDomain.CurrentDomain.GetAssemblies().Where(static a => !a.IsDynamic && !a.IsCollectible).Select(static a => a.Location).ToHashSet(StringComparer.Ordinal);
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
            else if (CodeIn(line, assemblies) is { } next)
            {
                code = next;
            }
        }
    }

    /// <summary>The mapping that a line begins, when it is code of a library or the copy of an assembly's file; else null.</summary>
    internal static (nint Start, nint Length)? CodeIn(string line, IReadOnlySet<string> assemblies)
    {
        var (dash, blank, file) = (line.IndexOf('-', StringComparison.Ordinal), line.IndexOf(' ', StringComparison.Ordinal), line.IndexOf('/', StringComparison.Ordinal));
        if (dash <= 0 || blank < dash || file < blank)
            return null;
        var stays = line.AsSpan(blank + 1) switch
        {
            ['r', '-', 'x', 'p', ..] => line.EndsWith(".dll", StringComparison.Ordinal) || line.Contains(".so", StringComparison.Ordinal),
            ['r', '-', '-', 's', ..] => assemblies.Contains(line[file..]),
            _ => false,
        };
        return stays && TryAddress(line.AsSpan(0, dash), out var start) && TryAddress(line.AsSpan(dash + 1, blank - dash - 1), out var end) && end > start
            ? (start, end - start)
            : null;
    }

    private static bool TryAddress(ReadOnlySpan<char> text, out nint address) =>
        nint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}
