using System.Diagnostics.CodeAnalysis;
using System.Text;
using Switchhook.Dialects.Encodings;

namespace Switchhook.Dialects.Ozeki.Wire;

/// <summary>application/x-www-form-urlencoded, read strictly and written with the vendor's field names.</summary>
internal static class OzekiForm
{
    public const string ContentType = "application/x-www-form-urlencoded";

    private const int MaxFields = 200;

    /// <summary>
    /// Adds the fields of a query string or body to <paramref name="fields"/>. A name that is there already keeps its value, so the source
    /// that wins is read first.
    /// </summary>
    /// <returns>False, with a reason, for a broken percent-sequence, text that is not UTF-8, or too many fields.</returns>
    public static bool TryRead(ReadOnlySpan<byte> encoded, Dictionary<string, string> fields, [NotNullWhen(false)] out string? reason)
    {
        var buffer = new byte[encoded.Length];
        foreach (var part in encoded.Split((byte)'&'))
        {
            var field = encoded[part];
            if (field.IsEmpty)
                continue;
            var equals = field.IndexOf((byte)'=');
            if (!FormText.TryDecode(equals < 0 ? field : field[..equals], buffer, out var name) ||
                !FormText.TryDecode(equals < 0 ? [] : field[(equals + 1)..], buffer, out var value))
            {
                reason = "broken encoding";
                return false;
            }
            fields.TryAdd(name, value);
            if (fields.Count > MaxFields)
            {
                reason = "too many parameters";
                return false;
            }
        }
        reason = null;
        return true;
    }

    /// <summary>A body with the fields in order; null values are left out, empty ones are sent empty.</summary>
    public static byte[] Write(params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            if (value is null)
                continue;
            text.Append(text.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal));
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
