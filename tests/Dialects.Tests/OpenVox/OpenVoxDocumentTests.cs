using System.Globalization;
using System.Text.RegularExpressions;
using Switchhook.Dialects.OpenVox;
using Switchhook.Dialects.OpenVox.Operations;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>docs/dialects/openvox.md names the test behind every line; the tests must be there, and every operation and number in it.</summary>
public class OpenVoxDocumentTests
{
    [Fact]
    public void Every_test_the_document_names_exists()
    {
        var named = Regex.Matches(Document(), @"`(OpenVox\w+Tests)\.(\w+)`").Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value)).ToList();
        var whole = File.ReadAllText(Path.Combine(Root(), "tests", "Server.Tests", "OpenVox", "OpenVoxServerTests.cs"));

        var missing = named.Where(n => n.Class == "OpenVoxServerTests"
            ? !whole.Contains($" {n.Method}(", StringComparison.Ordinal)
            : GetType().Assembly.GetType($"{GetType().Namespace}.{n.Class}")?.GetMethod(n.Method) is null);

        Assert.NotEmpty(named);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_operation_and_every_number_is_in_the_document()
    {
        var document = Document();

        var missing = OpenVoxPath.All.Concat(Enum.GetValues<OpenVoxErrno>().Select(e => ((int)e).ToString(CultureInfo.InvariantCulture)))
            .Where(word => !document.Contains($"`{word}`", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    private static string Document() => File.ReadAllText(Path.Combine(Root(), "docs", "dialects", "openvox.md"));

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
