using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Hangup;

namespace Switchhook.Storage.History;

/// <summary>What changed of a call since an event before. Null members are as they were.</summary>
internal sealed record CallDelta
{
    /// <summary>Cursor of the event before; 0 for the call's end, whose call is among the ended calls.</summary>
    public long Since { get; init; }
    public CallState? State { get; init; }
    public DateTimeOffset? RingingAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int? Near { get; init; }
    public int? Far { get; init; }
    public int? Sequence { get; init; }
    public IReadOnlyList<LegDelta>? Legs { get; init; }

    /// <summary>True when the time that the other state has is not there: this one is the earlier, told from the call's end.</summary>
    public bool? NotRung { get; init; }

    /// <inheritdoc cref="NotRung"/>
    public bool? NotAnswered { get; init; }

    /// <inheritdoc cref="NotRung"/>
    public bool? NotEnded { get; init; }

    /// <summary>So many legs only, where the other state has more.</summary>
    public int? LegCount { get; init; }

    /// <summary>Null when something changed that this has no word for: the call is stored whole then.</summary>
    public static CallDelta? Between(Call before, Call after, long since)
    {
        if (!HaveSame(before, after))
            return null;
        return new CallDelta
        {
            Since = since,
            State = before.State == after.State ? null : after.State,
            RingingAt = Change(before.RingingAt, after.RingingAt),
            AnsweredAt = Change(before.AnsweredAt, after.AnsweredAt),
            EndedAt = Change(before.EndedAt, after.EndedAt),
            Near = Change(before.Near, after.Near),
            Far = Change(before.Far, after.Far),
            Sequence = Change(before.Sequence, after.Sequence),
            Legs = LegsBetween(before.Legs, after.Legs),
            NotRung = Lacks(before.RingingAt, after.RingingAt),
            NotAnswered = Lacks(before.AnsweredAt, after.AnsweredAt),
            NotEnded = Lacks(before.EndedAt, after.EndedAt),
            LegCount = after.Legs.Length < before.Legs.Length ? after.Legs.Length : null,
        };
    }

    /// <summary>The call after the change.</summary>
    public Call Apply(Call before) => before with
    {
        State = State ?? before.State,
        RingingAt = NotRung == true ? null : RingingAt ?? before.RingingAt,
        AnsweredAt = NotAnswered == true ? null : AnsweredAt ?? before.AnsweredAt,
        EndedAt = NotEnded == true ? null : EndedAt ?? before.EndedAt,
        Near = Near ?? before.Near,
        Far = Far ?? before.Far,
        Sequence = Sequence ?? before.Sequence,
        Legs = Apply(before.Legs),
    };

    public static T? Change<T>(T before, T after)
        where T : struct => EqualityComparer<T>.Default.Equals(before, after) ? null : after;

    public static T? Change<T>(T? before, T? after)
        where T : struct => EqualityComparer<T?>.Default.Equals(before, after) ? null : after;

    public static bool? Lacks(DateTimeOffset? before, DateTimeOffset? after) => before is not null && after is null ? true : null;

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

    private static List<LegDelta>? LegsBetween(ImmutableArray<Leg> before, ImmutableArray<Leg> after)
    {
        if (before == after)
            return null;
        List<LegDelta>? changed = null;
        for (var i = 0; i < after.Length; i++)
        {
            if (i >= before.Length)
                (changed ??= []).Add(new LegDelta { At = i, Whole = after[i] });
            else if (!ReferenceEquals(before[i], after[i]) && before[i] != after[i])
                (changed ??= []).Add(LegDelta.Between(before[i], after[i], i));
        }
        return changed;
    }

    private ImmutableArray<Leg> Apply(ImmutableArray<Leg> before)
    {
        if (LegCount is { } count)
            before = before[..count];
        if (Legs is null)
            return before;
        var legs = before.ToBuilder();
        foreach (var change in Legs)
        {
            if (change.At == legs.Count)
                legs.Add(change.Whole ?? throw new FormatException("A leg that is new is not whole"));
            else
                legs[change.At] = change.Apply(legs[change.At]);
        }
        return legs.ToImmutable();
    }
}

/// <summary>What changed of a leg, or all of it.</summary>
internal sealed record LegDelta
{
    /// <summary>Its place among the call's legs, from 0.</summary>
    public int At { get; init; }
    public Leg? Whole { get; init; }
    public LegState? State { get; init; }
    public DateTimeOffset? RingingAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>What the record lacked so far.</summary>
    public HangupConfirmation? Confirmed { get; init; }

    /// <inheritdoc cref="CallDelta.NotRung"/>
    public bool? NotRung { get; init; }

    /// <inheritdoc cref="CallDelta.NotRung"/>
    public bool? NotAnswered { get; init; }

    public static LegDelta Between(Leg before, Leg after, int at)
    {
        if (!HaveSame(before, after))
            return new LegDelta { At = at, Whole = after };
        var isConfirmation = before.Record is { } old && after.Record is { Confirmed: not null } record && old with { Confirmed = record.Confirmed } == record;
        return new LegDelta
        {
            At = at,
            State = isConfirmation || before.State == after.State ? null : after.State,
            RingingAt = CallDelta.Change(before.RingingAt, after.RingingAt),
            AnsweredAt = CallDelta.Change(before.AnsweredAt, after.AnsweredAt),
            Confirmed = isConfirmation ? after.Record!.Confirmed : null,
            NotRung = CallDelta.Lacks(before.RingingAt, after.RingingAt),
            NotAnswered = CallDelta.Lacks(before.AnsweredAt, after.AnsweredAt),
        };
    }

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

    public Leg Apply(Leg before) => Whole ?? before with
    {
        State = State ?? (Confirmed is null ? before.State : new LegState.Ended(before.Record! with { Confirmed = Confirmed })),
        RingingAt = NotRung == true ? null : RingingAt ?? before.RingingAt,
        AnsweredAt = NotAnswered == true ? null : AnsweredAt ?? before.AnsweredAt,
    };
}
