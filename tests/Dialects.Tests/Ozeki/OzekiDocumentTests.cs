using System.Text.RegularExpressions;
using Switchhook.Dialects.Ozeki.Commands;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>docs/dialects/ozeki.md names the test behind every line; the tests must be there.</summary>
public class OzekiDocumentTests
{
    [Fact]
    public void Every_test_the_document_names_exists()
    {
        var named = Regex.Matches(Document(), @"`(Oz\w+Tests)\.(\w+)`").Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value)).ToList();

        var missing = named.Where(n => GetType().Assembly.GetType($"{GetType().Namespace}.{n.Class}")?.GetMethod(n.Method) is null);

        Assert.NotEmpty(named);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_command_the_dialect_knows_is_in_the_document()
    {
        var document = Document();

        var missing = OzekiCommand.All.Where(c => !Regex.IsMatch(document, $@"\b{c.Name}\b")).Select(c => c.Name);

        Assert.Empty(missing);
    }

    private static string Document()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
                return File.ReadAllText(Path.Combine(folder.FullName, "docs", "dialects", "ozeki.md"));
        throw new FileNotFoundException("The repository's root was not found above the tests.");
    }
}
