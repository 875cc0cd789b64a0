using System.Text;
using System.Text.Unicode;

namespace Switchhook.Dialects.Encodings;

/// <summary>Names and values of application/x-www-form-urlencoded, read strictly.</summary>
internal static class FormText
{
    /// <summary>The text of a name or value.</summary>
    /// <param name="encoded">As it came.</param>
    /// <param name="buffer">Room for as many octets.</param>
    /// <param name="text">Empty on failure.</param>
    /// <returns>False for a broken percent-sequence, or octets that are not UTF-8.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> buffer, out string text)
    {
        text = "";
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
