using System.Globalization;
using System.Text.Json;
using Switchhook.Server.Json;

namespace Switchhook.Server.Cli;

/// <summary>
/// Picks calls by what the native API shows of them: conditions joined by commas or <c>and</c>, all of which must hold, such as
/// <c>state=talking, age&gt;60s, number=811</c>.
/// </summary>
internal sealed class CallFilter
{
    public const string Explanation = """
        EXPR is one or more conditions, joined by commas or "and"; all must hold. A condition is FIELD OPERATOR VALUE:
          id, state, from, dialed, by, tag, dialect, account   of the call
          cause                                                name or number
          number, extension, trunk                             of any of its legs
          age                                                  since its beginning: 90, 90s, 5m, 2h
        Operators: = and != for every field, ~ (contains) for texts, < > <= >= for age. Values with blanks, commas or operators go
        in double quotes. Example: 'state=talking and age>60s and number=811'
        """;

    private static readonly string[] Fields =
        ["id", "state", "from", "dialed", "by", "tag", "dialect", "account", "cause", "number", "extension", "trunk", "age"];

    /// <summary>The longer ones first, so that they are not read as the shorter.</summary>
    private static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">", "~"];

    private readonly IReadOnlyList<Condition> _conditions;

    private CallFilter(IReadOnlyList<Condition> conditions) => _conditions = conditions;

    /// <summary>Reads an expression; null with a sentence about the first mistake.</summary>
    public static CallFilter? Read(string text, out string? mistake)
    {
        var conditions = new List<Condition>();
        mistake = null;
        var rest = text.AsSpan().Trim();
        while (mistake is null)
        {
            var condition = ReadCondition(ref rest, out mistake);
            if (condition is not null)
                conditions.Add(condition);
            rest = rest.TrimStart();
            if (rest.IsEmpty || mistake is not null)
                break;
            if (rest[0] == ',')
                rest = rest[1..].TrimStart();
            else if (rest.StartsWith("and ", StringComparison.OrdinalIgnoreCase))
                rest = rest[4..].TrimStart();
            else
                mistake = $"a comma or 'and' is expected before '{rest}'";
        }
        return mistake is null ? new CallFilter(conditions) : null;
    }

    /// <summary>True when a call as the native API shows it meets every condition.</summary>
    public bool Fits(JsonElement call, DateTimeOffset now) => _conditions.All(c => c.Holds(call, now));

    private static Condition? ReadCondition(ref ReadOnlySpan<char> rest, out string? mistake)
    {
        var name = TakeWhile(ref rest, char.IsAsciiLetter);
        rest = rest.TrimStart();
        var op = "";
        foreach (var candidate in Operators)
        {
            if (!rest.StartsWith(candidate, StringComparison.Ordinal))
                continue;
            op = candidate;
            break;
        }
        if (name.Length == 0 || op.Length == 0)
        {
            mistake = $"a condition such as state=talking is expected at '{name}{rest}'";
            return null;
        }
        rest = rest[op.Length..].TrimStart();
        var value = TakeValue(ref rest);
        mistake = MistakeIn(name, op, value, out var age);
        return mistake is null ? new Condition(name, op, value, age) : null;
    }

    private static string? MistakeIn(string name, string op, string? value, out TimeSpan age)
    {
        age = default;
        if (!Fields.Contains(name))
            return $"'{name}' is not a field{NearestName.Hint(name, Fields)}";
        if (value is null)
            return $"a value is expected after {name}{op}";
        if (name == "age")
            return op == "~" ? "age cannot be compared with ~" : TryAge(value, out age) ? null : $"'{value}' is not an age such as 90s, 5m or 2h";
        return op is "=" or "!=" or "~" ? null : $"{name} can be compared with =, != and ~ only";
    }

    private static bool TryAge(string text, out TimeSpan age)
    {
        var (digits, unit) = text switch
        {
            [.., 's'] => (text[..^1], 1),
            [.., 'm'] => (text[..^1], 60),
            [.., 'h'] => (text[..^1], 3600),
            _ => (text, 1),
        };
        var fine = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        age = TimeSpan.FromSeconds((double)number * unit);
        return fine;
    }

    private static string? TakeValue(ref ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("\"", StringComparison.Ordinal))
            return TakeWhile(ref rest, c => !char.IsWhiteSpace(c) && c != ',') is { Length: > 0 } word ? word : null;
        var end = rest[1..].IndexOf('"');
        if (end < 0)
            return null;
        var value = rest.Slice(1, end).ToString();
        rest = rest[(end + 2)..];
        return value;
    }

    private static string TakeWhile(ref ReadOnlySpan<char> rest, Func<char, bool> belongs)
    {
        var length = 0;
        while (length < rest.Length && belongs(rest[length]))
            length++;
        var taken = rest[..length].ToString();
        rest = rest[length..];
        return taken;
    }

    private sealed record Condition(string Field, string Operator, string? Value, TimeSpan Age)
    {
        public bool Holds(JsonElement call, DateTimeOffset now)
        {
            if (Field == "age")
                return Compares((now - call.GetProperty("startedAt").GetDateTimeOffset()).CompareTo(Age));
            var found = ValuesIn(call).Any(v => v is not null && (Operator == "~"
                ? v.Contains(Value!, StringComparison.OrdinalIgnoreCase) : v.Equals(Value, StringComparison.OrdinalIgnoreCase)));
            return Operator == "!=" ? !found : found;
        }

        private bool Compares(int order) => Operator switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        };

        private IEnumerable<string?> ValuesIn(JsonElement call) => Field switch
        {
            "from" => [Text(call.GetProperty("caller"), "number")],
            "dialect" or "account" => [Text(call.GetProperty("origin"), Field)],
            "cause" => [Text(call, "cause"), Text(call, "causeName")],
            "number" => call.GetProperty("legs").EnumerateArray().Select(l => Text(l.GetProperty("party"), "number")),
            "extension" or "trunk" => call.GetProperty("legs").EnumerateArray().Select(l => Text(l, Field)),
            _ => [Text(call, Field)],
        };

        private static string? Text(JsonElement json, string name) =>
            json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;
    }
}
