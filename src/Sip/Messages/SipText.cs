using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>The lexical pieces of RFC 3261 §25.1 that every header shares.</summary>
internal static class SipText
{
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"u8);

    /// <summary>What a URI must escape wherever it stands: white space, controls, quotes, angle brackets.</summary>
    public static readonly SearchValues<byte> UnsafeInUri = SearchValues.Create(
        [
            .. "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"u8,
            .. "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f \"<>\u007f"u8,
        ]);

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }

    public static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return text[start..];
    }

    /// <summary>LWS; CR and LF count because a folded row may still hold them (RFC 3261 §7.3.1).</summary>
    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept(Token) < 0;

    public static bool IsTokenByte(byte b) => Token.Contains(b);

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Ascii.EqualsIgnoreCase(a, b);

    /// <summary>Digits only, no sign, no overflow.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out uint number)
    {
        number = 0;
        return !text.IsEmpty && char.IsAsciiDigit((char)text[0])
            && Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;
    }

    /// <summary>Length of the quoted string at the start of <paramref name="text"/>, both quotes included; -1 when it never closes.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length;)
        {
            var next = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0) return -1;
            at += next;
            if (text[at] == (byte)'"') return at + 1;
            at += 2;
        }

        return -1;
    }

    /// <summary>The index of the first <paramref name="separator"/> outside quotes and angle brackets, or -1.</summary>
    public static int IndexOfBare(ReadOnlySpan<byte> text, byte separator)
    {
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(separator, (byte)'"', (byte)'<');
            if (next < 0) return -1;
            at += next;
            if (text[at] == separator) return at;
            var skip = text[at] == (byte)'"' ? QuotedLength(text[at..]) : text[at..].IndexOf((byte)'>') + 1;
            if (skip <= 0) return -1;
            at += skip;
        }

        return -1;
    }

    /// <summary>The text of a quoted string's inside: backslash escapes resolved (RFC 3261 §25.1).</summary>
    public static string Unescape(ReadOnlySpan<byte> inside)
    {
        if (inside.IndexOf((byte)'\\') < 0) return Encoding.UTF8.GetString(inside);
        var plain = new byte[inside.Length];
        var length = 0;
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] == (byte)'\\' && i + 1 < inside.Length) i++;
            plain[length++] = inside[i];
        }

        return Encoding.UTF8.GetString(plain, 0, length);
    }
}
