using System.Text.RegularExpressions;

namespace Switchhook.Architecture.Tests;

/// <summary>Documents that point at each other keep pointing at something.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_link_between_documents_leads_somewhere()
    {
        var documents = System.IO.Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(System.IO.Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories));

        var broken =
            from document in documents
            from Match link in Link().Matches(File.ReadAllText(document))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            let path = Path.GetFullPath(target, Path.GetDirectoryName(document)!)
            where !File.Exists(path) && !System.IO.Directory.Exists(path)
            select $"{Path.GetRelativePath(Repository.Root, document)}: {link.Value}";

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData("check")]
    [InlineData("check.sh")]
    [InlineData(".ci/run")]
    public void A_script_a_stranger_runs_begins_with_its_interpreter(string script)
    {
        var first = File.ReadLines(Path.Combine(Repository.Root, script)).First();

        Assert.Equal("#!/usr/bin/env bash", first);
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
