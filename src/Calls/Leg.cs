using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Switchhook.Calls.Hangup;

namespace Switchhook.Calls;

/// <summary>Which way a leg was set up.</summary>
public enum LegDirection
{
    /// <summary>The far side called us.</summary>
    Inbound,
    /// <summary>We called the far side.</summary>
    Outbound,
}

/// <summary>A leg's part in the call.</summary>
public enum LegRole
{
    /// <summary>The calling party.</summary>
    Caller,
    /// <summary>The called party.</summary>
    Callee,
}

/// <summary>A party: its number, and a display name when one is known.</summary>
/// <param name="Number">Kept in records whether it may be shown or not.</param>
/// <param name="DisplayName">The name, or null.</param>
/// <param name="IsWithheld">True when the party asked that other parties see neither (RFC 3323).</param>
public sealed record Party(string Number, string? DisplayName = null, bool IsWithheld = false);

/// <summary>Where an outbound leg is sent.</summary>
public abstract record LegTarget
{
    /// <summary>A phone registered for an extension: the one with that contact, or the preferred one when null.</summary>
    public sealed record Extension(string Number, string? Contact = null) : LegTarget;

    /// <summary>A number over a trunk, as sent to it after the route's changes.</summary>
    public sealed record Trunk(string Name, string Number) : LegTarget;
}

/// <summary>One party's side of a call: one dialog and one media session.</summary>
public sealed record Leg
{
    public required LegId Id { get; init; }
    public required LegDirection Direction { get; init; }
    public required LegRole Role { get; init; }
    public required Party Party { get; init; }

    /// <summary>Who this party was told calls; null: the call's caller.</summary>
    public Party? Shown { get; init; }

    /// <summary>
    /// What dialects want to be known of the leg later, also after a restart, by names that begin with the dialect's own; null when there is
    /// nothing. It means nothing to anybody else.
    /// </summary>
    public ImmutableDictionary<string, string>? Details { get; init; }

    /// <summary>
    /// What the party is sent along with the call, by name: in place of anything it would be sent by that name anyhow, an empty value in place of
    /// that with nothing. Of no use once the leg is placed, so that it is not stored.
    /// </summary>
    [JsonIgnore]
    public ImmutableArray<KeyValuePair<string, string>> Enclosed { get; init; } = [];

    /// <summary>Where it was sent; null for an inbound leg.</summary>
    public LegTarget? Target { get; init; }

    /// <summary>The extension this leg belongs to, when it is one of ours.</summary>
    public string? Extension { get; init; }

    /// <summary>The trunk it came from or went to, when there is one.</summary>
    public string? Trunk { get; init; }

    /// <summary>The SIP Call-ID of the leg's dialog, for operators who look into a capture.</summary>
    public string? SipCallId { get; init; }

    public required LegState State { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? RingingAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The leg this one was in another call, when an attended transfer brought it here; null for a leg that began here.</summary>
    public LegId? From { get; init; }

    /// <summary>True once the leg is over for this call: its record is written, or it went on in another call, where its record will be.</summary>
    public bool HasEnded => State is LegState.Ended or LegState.Moved;

    /// <summary>One of <see cref="Details"/>, or null.</summary>
    public string? Detail(string name) => Details?.GetValueOrDefault(name);

    /// <summary>The record of its end, or null while it lives and when it went on in another call.</summary>
    public HangupRecord? Record => (State as LegState.Ended)?.Record;
}

/// <summary>Where a leg stands.</summary>
public abstract record LegState
{
    /// <summary>Set-up begun, nothing heard yet.</summary>
    public sealed record Trying : LegState;

    /// <summary>The far side rings (outbound), or hears ringing (inbound).</summary>
    public sealed record Ringing : LegState;

    /// <summary>Audio flows before the answer.</summary>
    public sealed record Early : LegState;

    /// <summary>Answered, joined to nobody.</summary>
    public sealed record Answered : LegState;

    /// <summary>Joined to another leg.</summary>
    public sealed record Bridged : LegState;

    /// <summary>On hold at our request or its own.</summary>
    public sealed record Held : LegState;

    /// <summary>Its call is being moved elsewhere.</summary>
    public sealed record Transferring : LegState;

    /// <summary>A hangup was asked for and its message has not left yet (CANCEL before a provisional, BYE before the ACK).</summary>
    public sealed record Ending(HangupBy By, Causes.HangupCause Cause, LegPhase Phase) : LegState;

    /// <summary>Over.</summary>
    public sealed record Ended(HangupRecord Record) : LegState;

    /// <summary>Went on in another call, as that leg of it, by an attended transfer; its record is written there.</summary>
    public sealed record Moved(LegId To) : LegState;

    private LegState() { }
}
