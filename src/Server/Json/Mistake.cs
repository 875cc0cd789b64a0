namespace Switchhook.Server.Json;

/// <summary>One mistake in something a person wrote, with all that is needed to find it.</summary>
/// <param name="Source">The file, variable or argument.</param>
/// <param name="Line">From 1; 0 where lines mean nothing.</param>
/// <param name="Key">The key, as <c>Sip:Listen</c> or <c>extensions[2].number</c>; empty when the document itself cannot be read.</param>
internal sealed record Mistake(string Source, int Line, string Key, string Message)
{
    /// <summary><c>FILE:LINE: KEY: MESSAGE</c>, without what there is none of.</summary>
    public override string ToString() =>
        $"{Source}{(Line > 0 ? $":{Line}" : "")}: {(Key.Length > 0 ? $"{Key}: " : "")}{Message}";
}
