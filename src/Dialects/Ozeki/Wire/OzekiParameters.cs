using System.Globalization;
using System.Text;

namespace Switchhook.Dialects.Ozeki.Wire;

/// <summary>A request's parameters: names in any case, an empty value the same as none.</summary>
internal sealed class OzekiParameters
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value, or null when it is missing or empty.</summary>
    public string? this[string name] => _fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The body first: it wins over the query string.</summary>
    /// <returns>Null, or why the request cannot be read.</returns>
    public static string? Read(ReadOnlySpan<byte> body, string? query, out OzekiParameters parameters)
    {
        parameters = new OzekiParameters();
        if (!OzekiForm.TryRead(body, parameters._fields, out var reason))
            return reason;
        return OzekiForm.TryRead(Encoding.UTF8.GetBytes((query ?? "").TrimStart('?')), parameters._fields, out reason) ? null : reason;
    }

    /// <summary>Fields that are at hand.</summary>
    public static OzekiParameters Of(IReadOnlyDictionary<string, string> fields)
    {
        var parameters = new OzekiParameters();
        foreach (var (name, value) in fields)
            parameters._fields.TryAdd(name, value);
        return parameters;
    }

    /// <summary>A whole number within bounds; <paramref name="value"/> is the default when it is missing. False when it is something else.</summary>
    public bool TryInt(string name, int min, int max, int otherwise, out int value)
    {
        value = otherwise;
        if (this[name] is not { } text)
            return true;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
    }

    /// <summary>An absolute http or https address, or null when it is missing. False when it is something else.</summary>
    public bool TryUrl(string name, out string? url)
    {
        url = this[name];
        return url is null || OzekiUrl.IsAbsolute(url);
    }

    /// <summary>A text of one line and bounded length, or null when it is missing. False when it is something else.</summary>
    public bool TryLine(string name, out string? line)
    {
        line = this[name];
        return IsLine(line);
    }

    /// <summary>True for a text of one line and bounded length, and for none.</summary>
    public static bool IsLine(string? text) => text is null || (text.Length <= 128 && !text.Any(char.IsControl));
}

/// <summary>Addresses of customers' servers.</summary>
internal static class OzekiUrl
{
    public static bool IsAbsolute(string url) =>
        url.Length <= 4096 && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    /// <summary>The address, against a base when it is relative; null when that gives no http or https address.</summary>
    public static string? Resolve(string url, string? against)
    {
        if (OzekiUrl.IsAbsolute(url))
            return url;
        return against is not null && Uri.TryCreate(against, UriKind.Absolute, out var root) && Uri.TryCreate(root, url, out var resolved)
            && IsAbsolute(resolved.AbsoluteUri) ? resolved.AbsoluteUri : null;
    }
}
