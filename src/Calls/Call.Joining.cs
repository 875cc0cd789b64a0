using System.Collections.Immutable;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;

namespace Switchhook.Calls;

/// <summary>
/// Two calls with a party in common become one (attended transfer), and a party's place is taken by a new leg (RFC 3891): the rows of the
/// call's table for both. Of two calls the transferred one goes on under its id; the consultation ends.
/// </summary>
public sealed partial record Call
{
    /// <summary>
    /// The legs on the other side of <paramref name="leg"/>, which would go on in another call if it left: the one party it talks to, or those it
    /// rings. Empty when the call cannot give them away: they are not two sides, or one of them is leaving already.
    /// </summary>
    public ImmutableArray<Leg> Consulted(int leg) => State switch
    {
        Talking or Held when MayLeave(leg) => [Legs[(leg == Near ? Far : Near) - 1]],
        Trying or Ringing when leg == 1 && Plan is CallPlan.Connect && FindLeg(1) is { HasEnded: false, State: not LegState.Ending } =>
            [.. Legs.Where(l => IsSettingUp(l.Id.Number))],
        _ => [],
    };

    /// <summary>True when the leg may leave the call to a transfer: it is one of two sides that talk or hold, and both are there.</summary>
    public bool MayLeave(int leg) => State is Talking or Held && (leg == Near || leg == Far) && IsUp(Near) && IsUp(Far);

    /// <summary>The leg of this call whose party takes part in the other one too, and its leg there; null unless there is exactly one.</summary>
    public (int Here, int There)? CommonParty(Call other)
    {
        (int, int)? found = null;
        foreach (var here in Legs)
        {
            foreach (var there in other.Legs)
            {
                if (!MayLeave(here.Id.Number) || other.Consulted(there.Id.Number).IsEmpty || !IsSameParty(here, there))
                    continue;
                if (found is not null)
                    return null;
                found = (here.Id.Number, there.Id.Number);
            }
        }
        return found;
    }

    private static bool IsSameParty(Leg one, Leg other) => one.Extension is { } extension
        ? extension == other.Extension
        : one.Trunk is { } trunk && other.Extension is null && trunk == other.Trunk && one.Party.Number == other.Party.Number;

    private bool IsUp(int leg) => FindLeg(leg)?.State is LegState.Answered or LegState.Bridged or LegState.Held;

    private static CallStep AdoptLegs(CallTurn turn, CallInput.Adopt adopt)
    {
        var staying = adopt.Leaving == turn.Call.Near ? turn.Call.Far : turn.Call.Near;
        var role = turn.Leg(adopt.Leaving).Role;
        Release(turn, staying);
        foreach (var leg in adopt.Legs)
        {
            var number = turn.Call.Legs.Length + 1;
            turn.Put(leg with { Id = new LegId(turn.Call.Id, number), Role = role, From = leg.Id });
            turn.Ask(new CallEffect.AdoptLeg(number, leg.Id));
            if (leg.State is LegState.Held)
                turn.Ask(new CallEffect.HoldLeg(number, OnHold: false));
        }
        var first = turn.Leg(turn.Call.Legs.Length - adopt.Legs.Length + 1);
        if (first.AnsweredAt is not null)
            return TakePlace(turn, adopt.Leaving, staying, first.Id.Number);
        Release(turn, adopt.Leaving);
        turn.Put(turn.Leg(adopt.Leaving) with { State = new LegState.Transferring() });
        turn.Put(turn.Leg(staying) with { State = new LegState.Transferring() });
        turn.Become(new Transferring(adopt.Leaving, staying)).Ask(new CallEffect.PlayRingback(staying));
        return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, adopt.RingTime)).Done();
    }

    private static CallStep HandLegsOver(CallTurn turn, CallInput.HandOver hand)
    {
        var number = hand.First;
        foreach (var leg in turn.Call.Consulted(hand.Leaving))
        {
            turn.Move(leg, new LegId(hand.To, number++));
        }
        return EndCall(turn, new HangupBy.Transfer(), HangupCause.NormalClearing);
    }

    private static CallStep ReplaceParty(CallTurn turn, CallInput.Replace replace)
    {
        var staying = replace.Leg == turn.Call.Near ? turn.Call.Far : turn.Call.Near;
        Release(turn, staying);
        var number = Newcomer(turn, replace);
        turn.Ask(new CallEffect.AnswerLeg(number)).Answered(number);
        return TakePlace(turn, replace.Leg, staying, number);
    }

    /// <summary>A phone that rings is picked up by another: the new leg is the one that answers.</summary>
    private static CallStep ReplaceRinging(CallTurn turn, CallInput.Replace replace)
    {
        turn.EndLeg(replace.Leg, new HangupBy.Transfer(), HangupCause.NormalClearing, elsewhere: true);
        var number = Newcomer(turn, replace);
        turn.Ask(new CallEffect.AnswerLeg(number));
        return Answers(turn, number);
    }

    private static int Newcomer(CallTurn turn, CallInput.Replace replace)
    {
        var number = turn.Call.Legs.Length + 1;
        turn.Put(new Leg
        {
            Id = new LegId(turn.Call.Id, number),
            Direction = LegDirection.Inbound,
            Role = turn.Leg(replace.Leg).Role,
            Party = replace.Party,
            Extension = replace.Extension,
            State = new LegState.Trying(),
            StartedAt = turn.Now,
        });
        return number;
    }

    /// <summary>A hold of ours is over for who goes on.</summary>
    private static void Release(CallTurn turn, int leg)
    {
        if (turn.Call.State is Held)
            turn.Ask(new CallEffect.HoldLeg(leg, OnHold: false));
    }

    /// <summary>Joins the newcomer and the one who stays, and hangs up the one whose place was taken.</summary>
    private static CallStep TakePlace(CallTurn turn, int leaving, int staying, int newcomer)
    {
        if (leaving == turn.Call.Near)
            turn.Pair(newcomer, staying);
        else
            turn.Pair(staying, newcomer);
        Join(turn);
        turn.Become(new Talking());
        turn.Tell((c, s, at) => new CallTransferred { Call = c, Sequence = s, At = at, Leg = turn.Leg(newcomer).Id });
        // Last, so that a phone that asked for the transfer is told of it before it is hung up.
        return turn.EndLeg(leaving, new HangupBy.Transfer(), HangupCause.NormalClearing).Done();
    }
}
