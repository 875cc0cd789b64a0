using System.Buffers;
using System.Text;

namespace Switchhook.Exchange.Routing;

/// <summary>Numbers in the user part of a SIP URI (RFC 3261 §19.1.2, §25.1).</summary>
internal static class SipNumbers
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,;?/");

    /// <summary>The number with everything a user part may not hold percent-escaped.</summary>
    public static string Escape(string number)
    {
        if (!number.AsSpan().ContainsAnyExcept(Plain))
            return number;
        var escaped = new StringBuilder();
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in number.EnumerateRunes())
        {
            if (rune.IsBmp && Plain.Contains((char)rune.Value))
            {
                escaped.Append((char)rune.Value);
                continue;
            }
            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                escaped.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return escaped.ToString();
    }
}
