namespace Switchhook.Sip.Messages;

/// <summary>One value of Reason (RFC 3326 §2): why a request was sent.</summary>
public readonly ref struct ReasonHeader
{
    private ReasonHeader(ReadOnlySpan<byte> protocol, SipParams parameters)
    {
        Protocol = protocol;
        Params = parameters;
    }

    /// <summary>Whose causes these are: <c>SIP</c>, <c>Q.850</c> …</summary>
    public ReadOnlySpan<byte> Protocol { get; }

    /// <summary>The parameters: cause, text and others.</summary>
    public SipParams Params { get; }

    /// <summary>True when the cause is one of ITU-T Q.850.</summary>
    public bool IsQ850 => SipText.EqualsIgnoreCase(Protocol, "Q.850"u8);

    /// <summary>True when the cause is a SIP status.</summary>
    public bool IsSip => SipText.EqualsIgnoreCase(Protocol, "SIP"u8);

    /// <summary>The cause; null when absent or no number.</summary>
    public int? Cause => Params.TryGetNumber("cause"u8, out var cause) && cause <= int.MaxValue ? (int)cause : null;

    /// <summary>The text without its quotes, escapes resolved; null when there is none.</summary>
    public string? Text => Params.TryGet("text"u8, out var text) ? SipText.Unescape(text) : null;

    /// <summary>Reads one value as <see cref="SipMessage.Values"/> yields it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out ReasonHeader reason)
    {
        value = SipText.Trim(value);
        var semicolon = value.IndexOf((byte)';');
        var protocol = SipText.Trim(semicolon < 0 ? value : value[..semicolon]);
        var parameters = new SipParams(semicolon < 0 ? default : value[semicolon..]);
        var read = SipText.IsToken(protocol) && parameters.IsWellFormed;
        reason = read ? new(protocol, parameters) : default;
        return read;
    }
}
