using System.Text.RegularExpressions;

namespace Switchhook.Architecture.Tests;

/// <summary>A dialect is a folder that knows nothing of its neighbours.</summary>
public sealed class DialectTests
{
    /// <summary>What several dialects write the same way; it knows none of them.</summary>
    private const string ForAll = "Encodings";

    [Fact]
    public void No_dialect_refers_to_another()
    {
        var dialects = Repository.FoldersBelow("src/Dialects").Where(f => f.Count(c => c == '/') == 2).Select(f => Path.GetFileName(f)!).ToArray();

        var references =
            from dialect in dialects
            from other in dialects
            where other != dialect && other != ForAll
            let mention = new Regex($@"Dialects\.{other}(?!\w)|(?<![\w.]){other}\.[A-Z]")
            from file in Repository.CodeBelow($"src/Dialects/{dialect}")
            from line in Repository.CodeLines(file)
            where mention.IsMatch(line)
            select $"{file}: {line.Trim()}";

        Assert.Empty(references);
    }

    [Fact]
    public void Every_dialect_keeps_its_types_in_a_namespace_of_its_own()
    {
        var loose = Repository.CodeBelow("src/Dialects").Where(f => f.Count(c => c == '/') == 2);

        Assert.Empty(loose);
    }
}
