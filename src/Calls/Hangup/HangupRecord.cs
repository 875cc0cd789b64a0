using System.Globalization;
using Switchhook.Calls.Causes;

namespace Switchhook.Calls.Hangup;

/// <summary>
/// How one leg ended. Written once, at the moment it ended; only <see cref="Confirmed"/> is filled in later, when the far side has
/// answered our last message or has not. All times are UTC with microseconds.
/// </summary>
public sealed record HangupRecord
{
    /// <summary>The leg, and through it the call.</summary>
    public required LegId Leg { get; init; }

    /// <summary>Who ended it.</summary>
    public required HangupBy By { get; init; }

    /// <summary>The cause that is reported outward.</summary>
    public required HangupCause Cause { get; init; }

    /// <summary>What came from the far side, untouched; null when it said nothing.</summary>
    public ReceivedEnd? Received { get; init; }

    /// <summary>What we sent; null when nothing was sent.</summary>
    public SentEnd? Sent { get; init; }

    /// <summary>How far the leg had come.</summary>
    public required LegPhase Phase { get; init; }

    /// <summary>When the leg began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it first rang, if it did.</summary>
    public DateTimeOffset? RingingAt { get; init; }

    /// <summary>When it was answered, if it was.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When it ended: the hangup message was handed to the transport, or came from the far side.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Whether the far side acknowledged our BYE or CANCEL; null while that is open, or when nothing was sent.</summary>
    public HangupConfirmation? Confirmed { get; init; }

    /// <summary>The leg's audio in figures; null when it never had a media session.</summary>
    public LegMedia? Media { get; init; }
}

/// <summary>What the far side sent at the end.</summary>
/// <param name="Message"><c>BYE</c>, <c>CANCEL</c>, or a final status with its phrase such as <c>486 Busy Here</c>.</param>
/// <param name="Status">The final status, 300 to 699, or null.</param>
/// <param name="Reasons">Every Reason header (RFC 3326), in order, as received.</param>
public sealed record ReceivedEnd(string Message, int? Status, IReadOnlyList<string> Reasons);

/// <summary>What we sent at the end.</summary>
/// <param name="Message"><c>BYE</c>, <c>CANCEL</c>, or a final status with its phrase such as <c>480 Temporarily Unavailable</c>.</param>
/// <param name="Reason">Our Reason header, or null.</param>
public sealed record SentEnd(string Message, string? Reason)
{
    /// <summary>The final status we refused with, 300 to 699, or null for BYE and CANCEL.</summary>
    public int? Status => Message.Length >= 3 && int.TryParse(Message.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;
}

/// <summary>How far a leg had come when it ended.</summary>
public enum LegPhase
{
    /// <summary>Begun, no sign of ringing yet.</summary>
    Trying,
    /// <summary>Ringing.</summary>
    Ringing,
    /// <summary>Audio before the answer.</summary>
    Early,
    /// <summary>Answered, with nobody joined to it.</summary>
    Answered,
    /// <summary>On hold.</summary>
    Held,
    /// <summary>Joined to another leg.</summary>
    Bridged,
    /// <summary>Being moved elsewhere.</summary>
    Transferring,
}

/// <summary>What became of our BYE or CANCEL.</summary>
public enum HangupConfirmation
{
    /// <summary>The far side answered it.</summary>
    Yes,
    /// <summary>Nothing came back in time.</summary>
    Timeout,
    /// <summary>It could not be delivered.</summary>
    Unreachable,
}

/// <summary>A leg's audio in figures; octets count payload, jitter is in milliseconds (RFC 3550 §6.4.1).</summary>
public sealed record LegMedia
{
    public long PacketsReceived { get; init; }
    public long PacketsSent { get; init; }
    public long OctetsReceived { get; init; }
    public long OctetsSent { get; init; }

    /// <summary>Packets missing by sequence number, as we heard it.</summary>
    public long PacketsLost { get; init; }
    public double JitterMs { get; init; }
    public DateTimeOffset? LastPacketReceivedAt { get; init; }
    public DateTimeOffset? LastPacketSentAt { get; init; }

    /// <summary>The codec in use, such as <c>PCMU</c>.</summary>
    public string? Codec { get; init; }

    /// <summary>The prompt that was playing, and how far in.</summary>
    public string? Prompt { get; init; }
    public TimeSpan? PromptPosition { get; init; }
}
