using System.Buffers;

namespace Switchhook.Exchange.Routing;

/// <summary>
/// A dialing pattern: <c>X</c> 0–9, <c>Z</c> 1–9, <c>N</c> 2–9, <c>[1-4]</c> a set, <c>.</c> one or more of anything, <c>!</c> zero or more of
/// anything; everything else stands for itself.
/// </summary>
internal static class DialPattern
{
    private static readonly SearchValues<char> Symbols = SearchValues.Create("XxZzNn[.!");

    /// <summary>True when the whole number fits.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> number)
    {
        while (pattern.Length > 0)
        {
            if (pattern[0] == '.')
                return number.Length > 0;
            if (pattern[0] == '!')
                return true;
            if (number.Length == 0 || !TakeOne(ref pattern, number[0]))
                return false;
            number = number[1..];
        }
        return number.Length == 0;
    }

    /// <summary>How many characters stand for themselves before the first that does not: the longer one wins among patterns that match.</summary>
    public static int LiteralPrefix(ReadOnlySpan<char> pattern)
    {
        var end = pattern.IndexOfAny(Symbols);
        return end < 0 ? pattern.Length : end;
    }

    /// <summary>Null when the pattern can be used, else what is wrong with it.</summary>
    public static string? Mistake(string pattern)
    {
        if (pattern.Length == 0)
            return "a pattern may not be empty";
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is '.' or '!' && i + 1 < pattern.Length)
                return $"'{pattern[i]}' must be the last character";
            if (pattern[i] != '[')
                continue;
            var close = pattern.IndexOf(']', i);
            if (close <= i + 1)
                return "'[' needs a set and a ']' behind it";
            if (BackwardRange(pattern.AsSpan(i + 1, close - i - 1)) is { } range)
                return $"the range '{range}' runs backwards and fits nothing";
            i = close;
        }
        return null;
    }

    private static bool TakeOne(ref ReadOnlySpan<char> pattern, char digit)
    {
        var symbol = pattern[0];
        if (symbol == '[')
        {
            var close = pattern.IndexOf(']');
            if (close < 0)
                return false;
            var set = pattern[1..close];
            pattern = pattern[(close + 1)..];
            return InSet(set, digit);
        }
        pattern = pattern[1..];
        return symbol switch
        {
            'X' or 'x' => digit is >= '0' and <= '9',
            'Z' or 'z' => digit is >= '1' and <= '9',
            'N' or 'n' => digit is >= '2' and <= '9',
            _ => symbol == digit,
        };
    }

    private static string? BackwardRange(ReadOnlySpan<char> set)
    {
        for (var i = 0; i + 2 < set.Length; i++)
        {
            if (set[i + 1] != '-')
                continue;
            if (set[i] > set[i + 2])
                return set.Slice(i, 3).ToString();
            i += 2;
        }
        return null;
    }

    private static bool InSet(ReadOnlySpan<char> set, char digit)
    {
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (digit >= set[i] && digit <= set[i + 2])
                    return true;
                i += 2;
            }
            else if (set[i] == digit)
                return true;
        }
        return false;
    }
}
