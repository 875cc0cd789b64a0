using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

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
            if (!TryDecode(equals < 0 ? field : field[..equals], buffer, out var name) ||
                !TryDecode(equals < 0 ? [] : field[(equals + 1)..], buffer, out var value))
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

    private static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> buffer, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var b = encoded[i];
            if (b == '%')
            {
                if (i + 2 >= encoded.Length || !TryHex(encoded[i + 1], out var high) || !TryHex(encoded[i + 2], out var low))
                    return false;
                b = (byte)((high << 4) | low);
                i += 2;
            }
            else if (b == '+')
            {
                b = (byte)' ';
            }
            buffer[length++] = b;
        }
        if (!Utf8.IsValid(buffer[..length]))
            return false;
        text = Encoding.UTF8.GetString(buffer[..length]);
        return true;
    }

    private static bool TryHex(byte digit, out int value)
    {
        value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
            _ => -1,
        };
        return value >= 0;
    }
}
