using System.Text;

namespace Switchhook.Storage;

/// <summary>Text that any database takes: PostgreSQL keeps no NUL and only well-formed UTF-8.</summary>
internal static class StoredText
{
    /// <summary>The text with each NUL and each half of a surrogate pair replaced by U+FFFD; nearly always the text itself.</summary>
    public static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || char.IsSurrogate(text[i]))
                return Rewrite(text);
        }
        return text;
    }

    private static string Rewrite(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return clean.ToString();
    }
}
