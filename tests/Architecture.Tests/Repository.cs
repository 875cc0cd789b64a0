namespace Switchhook.Architecture.Tests;

/// <summary>The source tree the tests look at.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Projects below src, by name.</summary>
    public static IEnumerable<string> SourceProjects() =>
        System.IO.Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(IsNotBuilt)
            .Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal);

    public static string ProjectFile(string project) => Path.Combine(Root, "src", project, $"{project}.csproj");

    /// <summary>C# files below a folder of the repository, relative to the root, without what the build wrote.</summary>
    public static IEnumerable<string> CodeBelow(string folder)
    {
        var path = Path.Combine(Root, folder);
        return !System.IO.Directory.Exists(path) ? [] : System.IO.Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
            .Where(IsNotBuilt)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
    }

    public static IEnumerable<string> FoldersBelow(string folder) =>
        System.IO.Directory.EnumerateDirectories(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(d => IsNotBuilt(d + "/"))
            .Select(d => Path.GetRelativePath(Root, d).Replace('\\', '/'));

    /// <summary>A file's lines with comments and the contents of plain string literals taken out.</summary>
    public static IEnumerable<string> CodeLines(string file) => File.ReadLines(Path.Combine(Root, file)).Select(WithoutCommentsAndText);

    private static string WithoutCommentsAndText(string line)
    {
        var code = new System.Text.StringBuilder(line.Length);
        var inText = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (inText && c == '\\')
            {
                i++;
                continue;
            }
            if (c == '"')
                inText = !inText;
            else if (!inText && c == '/' && i + 1 < line.Length && line[i + 1] == '/')
                break;
            else if (!inText)
                code.Append(c);
        }
        return code.ToString();
    }

    private static bool IsNotBuilt(string path)
    {
        var p = path.Replace('\\', '/');
        return !p.Contains("/bin/", StringComparison.Ordinal) && !p.Contains("/obj/", StringComparison.Ordinal)
            && !p.Contains("/node_modules/", StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException("Switchhook.slnx is in no folder above the tests.");
    }
}
