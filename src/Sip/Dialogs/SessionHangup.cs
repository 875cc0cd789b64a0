namespace Switchhook.Sip.Dialogs;

/// <summary>What to put on the wire when a session is hung up. Which message carries it depends on the state (RFC 3261 §9, §13, §15).</summary>
/// <param name="RejectStatus">Final status, 300 to 699, used when an incoming session is not answered yet. Other values count as 480.</param>
/// <param name="Reason">Value of the Reason header (RFC 3326), for example <c>Q.850;cause=16</c>; null for none.</param>
/// <param name="RetryAfter">Value of Retry-After (RFC 3261 §20.33) for a final status; null for none.</param>
/// <param name="Contact">Value of Contact for a 3xx (RFC 3261 §8.1.3.4); null for none.</param>
public sealed record SessionHangup(int RejectStatus = 480, string? Reason = null, string? RetryAfter = null, string? Contact = null)
{
    /// <summary>The status that an unanswered incoming session is refused with.</summary>
    public int Status => RejectStatus is >= 300 and <= 699 ? RejectStatus : 480;
}

/// <summary>Which kind of message a hang-up handed to the transport.</summary>
public enum HangupSentKind
{
    /// <summary>The far side or the network was quicker: no message of ours was needed.</summary>
    Nothing,

    /// <summary>BYE (RFC 3261 §15.1.1).</summary>
    Bye,

    /// <summary>CANCEL (RFC 3261 §9.1).</summary>
    Cancel,

    /// <summary>A final response to the far side's INVITE (RFC 3261 §13.3.1.3).</summary>
    FinalStatus,
}

/// <summary>The message a hang-up handed to the transport.</summary>
/// <param name="Kind">Which message.</param>
/// <param name="Status">The final status when one was sent, otherwise 0.</param>
public readonly record struct HangupSent(HangupSentKind Kind, int Status = 0)
{
    /// <summary>No message was needed.</summary>
    public static HangupSent Nothing => default;

    /// <summary>A BYE was sent.</summary>
    public static HangupSent Bye => new(HangupSentKind.Bye);

    /// <summary>A CANCEL was sent.</summary>
    public static HangupSent Cancel => new(HangupSentKind.Cancel);

    /// <summary>The far side's INVITE was answered with <paramref name="status"/>.</summary>
    public static HangupSent FinalStatus(int status) => new(HangupSentKind.FinalStatus, status);
}

/// <summary>Whether the far side acknowledged the hang-up.</summary>
public enum HangupConfirmation
{
    /// <summary>BYE answered 2xx or 481, INVITE ended after CANCEL, or ACK for our final status.</summary>
    Yes,

    /// <summary>Nothing came in 64*T1, or 408.</summary>
    Timeout,

    /// <summary>The transport failed, or the BYE was answered by a failure that leaves the far side's state unknown.</summary>
    Unreachable,
}
