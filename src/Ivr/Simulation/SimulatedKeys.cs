using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Switchhook.Ivr.Simulation;

/// <summary>Keys and times as people write them: <c>1@2s 42#@4.5s</c>.</summary>
public static class SimulatedKeys
{
    private const string Known = "0123456789*#ABCD";

    /// <summary>What lies between keys that are written together.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(200);

    /// <summary>Reads presses separated by blanks; false with the word that is none. They need not be in order.</summary>
    public static bool TryParse(string text, out ImmutableArray<SimulatedKey> keys, [NotNullWhen(false)] out string? wrong)
    {
        var read = new List<SimulatedKey>();
        keys = [];
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var at = word.IndexOf('@', StringComparison.Ordinal);
            wrong = word;
            if (at < 1 || !TryTime(word[(at + 1)..], out var time))
                return false;
            foreach (var c in word[..at].ToUpperInvariant())
            {
                if (!Known.Contains(c, StringComparison.Ordinal))
                    return false;
                read.Add(new SimulatedKey(c, time));
                time += Apart;
            }
        }
        keys = [.. read.OrderBy(k => k.At)];
        wrong = null;
        return true;
    }

    /// <summary>Reads <c>9s</c>, <c>2.5s</c>, <c>300ms</c> or <c>2m</c>, up to a day.</summary>
    public static bool TryTime(string text, out TimeSpan time)
    {
        time = default;
        var (unit, figures) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (0.001, text[..^2]),
            _ when text.EndsWith('s') => (1, text[..^1]),
            _ when text.EndsWith('m') => (60, text[..^1]),
            _ => (0d, ""),
        };
        if (!double.TryParse(figures, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var figure) || figure * unit > 86_400)
            return false;
        time = TimeSpan.FromMilliseconds(Math.Round(figure * unit * 1000));
        return true;
    }
}
