using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Calls.Machine;

/// <summary>One input's work on a call: the call as it becomes, and the effects in order. Lives for one <c>Call.On</c> and never leaves it.</summary>
internal sealed partial class CallTurn(Call call, DateTimeOffset now)
{
    private readonly List<CallEffect> _effects = new(6);

    public Call Call { get; private set; } = call;

    public DateTimeOffset Now => now;

    public CallStep Done() => new(Call, _effects);

    public CallTurn Ask(CallEffect effect)
    {
        _effects.Add(effect);
        return this;
    }

    public CallTurn Become(CallState state)
    {
        Call = Call with { State = state };
        return this;
    }

    public CallTurn Change(Func<Call, DateTimeOffset, Call> change)
    {
        Call = change(Call, now);
        return this;
    }

    public Leg Leg(int number) => Call.Legs[number - 1];

    public CallTurn Put(Leg leg)
    {
        Call = Call with { Legs = leg.Id.Number > Call.Legs.Length ? Call.Legs.Add(leg) : Call.Legs.SetItem(leg.Id.Number - 1, leg) };
        return this;
    }

    /// <summary>Numbers the event, sets its time and the call as it is now, and appends it.</summary>
    public CallTurn Tell(Func<Call, int, DateTimeOffset, CallEvent> make)
    {
        Call = Call with { Sequence = Call.Sequence + 1 };
        _effects.Add(new CallEffect.Tell(make(Call, Call.Sequence, now)));
        return this;
    }

    /// <summary>Settles which legs are the two sides.</summary>
    public CallTurn Pair(int near, int far)
    {
        Call = Call with { Near = near, Far = far };
        return this;
    }

    /// <summary>Marks a leg answered, once.</summary>
    public CallTurn Answered(int number)
    {
        var leg = Leg(number);
        Put(leg with { State = new LegState.Answered(), AnsweredAt = now });
        return Tell((c, s, at) => new LegAnswered { Call = c, Sequence = s, At = at, Leg = leg.Id });
    }

    /// <summary>Writes a leg's record and tells its one terminal event.</summary>
    public CallTurn End(int number, HangupBy by, HangupCause cause, ReceivedEnd? received, SentEnd? sent, LegMedia? media)
    {
        Quiet(number);
        var leg = Leg(number);
        var record = new HangupRecord
        {
            Leg = leg.Id,
            By = by,
            Cause = cause,
            Received = received,
            Sent = sent,
            Phase = leg.State is LegState.Ending ending ? ending.Phase : PhaseOf(leg.State),
            StartedAt = leg.StartedAt,
            RingingAt = leg.RingingAt,
            AnsweredAt = leg.AnsweredAt,
            EndedAt = now,
            Media = media,
        };
        Put(leg with { State = new LegState.Ended(record) });
        return Tell((c, s, at) => new LegEnded { Call = c, Sequence = s, At = at, Record = record });
    }

    /// <summary>The leg goes on in another call.</summary>
    public CallTurn Move(Leg leg, LegId to)
    {
        Quiet(leg.Id.Number);
        Put(leg with { State = new LegState.Moved(to) });
        return Tell((c, s, at) => new LegMoved { Call = c, Sequence = s, At = at, Leg = leg.Id, To = to });
    }

    /// <summary>Asks for the end of a leg that lives and is not ending yet.</summary>
    public CallTurn EndLeg(int number, HangupBy by, HangupCause cause, bool elsewhere = false)
    {
        var leg = Leg(number);
        if (leg.State is LegState.Ending or LegState.Ended or LegState.Moved)
            return this;
        Quiet(number);
        Put(leg with { State = new LegState.Ending(by, cause, PhaseOf(leg.State)) });
        return Ask(new CallEffect.EndLeg(number, cause, elsewhere));
    }

    public static LegPhase PhaseOf(LegState state) => state switch
    {
        LegState.Trying => LegPhase.Trying,
        LegState.Ringing => LegPhase.Ringing,
        LegState.Early => LegPhase.Early,
        LegState.Answered => LegPhase.Answered,
        LegState.Bridged => LegPhase.Bridged,
        LegState.Held => LegPhase.Held,
        LegState.Transferring or LegState.Moved => LegPhase.Transferring,
        LegState.Ending ending => ending.Phase,
        LegState.Ended ended => ended.Record.Phase,
        _ => throw new InvalidOperationException($"no such leg state: {state}"),
    };
}
