namespace Switchhook.Sip.Messages;

/// <summary>What stands against taking a body (RFC 3261 §8.2.3).</summary>
internal enum BodyFault
{
    None,

    /// <summary>A type nobody here understands, and it must be understood.</summary>
    UnknownType,

    /// <summary>An encoding nobody here understands, and it must be understood.</summary>
    UnknownEncoding,
}

/// <summary>
/// Finds the session description in a body: the whole of it, or a part of a multipart one (RFC 5621 §3). What need not be understood is passed
/// over (<c>handling=optional</c>, RFC 3261 §20.11).
/// </summary>
internal static class SessionBody
{
    private const int MostParts = 16;

    /// <summary>Looks for it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="description">Where it lies; empty when there is none.</param>
    public static BodyFault Find(SipMessage message, out ReadOnlyMemory<byte> description)
    {
        description = default;
        var body = message.Body;
        if (body.IsEmpty) return BodyFault.None;
        var isOptional = message.TryGet(HeaderName.ContentDisposition, out var disposition) && IsOptional(disposition);
        foreach (var encoding in message.Values(HeaderName.ContentEncoding))
        {
            if (!SipText.EqualsIgnoreCase(encoding, "identity"u8)) return isOptional ? BodyFault.None : BodyFault.UnknownEncoding;
        }

        // Without a type it is what an INVITE usually brings.
        if (!message.TryGet(HeaderName.ContentType, out var value) || IsSdp(TypeOf(value)))
        {
            description = body;
            return BodyFault.None;
        }

        var type = TypeOf(value);
        var isMixed = SipText.EqualsIgnoreCase(type, "multipart/mixed"u8);
        var fault = isMixed || SipText.EqualsIgnoreCase(type, "multipart/alternative"u8)
            ? FindPart(body, ParamsOf(value).Get("boundary"u8), isMixed, out description)
            : BodyFault.UnknownType;
        if (fault == BodyFault.None) return BodyFault.None;
        description = default;
        return isOptional ? BodyFault.None : fault;
    }

    /// <summary>Of mixed parts each must be understood or be optional; of alternative ones a single one is enough (RFC 2046 §5.1).</summary>
    private static BodyFault FindPart(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> boundary, bool isMixed, out ReadOnlyMemory<byte> description)
    {
        description = default;
        if (boundary.Length is 0 or > 70) return BodyFault.UnknownType;
        var hasUnknown = false;
        var at = AfterDelimiter(body.Span, 0, boundary, out _);
        if (at < 0) return BodyFault.UnknownType;
        for (var parts = 0; at >= 0 && parts < MostParts; parts++)
        {
            var next = AfterDelimiter(body.Span, at, boundary, out var end);
            if (next < 0 && end < 0) break;
            var part = body[at..end];
            var head = part.Span.StartsWith("\r\n"u8) ? 0 : part.Span.IndexOf("\r\n\r\n"u8);
            if (head < 0) return BodyFault.UnknownType;
            var rows = part.Span[..head];
            var isDescription = IsSdp(TypeOf(Row(rows, "content-type"u8, "c"u8))) && IsSession(Row(rows, "content-disposition"u8, default));
            if (isDescription && description.IsEmpty) description = part[(head + (head == 0 ? 2 : 4))..];
            else if (!isDescription && !IsOptional(Row(rows, "content-disposition"u8, default))) hasUnknown = true;
            at = next;
        }

        return hasUnknown && (isMixed || description.IsEmpty) ? BodyFault.UnknownType : BodyFault.None;
    }

    /// <summary>The octet behind the next delimiter line, -1 behind the closing one; <paramref name="end"/> is where what is before it ends, -1 when there is none.</summary>
    private static int AfterDelimiter(ReadOnlySpan<byte> body, int from, ReadOnlySpan<byte> boundary, out int end)
    {
        end = -1;
        for (var at = from; ;)
        {
            var dashes = body[at..].IndexOf("--"u8);
            if (dashes < 0) return -1;
            dashes += at;
            at = dashes + 2;
            var starts = dashes == 0 || (dashes >= 2 && body[dashes - 2] == '\r' && body[dashes - 1] == '\n');
            if (!starts || !body[at..].StartsWith(boundary)) continue;
            var behind = at + boundary.Length;
            var isLast = body[behind..].StartsWith("--"u8);
            var line = body[behind..].IndexOf("\r\n"u8);
            // White space may follow; anything else makes it another delimiter's beginning.
            if (!isLast && (line < 0 || !SipText.Trim(body.Slice(behind, line)).IsEmpty)) continue;
            end = Math.Max(from, dashes - 2);
            return isLast ? -1 : behind + line + 2;
        }
    }

    private static ReadOnlySpan<byte> Row(ReadOnlySpan<byte> rows, ReadOnlySpan<byte> name, ReadOnlySpan<byte> compact)
    {
        while (!rows.IsEmpty)
        {
            var end = rows.IndexOf("\r\n"u8);
            var row = end < 0 ? rows : rows[..end];
            rows = end < 0 ? default : rows[(end + 2)..];
            var colon = row.IndexOf((byte)':');
            if (colon < 0) continue;
            var given = SipText.Trim(row[..colon]);
            if (SipText.EqualsIgnoreCase(given, name) || (!compact.IsEmpty && SipText.EqualsIgnoreCase(given, compact))) return SipText.Trim(row[(colon + 1)..]);
        }

        return default;
    }

    /// <summary>A description of something else, of an early session say (RFC 3959), is not the session's.</summary>
    private static bool IsSession(ReadOnlySpan<byte> disposition) => disposition.IsEmpty || SipText.EqualsIgnoreCase(TypeOf(disposition), "session"u8);

    private static bool IsOptional(ReadOnlySpan<byte> disposition) =>
        SipText.EqualsIgnoreCase(ParamsOf(disposition).Get("handling"u8), "optional"u8);

    private static bool IsSdp(ReadOnlySpan<byte> type) => SipText.EqualsIgnoreCase(type, "application/sdp"u8);

    private static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOf((byte)';');
        return SipText.Trim(end < 0 ? value : value[..end]);
    }

    private static SipParams ParamsOf(ReadOnlySpan<byte> value)
    {
        var start = value.IndexOf((byte)';');
        return new(start < 0 ? default : value[start..]);
    }
}
