namespace Switchhook.Sip.Messages;

/// <summary>What the first bytes of a stream are.</summary>
public enum SipFrame : byte
{
    /// <summary>The message is not complete yet.</summary>
    NeedMore,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>CRLF CRLF between messages: a ping that wants a CRLF in return (RFC 5626 §3.5.1).</summary>
    KeepAlive,

    /// <summary>No message can start here or its length is unknown; the connection cannot be used any more.</summary>
    Error,
}

/// <summary>Cuts a byte stream into messages by Content-Length (RFC 3261 §18.3).</summary>
public static class SipFramer
{
    /// <summary>Looks at the bytes received and not consumed yet.</summary>
    /// <param name="buffered">What has arrived.</param>
    /// <param name="limits">How long a message may be.</param>
    /// <param name="messageLength">
    /// How many octets to consume: the message with CRLFs before it, or the keep-alive. 0 when more is needed. With an error, the head
    /// that lacks a usable length, so that it can be refused; 0 when there is none.
    /// </param>
    public static SipFrame TryFrame(ReadOnlySpan<byte> buffered, in SipLimits limits, out int messageLength)
    {
        messageLength = 0;
        if (buffered.StartsWith("\r\n\r\n"u8))
        {
            messageLength = 4;
            return SipFrame.KeepAlive;
        }

        var lead = buffered.StartsWith("\r\n"u8) ? 2 : 0;
        if (buffered.Length == lead || (lead == 0 && buffered is [(byte)'\r'])) return SipFrame.NeedMore;
        if (lead == 2 && buffered is [_, _, (byte)'\r']) return SipFrame.NeedMore;
        if (!SipText.IsTokenByte(buffered[lead])) return SipFrame.Error;

        var message = buffered[lead..];
        var headerEnd = message.IndexOf("\r\n\r\n"u8);
        if (headerEnd < 0) return message.Length >= limits.MaxMessageBytes ? SipFrame.Error : SipFrame.NeedMore;
        headerEnd += 4;
        messageLength = lead + headerEnd;
        if (!TryContentLength(message[..headerEnd], out var bodyLength)) return SipFrame.Error;
        var total = headerEnd + (long)bodyLength;
        if (total > limits.MaxMessageBytes) return SipFrame.Error;
        messageLength = 0;
        if (message.Length < total) return SipFrame.NeedMore;
        messageLength = lead + (int)total;
        return SipFrame.Message;
    }

    /// <summary>
    /// The length all Content-Length rows agree on. Over a stream the header is mandatory (RFC 3261 §20.14); guessing
    /// one would let a sender hide a message in the body of another.
    /// </summary>
    private static bool TryContentLength(ReadOnlySpan<byte> header, out uint length)
    {
        length = 0;
        var found = false;
        while (true)
        {
            var end = header.IndexOf("\r\n"u8);
            if (end < 0) return found;
            header = header[(end + 2)..];
            if (!IsContentLength(header, out var row)) continue;
            var rowEnd = RowEnd(row);
            if (!SipText.TryNumber(SipText.Trim(row[..rowEnd]), out var number) || (found && number != length)) return false;
            length = number;
            found = true;
        }
    }

    private static bool IsContentLength(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (line.IsEmpty || (line[0] | 0x20) is not ('c' or 'l')) return false;
        var colon = line.IndexOf((byte)':');
        if (colon < 0) return false;
        value = line[(colon + 1)..];
        return HeaderNames.Parse(line[..colon].TrimEnd(" \t"u8)) == HeaderName.ContentLength;
    }

    private static int RowEnd(ReadOnlySpan<byte> row)
    {
        for (var at = 0; ;)
        {
            var end = row[at..].IndexOf("\r\n"u8);
            if (end < 0) return row.Length;
            at += end + 2;
            if (at >= row.Length || row[at] is not ((byte)' ' or (byte)'\t')) return at - 2;
        }
    }
}
