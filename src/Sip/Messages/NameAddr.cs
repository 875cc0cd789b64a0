namespace Switchhook.Sip.Messages;

/// <summary>
/// An address with an optional display name and header parameters, as in From, To, Contact, Route and others
/// (RFC 3261 §20.10). Without angle brackets every parameter belongs to the header, not to the URI, and a URI with a question mark is
/// malformed (§20): its headers would have no end.
/// </summary>
public readonly ref struct NameAddr
{
    private NameAddr(ReadOnlySpan<byte> displayName, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> parameters)
    {
        DisplayName = displayName;
        Uri = uri;
        Params = new(parameters);
    }

    /// <summary>The display name without its quotes, escapes left in; empty when there is none.</summary>
    public ReadOnlySpan<byte> DisplayName { get; }

    /// <summary>The URI as written, without angle brackets; read its parts with <see cref="SipUri.TryParse"/>.</summary>
    public ReadOnlySpan<byte> Uri { get; }

    /// <summary>The parameters of the header, not of the URI.</summary>
    public SipParams Params { get; }

    /// <summary>The tag (RFC 3261 §19.3); empty when there is none.</summary>
    public ReadOnlySpan<byte> Tag => Params.Get("tag"u8);

    /// <summary>The display name as text, escapes resolved.</summary>
    public string DisplayText => SipText.Unescape(DisplayName);

    /// <summary>Reads one address; false when brackets or quotes do not close, or the URI has no scheme.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out NameAddr address)
    {
        address = default;
        value = SipText.Trim(value);
        if (value.IsEmpty) return false;
        ReadOnlySpan<byte> display = default;
        if (value[0] == (byte)'"')
        {
            var quoted = SipText.QuotedLength(value);
            if (quoted < 0) return false;
            display = value[1..(quoted - 1)];
            value = SipText.TrimStart(value[quoted..]);
            if (value.IsEmpty || value[0] != (byte)'<') return false;
        }

        var open = value.IndexOf((byte)'<');
        if (open < 0) return TryBare(value, out address);
        if (open > 0)
        {
            display = SipText.Trim(value[..open]);
            if (display.IndexOfAny((byte)'"', (byte)'>', (byte)';') >= 0) return false;
        }

        value = value[(open + 1)..];
        var close = value.IndexOf((byte)'>');
        if (close < 0) return false;
        var uri = SipText.Trim(value[..close]);
        var parameters = SipText.TrimStart(value[(close + 1)..]);
        if (!IsAbsolute(uri) || (!parameters.IsEmpty && parameters[0] != (byte)';')) return false;
        address = new(display, uri, parameters);
        return true;
    }

    private static bool TryBare(ReadOnlySpan<byte> value, out NameAddr address)
    {
        address = default;
        var semicolon = value.IndexOf((byte)';');
        var uri = semicolon < 0 ? value : SipText.Trim(value[..semicolon]);
        if (!IsAbsolute(uri) || uri.Contains((byte)'?')) return false;
        address = new(default, uri, semicolon < 0 ? default : value[semicolon..]);
        return true;
    }

    /// <summary>A scheme, a colon, something behind it, and nothing that a URI must escape.</summary>
    private static bool IsAbsolute(ReadOnlySpan<byte> uri)
    {
        var colon = uri.IndexOf((byte)':');
        return colon > 0 && colon < uri.Length - 1 && char.IsAsciiLetter((char)uri[0])
            && SipText.IsToken(uri[..colon]) && uri.IndexOfAny(" \t\"<>"u8) < 0;
    }
}
