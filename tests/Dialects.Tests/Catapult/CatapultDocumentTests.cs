using System.Text.RegularExpressions;
using Switchhook.Dialects.Catapult.Accounts;
using Switchhook.Dialects.Catapult.Applications;
using Switchhook.Dialects.Catapult.Calls;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>docs/dialects/catapult.md names the test behind every line; the tests must be there, and the operations in it.</summary>
public class CatapultDocumentTests
{
    private static readonly string[] Folders = ["tests/Dialects.Tests/Catapult", "tests/Server.Tests/Catapult", "tests/Storage.Tests/Files"];

    [Fact]
    public void Every_test_the_document_names_exists()
    {
        var sources = Folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root(), f), "*.cs", SearchOption.AllDirectories))
            .GroupBy(static f => Path.GetFileNameWithoutExtension(f)).ToDictionary(static g => g.Key, static g => string.Concat(g.Select(File.ReadAllText)));
        var named = Regex.Matches(Document(), @"`(\w+Tests)\.(\w+)`").Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value)).ToList();

        var missing = named.Where(n => !sources.TryGetValue(n.Class, out var source) || !source.Contains($" {n.Method}(", StringComparison.Ordinal));

        Assert.NotEmpty(named);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_operation_on_calls_applications_and_the_account_is_in_the_document()
    {
        var document = Document();

        var missing = CatapultCalls.Operations.Concat(CatapultApplications.Operations).Concat(CatapultAccount.Operations).Select(o => $"{o.Method} {(o.Path.Length > 0 ? o.Path : "users/{userId}")}").Where(o => !document.Contains($"`{o}`", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    private static string Document() => File.ReadAllText(Path.Combine(Root(), "docs", "dialects", "catapult.md"));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
                return folder.FullName;
        }
        throw new FileNotFoundException("The repository's root was not found above the tests.");
    }
}
