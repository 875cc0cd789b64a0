using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;

namespace Switchhook.Calls;

/// <summary>Sending a call elsewhere: the rows of the call's table that forward and transfer it.</summary>
public sealed partial record Call
{
    /// <summary>How long a number has that takes a call in the place of its application.</summary>
    private static readonly TimeSpan UnheardRingTime = TimeSpan.FromSeconds(60);

    private static CallStep ForwardTo(CallTurn turn, CallInput.Forward forward)
    {
        foreach (var leg in turn.Call.Legs)
        {
            if (turn.Call.IsSettingUp(leg.Id.Number))
                turn.EndLeg(leg.Id.Number, new HangupBy.Transfer(), HangupCause.NormalClearing, elsewhere: true);
        }
        turn.Change((c, _) => c with { CalleeDialed = forward.Dialed, Routing = null });   // whoever forwards it decides in the place of the one who routed it
        if (forward.Into is { } into)
        {
            turn.Ask(new CallEffect.StopTimer(CallTimer.Ring)).Change((c, _) => c.AsTaken(into));
            turn.Tell((c, s, at) => new CallForwarded { Call = c, Sequence = s, At = at });
            return CarryPlan(turn);
        }
        Place(turn, LegRole.Callee, forward.Dialed, forward.Targets);
        turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, ((CallPlan.Connect)turn.Call.Plan).RingTime));
        return turn.Tell((c, s, at) => new CallForwarded { Call = c, Sequence = s, At = at }).Done();
    }

    /// <summary>The application that was to take it never heard of it: from here on it is a call like any other.</summary>
    private static CallStep ForwardUnheard(CallTurn turn, CallInput.Forward forward)
    {
        if (forward.Into is null)
            turn.Change((c, _) => c with { Plan = new CallPlan.Connect(forward.Targets[0], UnheardRingTime) { Also = forward.Targets.RemoveAt(0) } });
        return ForwardTo(turn, forward);
    }

    private static CallStep BeginTransfer(CallTurn turn, CallInput.Transfer transfer)
    {
        BeTransferring(turn, transfer);
        Place(turn, transfer.Transferor, transfer.Dialed, transfer.Targets);
        return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, transfer.RingTime)).Done();
    }

    /// <summary>One party is to leave; the other hears ringing.</summary>
    private static Transferring BeTransferring(CallTurn turn, CallInput.Transfer transfer)
    {
        var (near, far) = (turn.Call.Near, turn.Call.Far);
        var nearLeaves = turn.Leg(near).Role == transfer.Transferor;
        var (leaving, staying) = nearLeaves ? (near, far) : (far, near);
        foreach (var number in (int[])[leaving, staying])
        {
            if (turn.Leg(number).State is LegState.Held && turn.Call.State is Held)
                turn.Ask(new CallEffect.HoldLeg(number, OnHold: false));
            turn.Put(turn.Leg(number) with { State = new LegState.Transferring() });
        }
        if (transfer.FinishedUrl is { } url)
            turn.Change((c, _) => c with { Callbacks = c.Callbacks with { FinishedUrl = url } });
        var moving = new Transferring(leaving, staying) { Into = transfer.Into };
        turn.Become(moving).Ask(new CallEffect.PlayRingback(staying));
        return moving;
    }

    private static CallStep FinishTransfer(CallTurn turn, Transferring moving, int answered)
    {
        if (turn.Leg(answered).AnsweredAt is null)
        {
            turn.Answered(answered);
            EndOtherPhones(turn, answered);
        }
        turn.Sound(static a => a with { Whisper = null });
        if (moving.Transferor == turn.Call.Near)
            turn.Pair(answered, moving.Remaining);
        else
            turn.Pair(moving.Remaining, answered);
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring));
        Join(turn);
        turn.Become(new Talking());
        turn.Tell((c, s, at) => new CallTransferred { Call = c, Sequence = s, At = at, Leg = turn.Leg(answered).Id });
        if (moving.Transferor == TheScript)
            return turn.Ask(new CallEffect.ScriptDialEnded(null)).Done();
        if (moving.Transferor == TheApplication)
            return turn.Done();
        // Last, so that a phone that asked for the transfer is told of it before it is hung up.
        return turn.EndLeg(moving.Transferor, new HangupBy.Transfer(), HangupCause.NormalClearing).Done();
    }

    /// <summary>The ring time is over: whoever rings is cancelled, and the transfer has failed.</summary>
    private static CallStep GiveUpTransfer(CallTurn turn)
    {
        var timer = new HangupBy.Timer(CallTimer.Ring);
        foreach (var leg in turn.Call.Legs)
        {
            if (turn.Call.IsSettingUp(leg.Id.Number))
                turn.EndLeg(leg.Id.Number, timer, HangupCause.NoAnswer);
        }
        return FailTransfer(turn, timer, HangupCause.NoAnswer);
    }

    /// <summary>The parties are joined again; without the one that wanted to leave, the other has nobody left to talk to.</summary>
    private static CallStep FailTransfer(CallTurn turn, HangupBy by, HangupCause cause)
    {
        var moving = (Transferring)turn.Call.State;
        if (moving.Transferor == TheScript)
            return GiveBackToScript(turn, moving.Remaining, cause);
        if (moving.Transferor == TheApplication)
            return GiveBackToApplication(turn, moving.Remaining, cause);
        if (moving.Into is { Plan: CallPlan.Scripted })
            turn.Ask(new CallEffect.StopScript());
        if (turn.Leg(moving.Transferor).State is not LegState.Transferring)
            return EndCall(turn, by, cause);
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring));
        Join(turn);
        turn.Become(new Talking());
        return turn.Tell((c, s, at) => new CallTransferFailed { Call = c, Sequence = s, At = at, Cause = cause }).Done();
    }
}
