namespace Switchhook.Server.Json;

/// <summary>Finds what somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>A sentence that names the nearest known name, or lists them when there are few and none is near.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> known)
    {
        var nearest = Of(name, known);
        return nearest is null ? "" : $"; the nearest known one is {nearest}";
    }

    /// <summary>The known name with the smallest edit distance, letter case aside; null when nothing is known.</summary>
    public static string? Of(string name, IEnumerable<string> known) =>
        known.MinBy(k => (Distance(name.ToLowerInvariant(), k.ToLowerInvariant()), k.Length));

    /// <summary>Levenshtein distance, where exchanging two neighbours counts as one step.</summary>
    public static int Distance(string a, string b)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[b.Length];
    }
}
