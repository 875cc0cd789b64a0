using Switchhook.Calls;

namespace Switchhook.Storage.History;

/// <summary>A call before and after, to be written as what differs: <see cref="CallDelta"/> is how that is read.</summary>
/// <param name="Before">As the reader has it.</param>
/// <param name="After">As the reader shall have it.</param>
/// <param name="Since">Cursor of the event before; 0 for the call's end, whose call is among the ended calls.</param>
internal readonly record struct CallChange(Call Before, Call After, long Since)
{
    /// <summary>Null when something changed that a change has no word for: the call is stored whole then.</summary>
    public static CallChange? Between(Call before, Call after, long since) =>
        HaveSame(before, after) ? new CallChange(before, after, since) : null;

    /// <summary>
    /// Whether all is the same that a change has no word for, of what is stored. Asked for every event; a member added to a call is missing here
    /// until the test fails that changes each.
    /// </summary>
    private static bool HaveSame(Call before, Call after) =>
        before.Id == after.Id
        && before.Origin == after.Origin
        && before.Plan == after.Plan
        && before.Caller == after.Caller
        && before.Dialed == after.Dialed
        && before.CalleeDialed == after.CalleeDialed
        && before.StartedAt == after.StartedAt
        && before.Accounts == after.Accounts
        && before.Callbacks == after.Callbacks
        && before.Notes == after.Notes
        && before.MaxDuration == after.MaxDuration;
}

/// <summary>A leg before and after.</summary>
internal readonly record struct LegChange(Leg Before, Leg After)
{
    /// <summary>False when something changed that a change has no word for: the leg is stored whole then.</summary>
    public bool CanBeTold => HaveSame(Before, After);

    /// <summary>Whether all that the leg's end lacked was what became of our last message.</summary>
    public bool IsConfirmation =>
        Before.Record is { } old && After.Record is { Confirmed: not null } record && old with { Confirmed = record.Confirmed } == record;

    /// <summary>As of a call.</summary>
    private static bool HaveSame(Leg before, Leg after) =>
        before.Id == after.Id
        && before.Direction == after.Direction
        && before.Role == after.Role
        && before.Party == after.Party
        && before.Shown == after.Shown
        && ReferenceEquals(before.Details, after.Details)
        && before.Target == after.Target
        && before.Extension == after.Extension
        && before.Trunk == after.Trunk
        && before.SipCallId == after.SipCallId
        && before.StartedAt == after.StartedAt
        && before.From == after.From;
}
