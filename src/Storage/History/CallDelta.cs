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

    /// <summary>Null when something changed that this has no word for: the call is stored whole then.</summary>
    public static CallDelta? Between(Call before, Call after, long since)
    {
        // Equality knows every member there is, those of tomorrow too.
        var same = before with
        {
            State = after.State,
            RingingAt = after.RingingAt ?? before.RingingAt,
            AnsweredAt = after.AnsweredAt ?? before.AnsweredAt,
            EndedAt = after.EndedAt ?? before.EndedAt,
            Near = after.Near,
            Far = after.Far,
            Sequence = after.Sequence,
            Legs = after.Legs,
            Routing = after.Routing,   // not stored, as is the next
            Audio = after.Audio,
        };
        if (same != after || after.Legs.Length < before.Legs.Length)
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
        };
    }

    /// <summary>The call after the change.</summary>
    public Call Apply(Call before) => before with
    {
        State = State ?? before.State,
        RingingAt = RingingAt ?? before.RingingAt,
        AnsweredAt = AnsweredAt ?? before.AnsweredAt,
        EndedAt = EndedAt ?? before.EndedAt,
        Near = Near ?? before.Near,
        Far = Far ?? before.Far,
        Sequence = Sequence ?? before.Sequence,
        Legs = Apply(before.Legs),
    };

    public static T? Change<T>(T before, T after)
        where T : struct => EqualityComparer<T>.Default.Equals(before, after) ? null : after;

    public static T? Change<T>(T? before, T? after)
        where T : struct => EqualityComparer<T?>.Default.Equals(before, after) ? null : after;

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

    public static LegDelta Between(Leg before, Leg after, int at)
    {
        var same = before with
        {
            State = after.State,
            RingingAt = after.RingingAt ?? before.RingingAt,
            AnsweredAt = after.AnsweredAt ?? before.AnsweredAt,
        };
        if (same != after)
            return new LegDelta { At = at, Whole = after };
        var isConfirmation = before.Record is { } old && after.Record is { Confirmed: not null } record && old with { Confirmed = record.Confirmed } == record;
        return new LegDelta
        {
            At = at,
            State = isConfirmation || before.State == after.State ? null : after.State,
            RingingAt = CallDelta.Change(before.RingingAt, after.RingingAt),
            AnsweredAt = CallDelta.Change(before.AnsweredAt, after.AnsweredAt),
            Confirmed = isConfirmation ? after.Record!.Confirmed : null,
        };
    }

    public Leg Apply(Leg before) => Whole ?? before with
    {
        State = State ?? (Confirmed is null ? before.State : new LegState.Ended(before.Record! with { Confirmed = Confirmed })),
        RingingAt = RingingAt ?? before.RingingAt,
        AnsweredAt = AnsweredAt ?? before.AnsweredAt,
    };
}
