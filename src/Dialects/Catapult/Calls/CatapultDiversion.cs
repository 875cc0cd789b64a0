using System.Collections.Immutable;
using System.Text.Json;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>The SIP header Diversion (RFC 5806) as events tell it, and as a transfer hands it on.</summary>
internal static class CatapultDiversion
{
    public const string Header = "Diversion";

    /// <summary>The topmost entry of a header as an object of texts.</summary>
    public static string? Describe(string header)
    {
        var (address, rest) = Split(Entry(header));
        if (address.Length == 0)
            return null;
        Dictionary<string, string> members = new(StringComparer.Ordinal);
        foreach (var parameter in rest.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                members[parameter[..equals].Trim()] = parameter[(equals + 1)..].Trim().Trim('"');
        }
        members["origTo"] = members.GetValueOrDefault("privacy") is "full" ? "Anonymous" : User(address);
        return JsonSerializer.Serialize(members, CatapultTexts.Default.DictionaryStringString);
    }

    /// <summary>The header of a new leg: none, the caller's own, or that with one more for the number that was dialled.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> For(CatapultCall call, string? treatment, string? reason, string host)
    {
        var before = call[CatapultDetail.DiversionHeader];
        var own = $"<sip:{Uri.EscapeDataString(call.To).Replace("%2B", "+", StringComparison.Ordinal)}@{host}>;reason={reason ?? "unknown"};counter=1";
        return treatment switch
        {
            "propagate" when before is not null => [new(Header, before)],
            "stack" => [new(Header, before is null ? own : $"{own}, {before}")],
            // The caller's own would go on to a trunk by itself.
            _ => [new(Header, "")],
        };
    }

    /// <summary>Up to the first comma that stands in neither brackets nor quotes.</summary>
    private static string Entry(string header)
    {
        var (quoted, bracketed) = (false, false);
        for (var i = 0; i < header.Length; i++)
        {
            switch (header[i])
            {
                case '"': quoted = !quoted; break;
                case '<' when !quoted: bracketed = true; break;
                case '>' when !quoted: bracketed = false; break;
                case ',' when !quoted && !bracketed: return header[..i];
            }
        }
        return header;
    }

    private static (string Address, string Parameters) Split(string entry)
    {
        var (open, close) = (entry.IndexOf('<', StringComparison.Ordinal), entry.IndexOf('>', StringComparison.Ordinal));
        if (open >= 0 && close > open)
            return (entry[(open + 1)..close], entry[(close + 1)..]);
        var end = entry.IndexOf(';', StringComparison.Ordinal);
        return end < 0 ? (entry.Trim(), "") : (entry[..end].Trim(), entry[end..]);
    }

    private static string User(string address)
    {
        var from = address.IndexOf(':', StringComparison.Ordinal) + 1;
        var to = address.IndexOf('@', StringComparison.Ordinal);
        return Uri.UnescapeDataString(to > from ? address[from..to] : address[from..]);
    }
}
