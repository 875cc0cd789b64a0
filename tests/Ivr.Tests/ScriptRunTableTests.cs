using System.Runtime.CompilerServices;

namespace Switchhook.Ivr.Tests;

/// <summary>docs/machines/script.md says what the machine does. UPDATE_DOCS=1 writes its tables anew.</summary>
public class ScriptRunTableTests
{
    [Fact]
    public void The_tables_stand_in_the_document()
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "../../docs/machines/script.md");
        var expected = File.ReadAllText(path);

        var actual = Replace(Replace(expected, "transitions", ScriptTable.Transitions()), "verbs", ScriptTable.VerbTable());

        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, actual);
        else
            Assert.Equal(expected, actual);
    }

    [Fact]
    public void Pairs_outside_the_table_change_nothing_and_say_so()
    {
        var pairs = from s in ScriptTable.States from i in ScriptTable.Inputs select (s.Run, i.Input);

        var ignored = pairs.Select(p => (p.Run, Step: p.Run.On(p.Input))).Where(p => p.Step.Ignored).ToList();

        Assert.NotEmpty(ignored);
        Assert.All(ignored, p => Assert.Same(p.Run, p.Step.Next));
        Assert.All(ignored, p => Assert.Empty(p.Step.Effects));
    }

    private static string Here([CallerFilePath] string path = "") => path;

    private static string Replace(string document, string name, string table)
    {
        var (begin, end) = ($"<!-- {name} -->\n", $"<!-- end of {name} -->");
        var (from, to) = (document.IndexOf(begin, StringComparison.Ordinal) + begin.Length, document.IndexOf(end, StringComparison.Ordinal));
        return $"{document[..from]}{table}{document[to..]}";
    }
}
