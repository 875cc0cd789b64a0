using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>How the far side or the network ended a session.</summary>
public enum SessionEndKind
{
    /// <summary>A BYE was received (RFC 3261 §15.1.2); the message is that BYE.</summary>
    Bye,

    /// <summary>The caller cancelled before we answered (RFC 3261 §9.2); the message is the CANCEL.</summary>
    Cancelled,

    /// <summary>A final response 300 to 699; the message is that response. In an answered session: 481 or 408 to a request inside it.</summary>
    Rejected,

    /// <summary>No final response to our INVITE or re-INVITE in 64*T1 (Timer B, RFC 3261 §17.1.1.2).</summary>
    TimedOut,

    /// <summary>The network refused or lost our INVITE, or the response to theirs (RFC 3261 §18.4).</summary>
    TransportFailed,

    /// <summary>
    /// Our 2xx was repeated for 64*T1 and no ACK came (RFC 3261 §13.3.1.4): a BYE has been sent. Or a reliable provisional response and no PRACK
    /// came (RFC 3262 §3): the INVITE has been refused with 504.
    /// </summary>
    AckTimeout,

    /// <summary>Nobody refreshed the session in the interval agreed (RFC 4028 §10); a BYE has been sent.</summary>
    SessionExpired,
}

/// <summary>The end of a session that the far side or the network brought about.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Message">The message that ended it, untouched, with every Reason header; null when no message did.</param>
public sealed record SessionEnd(SessionEndKind Kind, SipMessage? Message = null)
{
    /// <summary>The status of the response that ended the session; 0 when no response did.</summary>
    public int Status => Message is SipResponse response ? response.Status : 0;
}
