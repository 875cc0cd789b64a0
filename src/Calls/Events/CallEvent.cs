using Switchhook.Calls.Hangup;

namespace Switchhook.Calls.Events;

/// <summary>
/// Something that happened to a call. Events of one call are numbered from 1 without gaps and leave in that order; each carries the call as
/// it was right after, which is immutable and may be kept.
/// </summary>
public abstract record CallEvent
{
    /// <summary>The call after the event.</summary>
    public required Call Call { get; init; }

    /// <summary>Number of the event within its call, from 1.</summary>
    public required int Sequence { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The event's name in logs, the event stream and webhooks: <c>call.answered</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Stays the same over retries and replays.</summary>
    public string Id => $"{Call.Id}.{Sequence}";
}

/// <summary>A call began: an INVITE was taken or an application asked.</summary>
public sealed record CallStarted : CallEvent { public override string Name => "call.started"; }

/// <summary>The called side rings.</summary>
public sealed record CallRinging : CallEvent { public override string Name => "call.ringing"; }

/// <summary>A leg was answered.</summary>
public sealed record LegAnswered : CallEvent
{
    public required LegId Leg { get; init; }
    public override string Name => "leg.answered";
}

/// <summary>The call was answered: its parties, or a party and a script or service, can talk.</summary>
public sealed record CallAnswered : CallEvent { public override string Name => "call.answered"; }

/// <summary>Both parties are on hold.</summary>
public sealed record CallHeld : CallEvent { public override string Name => "call.held"; }

/// <summary>Both parties are back.</summary>
public sealed record CallUnheld : CallEvent { public override string Name => "call.unheld"; }

/// <summary>The call goes on ringing elsewhere.</summary>
public sealed record CallForwarded : CallEvent { public override string Name => "call.forwarded"; }

/// <summary>A party left and another took its place.</summary>
public sealed record CallTransferred : CallEvent
{
    /// <summary>The leg that took the place; the one that stays where a service or a script of ours took it.</summary>
    public required LegId Leg { get; init; }

    /// <summary>True when the party that left asked for it itself, with its phone.</summary>
    public bool ByPhone { get; init; }
    public override string Name => "call.transferred";
}

/// <summary>A leg goes on in another call, where it will end: the last event of that leg in this call.</summary>
public sealed record LegMoved : CallEvent
{
    public required LegId Leg { get; init; }

    /// <summary>What the leg is there.</summary>
    public required LegId To { get; init; }
    public override string Name => "leg.moved";
}

/// <summary>Nobody took the place of the party that wanted to leave; the parties are together as before.</summary>
public sealed record CallTransferFailed : CallEvent
{
    public required Causes.HangupCause Cause { get; init; }
    public override string Name => "call.transfer-failed";
}

/// <summary>A dialect's note about the call was taken: <see cref="Call.Notes"/>.</summary>
public sealed record CallNoted : CallEvent { public override string Name => "call.noted"; }

/// <summary>A dialect keeps something with a leg: <see cref="Calls.Leg.Details"/>.</summary>
public sealed record LegNoted : CallEvent
{
    public required LegId Leg { get; init; }
    public override string Name => "leg.noted";
}

/// <summary>A step of a script failed; the script goes on.</summary>
/// <remarks><see cref="Code"/> and <see cref="Message"/> are the dialect's own.</remarks>
public sealed record ScriptFailed : CallEvent
{
    public required int Code { get; init; }
    public required string Message { get; init; }
    public override string Name => "script.failed";
}

/// <summary>A leg is over: the one terminal event of that leg.</summary>
public sealed record LegEnded : CallEvent
{
    public required HangupRecord Record { get; init; }
    public override string Name => "leg.ended";
}

/// <summary>The call is over: every leg has ended. The one terminal event of the call.</summary>
public sealed record CallEnded : CallEvent { public override string Name => "call.ended"; }

/// <summary>The far side answered our BYE or CANCEL, or did not; comes after <see cref="LegEnded"/>, maybe after <see cref="CallEnded"/>.</summary>
public sealed record HangupConfirmed : CallEvent
{
    public required LegId Leg { get; init; }
    public required HangupConfirmation Confirmation { get; init; }
    public override string Name => "hangup.confirmed";
}
