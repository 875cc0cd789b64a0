namespace Switchhook.Sip.Messages;

/// <summary>Which bodies the sender of a message takes (RFC 3261 §20.1).</summary>
public static class AcceptHeader
{
    /// <summary>True when one of the ranges of Accept holds the type; also without the header, which means what is usual for the request.</summary>
    /// <param name="message">The message.</param>
    /// <param name="type">For example <c>application/pidf+xml</c>.</param>
    public static bool Takes(SipMessage message, ReadOnlySpan<byte> type)
    {
        if (!message.Has(HeaderName.Accept)) return true;
        var slash = type.IndexOf((byte)'/');
        foreach (var value in message.Values(HeaderName.Accept))
        {
            var end = value.IndexOf((byte)';');
            var range = SipText.Trim(end < 0 ? value : value[..end]);
            if (range.SequenceEqual("*/*"u8) || SipText.EqualsIgnoreCase(range, type)) return true;
            if (range.EndsWith("/*"u8) && SipText.EqualsIgnoreCase(range[..^1], type[..(slash + 1)])) return true;
        }

        return false;
    }
}
