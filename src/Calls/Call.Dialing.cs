using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;

namespace Switchhook.Calls;

/// <summary>A script that hands its party on: a transfer in which nobody leaves but the script.</summary>
public sealed partial record Call
{
    /// <summary>In place of the number of a leg that leaves.</summary>
    private const int TheScript = 0;

    private static CallStep DialForScript(CallTurn turn, CallInput.ScriptDials dial)
    {
        var party = turn.Leg(turn.Call.Near);
        if (turn.Call.State is Held && party.State is LegState.Held)
            turn.Ask(new CallEffect.HoldLeg(party.Id.Number, OnHold: false));
        turn.Put(party with { State = new LegState.Transferring() });
        if (dial.FinishedUrl is { } url)
            turn.Change((c, _) => c with { Callbacks = c.Callbacks with { FinishedUrl = url } });
        turn.Become(new Transferring(TheScript, turn.Call.Near)).Ask(new CallEffect.PlayRingback(turn.Call.Near));
        Place(turn, party.Role == LegRole.Caller ? LegRole.Callee : LegRole.Caller, dial.Dialed, dial.Targets);
        return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, dial.RingTime)).Done();
    }

    /// <summary>Nobody answered: the party is the script's again.</summary>
    private static CallStep GiveBackToScript(CallTurn turn, int party, HangupCause cause)
    {
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring));
        turn.Put(turn.Leg(party) with { State = new LegState.Answered() });
        turn.Become(new Talking());
        return turn.Ask(new CallEffect.ScriptDialEnded(cause)).Done();
    }
}
