using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;

namespace Switchhook.Calls;

/// <summary>Hold and the end: the rows of the call's table that finish it.</summary>
public sealed partial record Call
{
    private static CallStep HoldParties(CallTurn turn)
    {
        foreach (var leg in turn.Call.Legs)
        {
            if (leg.State is LegState.Answered or LegState.Bridged)
            {
                turn.Put(leg with { State = new LegState.Held() });
                turn.Ask(new CallEffect.HoldLeg(leg.Id.Number, OnHold: true));
            }
        }
        turn.Become(new Held());
        return turn.Tell((c, s, at) => new CallHeld { Call = c, Sequence = s, At = at }).Done();
    }

    private static CallStep UnholdParties(CallTurn turn)
    {
        foreach (var leg in turn.Call.Legs)
        {
            if (leg.State is LegState.Held)
            {
                turn.Put(leg with { State = UpState(turn.Call) });
                turn.Ask(new CallEffect.HoldLeg(leg.Id.Number, OnHold: false));
            }
        }
        turn.Become(new Talking());
        return turn.Tell((c, s, at) => new CallUnheld { Call = c, Sequence = s, At = at }).Done();
    }

    private static CallStep HoldByFarSide(CallTurn turn, CallInput.FarHold hold)
    {
        var leg = turn.Leg(hold.Leg);
        if (turn.Call.State is Held || leg.State is not (LegState.Answered or LegState.Bridged or LegState.Held))
            return turn.Done();
        return turn.Put(leg with { State = hold.OnHold ? new LegState.Held() : UpState(turn.Call) }).Done();
    }

    private static LegState UpState(Call call) => call.Far > 0 ? new LegState.Bridged() : new LegState.Answered();

    /// <summary>Every leg is asked to end. A leg whose message leaves at once is recorded by the input that comes back.</summary>
    private static CallStep Hang(CallTurn turn, HangupBy by, HangupCause? asked)
    {
        var ringingOut = turn.Call.State is Trying or Ringing && turn.Call.Legs.Any(l => turn.Call.IsSettingUp(l.Id.Number));
        var cause = asked ?? (ringingOut ? HangupCause.OriginatorCancel : HangupCause.NormalClearing);
        turn.Become(new Ending(by, cause));
        StopTimers(turn);
        foreach (var leg in turn.Call.Legs)
        {
            turn.EndLeg(leg.Id.Number, by, asked ?? NormalFor(turn.Call, leg, cause));
        }
        return EndWhenAllHave(turn, by, cause);
    }

    /// <summary>
    /// What the crash left: nobody knows any more which hangup was on its way, so every leg without a record is asked to end, again perhaps. A
    /// call whose legs all have their records ends as it was going to.
    /// </summary>
    private static CallStep EndRecovered(CallTurn turn)
    {
        var going = turn.Call.State as Ending;
        var (by, cause) = going is not null && turn.Call.Legs.All(static l => l.HasEnded)
            ? (going.By, going.Cause)
            : (new HangupBy.Recovery(), HangupCause.NormalTemporaryFailure);
        turn.Become(new Ending(by, cause));
        foreach (var leg in turn.Call.Legs)
        {
            if (leg.State is LegState.Ending ending)
                turn.Put(leg with { State = new LegState.Ending(by, cause, ending.Phase) }).Ask(new CallEffect.EndLeg(leg.Id.Number, cause));
            else
                turn.EndLeg(leg.Id.Number, by, cause);
        }
        return EndWhenAllHave(turn, by, cause);
    }

    /// <summary>The cause of a leg that nobody gave one for.</summary>
    private static HangupCause NormalFor(Call call, Leg leg, HangupCause cause)
    {
        // An inbound leg that is refused for no other reason is "temporarily unavailable", not "cancelled": it did not cancel.
        if (leg is { Direction: LegDirection.Inbound, AnsweredAt: null })
            return HangupCause.NormalClearing;
        return call.IsSettingUp(leg.Id.Number) ? HangupCause.OriginatorCancel : cause;
    }

    /// <summary>A leg is gone without our asking: its record, and then whatever that means for the others.</summary>
    private static CallStep Lose(CallTurn turn, int number, FarEnd end)
    {
        var leg = turn.Leg(number);
        var (wasSettingUp, wasEnding) = (turn.Call.IsSettingUp(number), leg.State is LegState.Ending);
        // Who was about to be hung up because its place is taken, and hangs up itself on hearing of it, was transferred all the same.
        var by = (leg is { AnsweredAt: not null, State: LegState.Ending { By: HangupBy.Transfer transfer } } ? transfer : null) ?? end.By ?? (leg.Role == LegRole.Caller ? new HangupBy.Caller() : new HangupBy.Callee());
        turn.End(number, by, end.Cause, end.Received, end.Sent, end.Media);
        switch (turn.Call.State)
        {
            case Ending ending:
                return EndWhenAllHave(turn, ending.By, ending.Cause);
            case Transferring moving when number == moving.Transferor:
                return turn.Done();
            case not Ending when wasEnding:
                return turn.Done();
            // A 6xx speaks for every phone of the callee (RFC 3261 §21.6); any other refusal only for the one that sent it.
            case not Ending when wasSettingUp && end.Received?.Status is null or < 600 && turn.Call.Legs.Any(l => turn.Call.IsSettingUp(l.Id.Number)):
                return turn.Done();
            case Transferring when wasSettingUp || turn.Call.Audio.Whisper?.Leg == number:
                return FailTransfer(turn, by, end.Cause);
            case Trying or Ringing when wasSettingUp && turn.Call is { IsRouted: true, Routing: { } routing }:
                var attempt = MostTelling(turn.Call, routing.FirstLeg) ?? turn.Leg(number).Record!;
                return RouteFailed(turn, routing, attempt.By, attempt.Cause);
            default:
                return wasSettingUp && MostTelling(turn.Call) is { } record ? EndCall(turn, record.By, record.Cause) : EndCall(turn, by, end.Cause);
        }
    }

    private static CallStep EndCall(CallTurn turn, HangupBy by, HangupCause cause)
    {
        turn.Become(new Ending(by, cause));
        StopTimers(turn);
        foreach (var leg in turn.Call.Legs)
            turn.EndLeg(leg.Id.Number, by, cause);
        return EndWhenAllHave(turn, by, cause);
    }

    /// <summary>
    /// Of the phones that were rung and failed, the record that says most about the callee: busy before declined before silent, and a phone that could
    /// not be reached last.
    /// </summary>
    private static HangupRecord? MostTelling(Call call, int from = 1) => call.Legs.Skip(from - 1)
        .Where(static l => l is { Direction: LegDirection.Outbound, AnsweredAt: null, Record.By: not (HangupBy.Transfer or HangupBy.Policy { Rule: "answered elsewhere" }) })
        .Select(static l => l.Record!)
        .MinBy(static r => r switch
        {
            { By: HangupBy.Fault } => 5,
            { Cause: HangupCause.UserBusy } => 0,
            { Cause: HangupCause.CallRejected } => 1,
            { Cause: HangupCause.NoAnswer } => 2,
            { Cause: HangupCause.SubscriberAbsent or HangupCause.RecoveryOnTimerExpire } => 4,
            _ => 3,
        });

    private static CallStep Sent(CallTurn turn, CallInput.HangupSent sent)
    {
        var leg = turn.Leg(sent.Leg);
        var ending = (LegState.Ending)leg.State;
        turn.End(sent.Leg, ending.By, ending.Cause, null, sent.Sent, sent.Media);
        return turn.Call.State is Ending call ? EndWhenAllHave(turn, call.By, call.Cause) : turn.Done();
    }

    private static CallStep EndWhenAllHave(CallTurn turn, HangupBy by, HangupCause cause)
    {
        if (turn.Call.Legs.All(l => l.HasEnded))
        {
            // With a single leg its own record is the truth about the call: a refusal that crossed our hangup, say.
            var last = turn.Call.Legs.Length == 1 ? turn.Call.Legs[0].Record : null;
            turn.Change((c, now) => c with { State = new Ended(last?.By ?? by, last?.Cause ?? cause), EndedAt = now });
            turn.Tell((c, s, at) => new CallEnded { Call = c, Sequence = s, At = at });
        }
        return turn.Done();
    }

    private static CallStep Settle(CallTurn turn, CallInput.HangupSettled settled)
    {
        var leg = turn.Leg(settled.Leg);
        if (leg.Record is not { Confirmed: null, Sent: not null } record)
            return turn.Done();
        turn.Put(leg with { State = new LegState.Ended(record with { Confirmed = settled.Confirmation }) });
        return turn.Tell((c, s, at) => new HangupConfirmed { Call = c, Sequence = s, At = at, Leg = leg.Id, Confirmation = settled.Confirmation }).Done();
    }

    private static void StopTimers(CallTurn turn) =>
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring)).Ask(new CallEffect.StopTimer(CallTimer.MaxDuration));
}
