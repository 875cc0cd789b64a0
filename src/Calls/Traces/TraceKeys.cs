namespace Switchhook.Calls.Traces;

/// <summary>Keys as they stand in traces that do not show them: a question mark for each.</summary>
public static class TraceKeys
{
    /// <summary>In place of a character that might be a key.</summary>
    public const char Mask = '?';

    /// <summary>So many keys and not which.</summary>
    public static string Hide(string keys) => new(Mask, keys.Length);

    /// <summary>A webhook's body without the keys it tells: the member <c>digits</c> of a JSON document, the field <c>DtmfDigits</c> of a form.</summary>
    public static string HideInBody(string body)
    {
        var hidden = body.ToCharArray();
        HideBehind(body, hidden, "\"digits\"", inQuotes: true);
        HideBehind(body, hidden, "DtmfDigits=", inQuotes: false);
        return new string(hidden);
    }

    private static void HideBehind(string body, char[] hidden, string name, bool inQuotes)
    {
        for (var at = body.IndexOf(name, StringComparison.Ordinal); at >= 0; at = body.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            var from = at + name.Length;
            if (inQuotes)
            {
                while (from < body.Length && body[from] is ':' or ' ')
                    from++;
                // A member without a value has nothing to hide.
                if (from >= body.Length || body[from++] != '"')
                    continue;
            }
            for (var i = from; i < body.Length && body[i] is not ('"' or '&'); i++)
                hidden[i] = Mask;
        }
    }
}
