using Switchhook.Calls;
using Switchhook.Calls.Machine;
using Switchhook.Exchange.Routing;
using Switchhook.Ivr;

namespace Switchhook.Exchange.Running;

/// <summary>Asks an application where the call goes, and finds what it names.</summary>
internal sealed partial class RunningCall
{
    private CancellationTokenSource? _asking;

    private void AskRoute(int question)
    {
        var routing = Call.Routing!;
        var caller = Call.Legs[0];
        var last = routing.LastCause is null ? null : Call.Legs.Skip(routing.FirstLeg - 1).LastOrDefault(static l => l.Role == LegRole.Callee);
        var attempt = new RoutingQuestion(
            caller.Party.Number, caller.Extension ?? caller.Trunk ?? "", Call.Dialed, routing.LastDialed ?? Call.Dialed,
            routing.LastCause is null ? null : last?.Extension ?? last?.Trunk ?? routing.LastDialed, routing.LastCause);
        _asking ??= new CancellationTokenSource();
        _context.AskRoute(Call, question, new ScriptRequest(Call, routing.Script, ScriptOccasion.RoutingInterception) { Routing = attempt }, _asking.Token);
    }

    /// <summary>The application replied, or did not. One that replies nothing of use has decided nothing.</summary>
    public void OnRoute(int question, ScriptFetch result)
    {
        if (Call.Routing is not { IsAsking: true } routing || routing.Question != question)
            return;
        Give(new CallInput.RouteDecided(question, Decide(result)));
    }

    private RouteDecision Decide(ScriptFetch result)
    {
        if (result is not ScriptFetch.Loaded { Script: var script })
        {
            if (result is ScriptFetch.Failed failed)
                Give(new CallInput.ScriptReports(failed.Code, failed.Message));
            return new RouteDecision.DialPlan();
        }
        foreach (var written in script.Verbs)
        {
            switch (written is Verb.Template template ? template.Of.Bind(new ScriptScope(ScriptVariables.None, null)) : written)
            {
                case Verb.Route route:
                    return Find(route);
                case Verb.Invalid invalid:
                    Give(new CallInput.ScriptReports(invalid.Code, invalid.Message));
                    break;
                case var other:
                    var error = script.Errors.OutOfPlace(other);
                    Give(new CallInput.ScriptReports(error.Code, error.Message));
                    break;
            }
        }
        return new RouteDecision.DialPlan();
    }

    private RouteDecision Find(Verb.Route asked)
    {
        if (asked.Destination.Length == 0)
            return new RouteDecision.Refuse();
        if (_context.Decide(asked.Destination, asked.DialedNumber ?? Call.Dialed, asked.RingTime) is not { } route)
            return new RouteDecision.Nowhere(asked.Destination);
        return new RouteDecision.To(_context.Targets.ExpandPlan(route.Plan), route.CalleeDialed)
        {
            Account = route.Account,
            ApiExtension = route.ApiExtension,
            CallerNumber = asked.CallerId,
        };
    }
}
