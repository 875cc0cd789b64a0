using System.Globalization;

namespace Switchhook.Server.Native;

/// <summary>Reads the parameters of lists, and writes the address of the next page.</summary>
internal static class QueryWords
{
    public const int LastPage = 1_000_000;

    /// <summary>One of several words; null when left out.</summary>
    public static string? Word(string name, string? text, string[] words, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(text) || words.Contains(text))
            return string.IsNullOrEmpty(text) ? null : text;
        mistakes.Add($"{name}: must be one of {string.Join(", ", words)}, not '{text}'");
        return null;
    }

    /// <summary>A whole number within bounds.</summary>
    public static int Number(string name, string? text, int byDefault, int least, int most, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(text))
            return byDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        mistakes.Add($"{name}: must be a whole number from {least} to {most}, not '{text}'");
        return byDefault;
    }

    /// <summary>The same address with another page.</summary>
    public static string NextPage(HttpContext context, int page)
    {
        var kept = context.Request.Query.Where(q => q.Key != "page").Append(new("page", page.ToString(CultureInfo.InvariantCulture)));
        return $"{context.Request.Path}{QueryString.Create(kept)}";
    }
}
