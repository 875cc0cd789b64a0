using System.Buffers;
using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Routing;

/// <summary>Numbers in the user part of a SIP URI (RFC 3261 §19.1.2, §25.1).</summary>
internal static class SipNumbers
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,;?/");

    /// <summary>
    /// The number a URI names: without what is for the eye in a tel URI (RFC 3966 §3), without the parameters of a telephone number in the user
    /// part of a SIP one: <c>+3612345678;phone-context=…</c> (RFC 3261 §19.1.6).
    /// </summary>
    public static string Of(in SipUri uri)
    {
        var user = uri.UserText;
        if (uri.Scheme == SipScheme.Tel)
            return WithoutSeparators(user);
        return user.IndexOf(';', StringComparison.Ordinal) is > 0 and var end ? user[..end] : user;
    }

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

    private static string WithoutSeparators(string number)
    {
        var text = new StringBuilder(number.Length);
        foreach (var c in number)
        {
            if (c is not ('-' or '.' or '(' or ')'))
                text.Append(c);
        }
        return text.ToString();
    }
}
