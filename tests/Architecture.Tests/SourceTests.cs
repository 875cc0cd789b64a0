using System.Text.RegularExpressions;

namespace Switchhook.Architecture.Tests;

/// <summary>Habits of the source tree that a machine can hold us to.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 400;
    private static readonly string[] BannedFolders = ["Utils", "Util", "Helpers", "Helper", "Common", "Manager", "Managers", "Misc", "Shared"];

    [Fact]
    public void No_folder_has_a_name_that_says_nothing()
    {
        var banned = Repository.FoldersBelow("src").Concat(Repository.FoldersBelow("tests"))
            .Where(f => BannedFolders.Contains(Path.GetFileName(f), StringComparer.OrdinalIgnoreCase));

        Assert.Empty(banned);
    }

    /// <summary>A long file gives its reason in a comment among its first lines: <c>// One file because …</c></summary>
    [Fact]
    public void No_file_is_long_without_a_reason()
    {
        var tooLong =
            from file in Repository.CodeBelow("src").Concat(Repository.CodeBelow("tests"))
            let lines = File.ReadAllLines(Path.Combine(Repository.Root, file))
            where lines.Length > MostLines && !lines.Take(20).Any(l => l.TrimStart().StartsWith("// One file because ", StringComparison.Ordinal))
            select $"{file}: {lines.Length} lines";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Namespaces_are_file_scoped_and_match_folders()
    {
        var wrong =
            from file in Repository.CodeBelow("src")
            let expected = "Switchhook." + Path.GetDirectoryName(file)!.Replace('\\', '/')["src/".Length..].Replace('/', '.')
            let declared = File.ReadLines(Path.Combine(Repository.Root, file)).FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))
            where declared is not null && declared != $"namespace {expected};"
            select $"{file}: {declared}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_region_and_no_task_left_behind_stands_in_the_code()
    {
        var left =
            from file in Repository.CodeBelow("src").Concat(Repository.CodeBelow("tests"))
            where !file.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal)
            from line in File.ReadLines(Path.Combine(Repository.Root, file))
            where LeftBehind().IsMatch(line)
            select $"{file}: {line.Trim()}";

        Assert.Empty(left);
    }

    /// <summary>Waiting without end for a cancellation is no sleep.</summary>
    [Fact]
    public void No_test_is_skipped_and_none_sleeps()
    {
        var idle =
            from file in Repository.CodeBelow("tests")
            where !file.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal)
            from line in Repository.CodeLines(file)
            where Idle().IsMatch(line)
            select $"{file}: {line.Trim()}";

        Assert.Empty(idle);
    }

    [GeneratedRegex(@"^\s*#region|//\s*(TODO|FIXME|HACK)\b|NotImplementedException", RegexOptions.IgnoreCase)]
    private static partial Regex LeftBehind();

    [GeneratedRegex(@"\bSkip\s*=|Thread\.Sleep|Task\.Delay\((?!Timeout\.Infinite)")]
    private static partial Regex Idle();
}
