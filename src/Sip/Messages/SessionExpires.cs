namespace Switchhook.Sip.Messages;

/// <summary>Who refreshes a session (RFC 4028 §4): the sender of the request that agrees on it, or its receiver.</summary>
public enum SessionRefresher
{
    /// <summary>Left to the receiver of the request.</summary>
    Open,

    /// <summary>The sender of the request.</summary>
    Uac,

    /// <summary>The receiver of the request.</summary>
    Uas,
}

/// <summary>A Session-Expires value (RFC 4028 §4).</summary>
/// <param name="Seconds">The session interval.</param>
/// <param name="Refresher">Who refreshes.</param>
public readonly record struct SessionExpires(uint Seconds, SessionRefresher Refresher)
{
    /// <summary>Reads the first Session-Expires of a message; false when there is none that is a number.</summary>
    public static bool TryRead(SipMessage message, out SessionExpires expires)
    {
        expires = default;
        return message.TryGet(HeaderName.SessionExpires, out var value) && TryParse(value, out expires);
    }

    /// <summary>Reads a value; an unknown refresher counts as none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out SessionExpires expires)
    {
        expires = default;
        var end = value.IndexOf((byte)';');
        if (!SipText.TryNumber(SipText.Trim(end < 0 ? value : value[..end]), out var seconds)) return false;
        var refresher = end < 0 ? default : new SipParams(value[end..]).Get("refresher"u8);
        expires = new(
            seconds,
            SipText.EqualsIgnoreCase(refresher, "uac"u8) ? SessionRefresher.Uac
            : SipText.EqualsIgnoreCase(refresher, "uas"u8) ? SessionRefresher.Uas
            : SessionRefresher.Open);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Refresher switch
    {
        SessionRefresher.Uac => $"{Seconds};refresher=uac",
        SessionRefresher.Uas => $"{Seconds};refresher=uas",
        SessionRefresher.Open => $"{Seconds}",
    };
}
