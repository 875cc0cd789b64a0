namespace Switchhook.Sip.Messages;

/// <summary>What is wrong with a message; the first fault found is the one named.</summary>
public enum SipParseError : byte
{
    /// <summary>The message is well-formed.</summary>
    None,

    /// <summary>Nothing but CRLF: a keep-alive (RFC 5626 §3.5.1), or nothing at all.</summary>
    Empty,

    /// <summary>More octets than <see cref="SipLimits.MaxMessageBytes"/>.</summary>
    TooLarge,

    /// <summary>Neither a Request-Line nor a Status-Line (RFC 3261 §7.1, §7.2).</summary>
    BadStartLine,

    /// <summary>A version other than SIP/2.0: answered 505 (RFC 3261 §21.5.6).</summary>
    BadVersion,

    /// <summary>A status outside 100 to 699 (RFC 3261 §7.2).</summary>
    BadStatus,

    /// <summary>The Request-URI is no URI (RFC 3261 §19.1).</summary>
    BadRequestUri,

    /// <summary>A row without a colon, or whose name is no token (RFC 3261 §7.3.1).</summary>
    BadHeaderRow,

    /// <summary>More octets than <see cref="SipLimits.MaxRowBytes"/>.</summary>
    RowTooLong,

    /// <summary>More rows than <see cref="SipLimits.MaxHeaderRows"/>.</summary>
    TooManyRows,

    /// <summary>A bare CR or a bare LF in the header part (RFC 3261 §25.1).</summary>
    BadLineEnd,

    /// <summary>The blank line between header and body never came.</summary>
    MissingBlankLine,

    /// <summary>No Via (RFC 3261 §8.1.1.7).</summary>
    MissingVia,

    /// <summary>The top Via is malformed (RFC 3261 §20.42).</summary>
    BadVia,

    /// <summary>More values than <see cref="SipLimits.MaxVias"/>.</summary>
    TooManyVias,

    /// <summary>No From (RFC 3261 §8.1.1.3).</summary>
    MissingFrom,

    /// <summary>From is malformed (RFC 3261 §20.20).</summary>
    BadFrom,

    /// <summary>No To (RFC 3261 §8.1.1.2).</summary>
    MissingTo,

    /// <summary>To is malformed (RFC 3261 §20.39).</summary>
    BadTo,

    /// <summary>No Call-ID (RFC 3261 §8.1.1.4).</summary>
    MissingCallId,

    /// <summary>Call-ID is empty or has spaces (RFC 3261 §20.8).</summary>
    BadCallId,

    /// <summary>No CSeq (RFC 3261 §8.1.1.5).</summary>
    MissingCSeq,

    /// <summary>CSeq is no 32-bit number with a method (RFC 3261 §20.16).</summary>
    BadCSeq,

    /// <summary>The method in CSeq is not the method of the request (RFC 3261 §8.1.1.5).</summary>
    CSeqMethodMismatch,

    /// <summary>A header that may appear once came twice (RFC 3261 §7.3.1, RFC 4475 §3.3.8).</summary>
    DuplicateHeader,

    /// <summary>Content-Length is no number, or two rows differ (RFC 3261 §20.14).</summary>
    BadContentLength,

    /// <summary>No Content-Length in a stream, where nothing else tells the length (RFC 3261 §20.14).</summary>
    MissingContentLength,

    /// <summary>Fewer octets of body than Content-Length promises (RFC 3261 §18.3).</summary>
    BodyTooShort,

    /// <summary>Max-Forwards is no number from 0 to 255 (RFC 3261 §20.22).</summary>
    BadMaxForwards,
}

/// <summary>How a fault in a request is answered.</summary>
public static class SipParseErrors
{
    /// <summary>The status that answers a request with this fault; 0 for <see cref="SipParseError.None"/>.</summary>
    public static int ReplyStatus(this SipParseError error) => error switch
    {
        SipParseError.None or SipParseError.Empty => 0,
        SipParseError.BadVersion => 505,
        SipParseError.TooLarge or SipParseError.RowTooLong or SipParseError.TooManyRows => 513,
        SipParseError.TooManyVias => 483,
        _ => 400,
    };

    /// <summary>A reason phrase that tells the sender what to mend (RFC 3261 §21.4.1).</summary>
    public static ReadOnlySpan<byte> ReplyReason(this SipParseError error) => error switch
    {
        SipParseError.None or SipParseError.Empty => [],
        SipParseError.TooLarge or SipParseError.RowTooLong or SipParseError.TooManyRows => "Message Too Large"u8,
        SipParseError.BadStartLine => "Malformed Request-Line"u8,
        SipParseError.BadVersion => "Version Not Supported"u8,
        SipParseError.BadStatus => "Malformed Status-Line"u8,
        SipParseError.BadRequestUri => "Malformed Request-URI"u8,
        SipParseError.BadHeaderRow => "Malformed Header Row"u8,
        SipParseError.BadLineEnd => "Bare Line End In Header"u8,
        SipParseError.MissingBlankLine => "Header Without End"u8,
        SipParseError.MissingVia => "Missing Via"u8,
        SipParseError.BadVia => "Malformed Via"u8,
        SipParseError.TooManyVias => "Too Many Hops"u8,
        SipParseError.MissingFrom => "Missing From"u8,
        SipParseError.BadFrom => "Malformed From"u8,
        SipParseError.MissingTo => "Missing To"u8,
        SipParseError.BadTo => "Malformed To"u8,
        SipParseError.MissingCallId => "Missing Call-ID"u8,
        SipParseError.BadCallId => "Malformed Call-ID"u8,
        SipParseError.MissingCSeq => "Missing CSeq"u8,
        SipParseError.BadCSeq => "Malformed CSeq"u8,
        SipParseError.CSeqMethodMismatch => "CSeq Method Differs"u8,
        SipParseError.DuplicateHeader => "Repeated Single-Value Header"u8,
        SipParseError.BadContentLength => "Malformed Content-Length"u8,
        SipParseError.MissingContentLength => "Missing Content-Length"u8,
        SipParseError.BodyTooShort => "Body Shorter Than Content-Length"u8,
        SipParseError.BadMaxForwards => "Malformed Max-Forwards"u8,
    };
}
