using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Hangup;

namespace Switchhook.Storage.History;

/// <summary>What changed of a call since an event before, as it is read; <see cref="CallChange"/> is written so. Null members are as they were.</summary>
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

    public Leg Apply(Leg before) => Whole ?? before with
    {
        State = State ?? (Confirmed is null ? before.State : new LegState.Ended(before.Record! with { Confirmed = Confirmed })),
        RingingAt = NotRung == true ? null : RingingAt ?? before.RingingAt,
        AnsweredAt = NotAnswered == true ? null : AnsweredAt ?? before.AnsweredAt,
    };
}
