using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using static Switchhook.Calls.CallState;

namespace Switchhook.Calls;

/// <summary>Routes that an application decides: the rows of the call's table that ask it and follow what it says.</summary>
public sealed partial record Call
{
    private const string RefusedByRouting = "refused by the routing application";
    private const string TooManyAttempts = "too many routing attempts";

    /// <summary>True while an attempt the application decided on rings: its failure is asked about.</summary>
    private bool IsRouted => State is Trying or Ringing && Routing is { IsAsking: false };

    private static CallStep AskRoute(CallTurn turn, CallRouting routing)
    {
        turn.Change((c, _) => c with { Routing = routing with { IsAsking = true, Question = routing.Question + 1 } });
        return turn.Ask(new CallEffect.AskRoute(turn.Call.Routing!.Question)).Ask(new CallEffect.StartTimer(CallTimer.Ring, CallRouting.AskTime)).Done();
    }

    private static CallStep FollowRoute(CallTurn turn, RouteDecision decision)
    {
        var routing = turn.Call.Routing! with { IsAsking = false };
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring));
        switch (decision)
        {
            case RouteDecision.Refuse:
                turn.Change(static (c, _) => c with { Routing = null });
                return MostTelling(turn.Call) is { } record
                    ? EndCall(turn, record.By, record.Cause)
                    : Hang(turn, new HangupBy.Policy(RefusedByRouting), routing.LastCause ?? HangupCause.CallRejected);
            case RouteDecision.Nowhere nowhere:
                return RouteFailed(turn, routing with { LastDialed = nowhere.Dialed }, new HangupBy.Policy("no route"), HangupCause.UnallocatedNumber);
            case RouteDecision.To to:
                turn.Change((c, _) => c with
                {
                    Plan = to.Plan,
                    CalleeDialed = to.Dialed,
                    Routing = to.Plan is CallPlan.Connect ? routing with { LastDialed = to.Dialed, LastCause = null, FirstLeg = c.Legs.Length + 1 } : null,
                    Caller = to.CallerNumber is { } shown ? new Party(shown) : c.Caller,
                    Accounts = to.Account is { } account && !c.IsVisibleTo(account) ? c.Accounts.Add(account) : c.Accounts,
                    Origin = c.Origin with { ApiExtension = to.ApiExtension },
                });
                return CarryPlan(turn);
            default:
                turn.Change((c, _) => c with { Routing = null, Plan = routing.Otherwise, CalleeDialed = routing.OtherwiseDialed, Origin = c.Origin with { ApiExtension = routing.OtherwiseExtension } });
                return CarryPlan(turn);
        }
    }

    /// <summary>An attempt came to nothing: the application is asked what now, unless it was asked often enough.</summary>
    private static CallStep RouteFailed(CallTurn turn, CallRouting routing, HangupBy by, HangupCause cause)
    {
        EndRinging(turn, by, cause);
        turn.Ask(new CallEffect.StopTimer(CallTimer.Ring));
        if (routing.Question < CallRouting.MostAttempts)
            return AskRoute(turn, routing with { LastCause = cause });
        turn.Change(static (c, _) => c with { Routing = null });
        return EndCall(turn, new HangupBy.Policy(TooManyAttempts), cause);
    }

    private static void EndRinging(CallTurn turn, HangupBy by, HangupCause cause)
    {
        foreach (var leg in turn.Call.Legs)
        {
            if (turn.Call.IsSettingUp(leg.Id.Number))
                turn.EndLeg(leg.Id.Number, by, cause);
        }
    }
}
