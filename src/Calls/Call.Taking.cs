using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;

namespace Switchhook.Calls;

/// <summary>A party that is transferred to a service or an API extension: the exchange itself takes it, and the call goes on with one leg.</summary>
public sealed partial record Call
{
    /// <summary>The call as the script sees it that is to take its party: as one that has arrived there.</summary>
    public Call ForScript() => State is Transferring { Into: { } into } ? AsTaken(into) : this;

    private Call AsTaken(RouteDecision.To into) => this with
    {
        Plan = into.Plan,
        CalleeDialed = into.Dialed,
        Origin = Origin with { ApiExtension = into.ApiExtension },
        Accounts = into.Account is { } account && !IsVisibleTo(account) ? Accounts.Add(account) : Accounts,
    };

    private static CallStep TransferInto(CallTurn turn, CallInput.Transfer transfer, RouteDecision.To into)
    {
        // What refuses every call refuses this one too, before anybody has moved.
        if (RefusalOf(into.Plan) is { } cause)
            return turn.Tell((c, s, at) => new CallTransferFailed { Call = c, Sequence = s, At = at, Cause = cause }).Done();
        return BeginInto(turn, BeTransferring(turn, transfer), into, transfer.RingTime);
    }

    /// <summary>A script hands its party on to a service, or to another script: the same, but that nobody leaves the call.</summary>
    private static CallStep DialInto(CallTurn turn, CallInput.ScriptDials dial, RouteDecision.To into)
    {
        if (RefusalOf(into.Plan) is { } cause)
            return turn.Ask(new CallEffect.ScriptDialEnded(cause)).Done();
        NoteFinishedUrl(turn, dial.FinishedUrl);
        return BeginInto(turn, SendAway(turn, TheScript) with { Into = into }, into, dial.RingTime);
    }

    private static CallStep BeginInto(CallTurn turn, Transferring moving, RouteDecision.To into, TimeSpan ringTime)
    {
        turn.Become(moving);
        switch (into.Plan)
        {
            case CallPlan.Scripted scripted:
                return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, scripted.FetchTime))
                    .Ask(new CallEffect.RunScript(moving.Remaining, scripted.Script, Incoming: true)).Done();
            case CallPlan.Service { Behaviour: ServiceBehaviour.Ring }:
                return turn.Ask(new CallEffect.StartTimer(CallTimer.Ring, ringTime)).Done();
            default:
                return FinishInto(turn, moving, into);
        }
    }

    private static HangupCause? RefusalOf(CallPlan plan) => plan switch
    {
        CallPlan.Service { Behaviour: ServiceBehaviour.Busy } => HangupCause.UserBusy,
        CallPlan.Service { Behaviour: ServiceBehaviour.Reject } => HangupCause.CallRejected,
        CallPlan.Refused refused => refused.Cause,
        _ => null,
    };

    private static CallStep FinishInto(CallTurn turn, Transferring moving, RouteDecision.To into)
    {
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring)).Ask(new CallEffect.StopRingback(moving.Remaining));
        turn.Put(turn.Leg(moving.Remaining) with { State = new LegState.Answered() });
        turn.Pair(moving.Remaining, 0).Become(new Talking()).Change((c, _) => c.AsTaken(into));
        turn.Tell((c, s, at) => new CallTransferred { Call = c, Sequence = s, At = at, Leg = turn.Leg(moving.Remaining).Id });
        // After the event, so that a phone that asked for the transfer is told of it before it is hung up.
        if (moving.Transferor == TheScript)
            turn.Ask(new CallEffect.ScriptDialEnded(null));
        else
            turn.EndLeg(moving.Transferor, new HangupBy.Transfer(), HangupCause.NormalClearing);
        return into.Plan switch
        {
            CallPlan.Scripted => turn.Ask(new CallEffect.ResumeScript()).Done(),
            CallPlan.Service { Behaviour: ServiceBehaviour.Hangup } => Hang(turn, new HangupBy.Policy("service hangup"), HangupCause.NormalClearing),
            CallPlan.Service { Behaviour: ServiceBehaviour.Play or ServiceBehaviour.Echo } service =>
                turn.Ask(new CallEffect.RunService(moving.Remaining, service.Behaviour, service.Prompt)).Done(),
            _ => turn.Done(),
        };
    }
}
