using System.Buffers;

namespace Switchhook.Sip.Messages;

/// <summary>Reads <c>host[:port]</c> (RFC 3261 §25.1, hostport); white space around the colon is let pass.</summary>
internal static class HostPort
{
    // The underscore is no letter of a host name, but the names of many test beds and containers have one.
    private static readonly SearchValues<byte> HostLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"u8);

    private static readonly SearchValues<byte> AddressLetters = SearchValues.Create("abcdefABCDEF0123456789:."u8);

    public static bool TryParse(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host, out int port)
    {
        host = default;
        port = 0;
        if (text.IsEmpty) return false;
        int end;
        if (text[0] == (byte)'[')
        {
            end = text.IndexOf((byte)']') + 1;
            if (end < 4 || text[1..(end - 1)].IndexOfAnyExcept(AddressLetters) >= 0) return false;
        }
        else
        {
            end = text.IndexOfAnyExcept(HostLetters);
            if (end < 0) end = text.Length;
            if (end == 0) return false;
        }

        host = text[..end];
        var rest = SipText.TrimStart(text[end..]);
        if (rest.IsEmpty) return true;
        if (rest[0] != (byte)':' || !SipText.TryNumber(SipText.Trim(rest[1..]), out var number)) return false;
        port = (int)Math.Min(number, 65_536);
        return port is > 0 and <= ushort.MaxValue;
    }
}
