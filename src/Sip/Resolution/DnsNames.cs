using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Switchhook.Sip.Resolution;

/// <summary>Names as text: lower case, without the last dot (RFC 1035 §2.3, RFC 4343).</summary>
public static class DnsNames
{
    /// <summary>A label has at most 63 octets.</summary>
    internal const int LongestLabel = 63;

    /// <summary>A name on the wire has at most 255 octets, which leaves 253 characters of text.</summary>
    internal const int LongestText = 253;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>
    /// The name in the form questions use. False for what no host or service is called: an empty label, one over 63 characters, a name
    /// over 253, or a character other than letters, digits, hyphen and underscore.
    /// </summary>
    public static bool TryNormalize(string name, [NotNullWhen(true)] out string? normal)
    {
        normal = null;
        var text = name.EndsWith('.') ? name.AsSpan(0, name.Length - 1) : name;
        if (text.Length is 0 or > LongestText) return false;
        foreach (var label in text.Split('.'))
        {
            var length = text[label].Length;
            if (length is 0 or > LongestLabel || text[label].ContainsAnyExcept(Allowed)) return false;
        }

        normal = text.Length == name.Length ? name.ToLowerInvariant() : text.ToString().ToLowerInvariant();
        return true;
    }
}
