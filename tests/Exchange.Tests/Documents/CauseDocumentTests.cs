using System.Runtime.CompilerServices;

namespace Switchhook.Exchange.Tests.Documents;

public sealed class CauseDocumentTests
{
    /// <summary>UPDATE_DOCS=1 writes them anew.</summary>
    [Fact]
    public void The_tables_stand_in_the_document()
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/causes.md");
        var expected = File.ReadAllText(path);

        var actual = Replace(Replace(expected, "from SIP", CauseDocument.FromSip()), "to SIP", CauseDocument.ToSip());

        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, actual);
        else
            Assert.Equal(expected, actual);
    }

    private static string Replace(string document, string name, string table)
    {
        var (begin, end) = ($"<!-- {name} -->\n", $"<!-- end of {name} -->");
        var from = document.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = document.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"the document has no table '{name}'");
        return document[..from] + table + document[to..];
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
