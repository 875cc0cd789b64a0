using System.Text;

namespace Switchhook.Sip.Messages;

/// <content>Comparison and escapes (RFC 3261 §19.1.2, §19.1.4).</content>
public readonly ref partial struct SipUri
{
    // Comparing parameters is quadratic; nobody honest has more.
    private const int MostCompared = 32;

    /// <summary>True when both URIs are equivalent by RFC 3261 §19.1.4; other schemes compare byte by byte.</summary>
    public bool IsEquivalentTo(in SipUri other)
    {
        if (Raw.SequenceEqual(other.Raw)) return true;
        if (Scheme != other.Scheme || Scheme is SipScheme.Other) return false;
        if (!SameText(UserInfo, other.UserInfo, ignoreCase: false)) return false;
        if (!SipText.EqualsIgnoreCase(Host, other.Host) || Port != other.Port) return false;
        return Covers(Params, other.Params) && Covers(other.Params, Params)
            && HeadersIn(Headers, other.Headers) && HeadersIn(other.Headers, Headers);
    }

    /// <summary>Percent escapes resolved; a broken escape stays as it is.</summary>
    public static string Decode(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'%') < 0) return Encoding.UTF8.GetString(text);
        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length;) plain[length++] = NextByte(text, ref i);
        return Encoding.UTF8.GetString(plain, 0, length);
    }

    /// <summary>Every parameter of <paramref name="these"/> agrees with the others, or may be missing there.</summary>
    private static bool Covers(SipParams these, SipParams others)
    {
        var compared = 0;
        foreach (var param in these)
        {
            if (++compared > MostCompared) return false;
            if (others.TryGet(param.Name, out var value))
            {
                if (!SameText(param.Value, value, ignoreCase: true)) return false;
            }
            else if (MustBeInBoth(param.Name))
            {
                return false;
            }
        }

        return true;
    }

    // transport is not in the RFC's list of four, but its example of URIs that differ (§19.1.4) demands it.
    private static bool MustBeInBoth(ReadOnlySpan<byte> name) =>
        SipText.EqualsIgnoreCase(name, "user"u8) || SipText.EqualsIgnoreCase(name, "ttl"u8)
        || SipText.EqualsIgnoreCase(name, "method"u8) || SipText.EqualsIgnoreCase(name, "maddr"u8)
        || SipText.EqualsIgnoreCase(name, "transport"u8);

    private static bool HeadersIn(ReadOnlySpan<byte> these, ReadOnlySpan<byte> others)
    {
        for (var compared = 0; !these.IsEmpty; compared++)
        {
            if (compared == MostCompared) return false;
            var header = TakeHeader(ref these, out var value);
            var rest = others;
            var found = false;
            while (!rest.IsEmpty && !found)
            {
                var name = TakeHeader(ref rest, out var otherValue);
                found = SameText(header, name, ignoreCase: true) && SameText(value, otherValue, ignoreCase: false);
            }

            if (!found) return false;
        }

        return true;
    }

    private static ReadOnlySpan<byte> TakeHeader(ref ReadOnlySpan<byte> headers, out ReadOnlySpan<byte> value)
    {
        var end = headers.IndexOf((byte)'&');
        var header = end < 0 ? headers : headers[..end];
        headers = end < 0 ? default : headers[(end + 1)..];
        var equals = header.IndexOf((byte)'=');
        value = equals < 0 ? default : header[(equals + 1)..];
        return equals < 0 ? header : header[..equals];
    }

    /// <summary>Compares with percent escapes resolved: <c>%61lice</c> is <c>alice</c>.</summary>
    private static bool SameText(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, bool ignoreCase)
    {
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            var x = NextByte(a, ref i);
            var y = NextByte(b, ref j);
            if (x == y) continue;
            if (!ignoreCase || (x | 0x20) != (y | 0x20) || !char.IsAsciiLetter((char)x)) return false;
        }

        return i == a.Length && j == b.Length;
    }

    private static byte NextByte(ReadOnlySpan<byte> text, ref int at)
    {
        if (text[at] == (byte)'%' && at + 2 < text.Length
            && char.IsAsciiHexDigit((char)text[at + 1]) && char.IsAsciiHexDigit((char)text[at + 2]))
        {
            at += 3;
            return (byte)((HexValue(text[at - 2]) << 4) | HexValue(text[at - 1]));
        }

        return text[at++];
    }

    private static int HexValue(byte digit) => char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
