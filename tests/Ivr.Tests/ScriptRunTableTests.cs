namespace Switchhook.Ivr.Tests;

public class ScriptRunTableTests
{
    [Fact]
    public void Every_state_meets_every_input_as_the_document_says()
    {
        var document = Document();

        var table = ScriptTable.Transitions();

        Assert.True(document.Contains("\n\n" + table + "\n", StringComparison.Ordinal), "docs/machines/script.md should have:\n\n" + table);
    }

    [Fact]
    public void Every_verb_does_what_the_document_says()
    {
        var document = Document();

        var table = ScriptTable.VerbTable();

        Assert.True(document.Contains("\n\n" + table + "\n", StringComparison.Ordinal), "docs/machines/script.md should have:\n\n" + table);
    }

    [Fact]
    public void Pairs_outside_the_table_change_nothing_and_say_so()
    {
        var pairs = from s in ScriptTable.States from i in ScriptTable.Inputs select (Run: ScriptTable.In(s.State), i.Input);

        var ignored = pairs.Select(p => (p.Run, Step: p.Run.On(p.Input))).Where(p => p.Step.Ignored).ToList();

        Assert.NotEmpty(ignored);
        Assert.All(ignored, p => Assert.Same(p.Run, p.Step.Next));
        Assert.All(ignored, p => Assert.Empty(p.Step.Effects));
    }

    private static string Document()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
                return File.ReadAllText(Path.Combine(folder.FullName, "docs", "machines", "script.md"));
        throw new FileNotFoundException("The repository's root was not found above the tests.");
    }
}
