namespace Switchhook.Exchange.Prompts;

/// <summary>Names that must stay below a directory.</summary>
internal static class ConfinedPath
{
    /// <summary>Links followed on the way to a file, all together; more is a loop.</summary>
    private const int MaxLinks = 32;

    /// <summary>The directory's full path with a separator at its end.</summary>
    public static string Root(string directory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)) + Path.DirectorySeparatorChar;

    /// <summary>The full path of a name taken from the root; null for one that is no name or leads outside.</summary>
    public static string? Below(string root, string name)
    {
        if (!IsName(name))
            return null;
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root, StringComparison.Ordinal) || path + Path.DirectorySeparatorChar == root ? path : null;
    }

    public static bool IsName(string name) => name.Length is > 0 and <= 1024 && !name.Contains('\0', StringComparison.Ordinal);

    /// <summary>True when no link on the way leads out of the root, be it the file or a directory before it.</summary>
    public static bool IsReallyBelow(string root, string path) =>
        Resolve(path) is { } real && (real + Path.DirectorySeparatorChar).StartsWith(Resolve(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path with every link in it followed; null when they go round in circles.</summary>
    private static string? Resolve(string path)
    {
        var left = new Stack<string>(Parts(path).Reverse());
        var resolved = "";
        var links = 0;
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                resolved = resolved[..Math.Max(0, resolved.LastIndexOf(Path.DirectorySeparatorChar))];
                continue;
            }
            var next = $"{resolved}{Path.DirectorySeparatorChar}{part}";
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }
            if (++links > MaxLinks)
                return null;
            foreach (var step in Parts(target).Reverse())
                left.Push(step);
            if (Path.IsPathRooted(target))
                resolved = "";
        }
        return resolved;
    }

    private static string[] Parts(string path) => [.. path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(static p => p != ".")];
}
