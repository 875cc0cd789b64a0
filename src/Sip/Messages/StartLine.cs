namespace Switchhook.Sip.Messages;

/// <summary>A Request-Line or Status-Line (RFC 3261 §7.1, §7.2) taken apart; offsets count from its start.</summary>
internal readonly record struct StartLine(
    bool IsResponse, SipParseError Error, TextRange Method, TextRange Uri, int Status, TextRange Reason)
{
    private static ReadOnlySpan<byte> Version => "SIP/2.0"u8;

    public static StartLine Parse(ReadOnlySpan<byte> line) =>
        line.Length > 4 && SipText.EqualsIgnoreCase(line[..4], "SIP/"u8) ? ParseStatus(line) : ParseRequest(line);

    private static StartLine ParseStatus(ReadOnlySpan<byte> line)
    {
        var versionEnd = line.IndexOf((byte)' ');
        if (versionEnd < 0) return Response(SipParseError.BadStartLine);
        if (!SipText.EqualsIgnoreCase(line[..versionEnd], Version)) return Response(SipParseError.BadVersion);
        var rest = line[(versionEnd + 1)..];
        var statusEnd = rest.IndexOf((byte)' ');
        // Some phones leave the reason phrase out together with the space before it.
        var digits = statusEnd < 0 ? rest : rest[..statusEnd];
        if (digits.Length != 3 || !SipText.TryNumber(digits, out var status) || status is < 100 or > 699)
            return Response(SipParseError.BadStatus);
        var reasonStart = Math.Min(versionEnd + 1 + digits.Length + 1, line.Length);
        return new(true, SipParseError.None, default, default, (int)status, new(reasonStart, line.Length - reasonStart));
    }

    private static StartLine Response(SipParseError error) => new(true, error, default, default, 0, default);

    private static StartLine ParseRequest(ReadOnlySpan<byte> line)
    {
        var methodEnd = line.IndexOf((byte)' ');
        var uriEnd = line.LastIndexOf((byte)' ');
        if (methodEnd <= 0 || !SipText.IsToken(line[..methodEnd])) return Request(SipParseError.BadStartLine, default, default);
        var method = new TextRange(0, methodEnd);
        if (uriEnd <= methodEnd + 1) return Request(SipParseError.BadStartLine, method, default);
        var uri = new TextRange(methodEnd + 1, uriEnd - methodEnd - 1);
        var version = line[(uriEnd + 1)..];
        if (!SipText.EqualsIgnoreCase(version, Version))
        {
            var isVersion = version.Length > 4 && SipText.EqualsIgnoreCase(version[..4], "SIP/"u8);
            return Request(isVersion ? SipParseError.BadVersion : SipParseError.BadStartLine, method, uri);
        }

        var target = line.Slice(uri.Offset, uri.Length);
        return Request(SipUri.IsRequestUri(target) ? SipParseError.None : SipParseError.BadRequestUri, method, uri);
    }

    private static StartLine Request(SipParseError error, TextRange method, TextRange uri) =>
        new(false, error, method, uri, 0, default);
}
