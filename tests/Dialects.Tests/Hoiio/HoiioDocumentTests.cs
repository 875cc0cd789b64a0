using System.Reflection;
using System.Text.RegularExpressions;
using Switchhook.Dialects.Hoiio;
using Switchhook.Dialects.Hoiio.Notifications;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>docs/dialects/hoiio.md names the test behind every line; the tests must be there, and every endpoint, status and block in it.</summary>
public sealed class HoiioDocumentTests
{
    [Fact]
    public void Every_test_the_document_names_exists()
    {
        var named = Regex.Matches(Document(), @"`(Hoiio\w+Tests)\.(\w+)`").Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value)).ToList();
        var whole = string.Concat(Directory.GetFiles(Path.Combine(Root(), "tests", "Server.Tests", "Hoiio"), "*.cs").Select(File.ReadAllText));

        var missing = named.Where(n => GetType().Assembly.GetType($"{GetType().Namespace}.{n.Class}") is { } type
            ? type.GetMethod(n.Method, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is null
            : !whole.Contains($"class {n.Class}", StringComparison.Ordinal) || !whole.Contains($" {n.Method}(", StringComparison.Ordinal));

        Assert.NotEmpty(named);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_endpoint_status_and_block_is_in_the_document()
    {
        var document = Document();
        var statuses = typeof(HoiioStatus).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!);

        var missing = HoiioPath.All.Select(e => e.Path).Concat(statuses).Concat(Enum.GetValues<HoiioBlockKind>().Select(HoiioParameters.WordOf))
            .Where(word => !document.Contains($"`{word}`", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    internal static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
                return folder.FullName;
        }
        throw new FileNotFoundException("The repository's root was not found above the tests.");
    }

    private static string Document() => File.ReadAllText(Path.Combine(Root(), "docs", "dialects", "hoiio.md"));
}
