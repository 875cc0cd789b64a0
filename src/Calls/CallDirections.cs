using Switchhook.Calls.Ports;

namespace Switchhook.Calls;

/// <summary>Tells a call's direction as call records show it.</summary>
public static class CallDirections
{
    /// <summary>By the side each end is on: it came from a trunk or not, and it went, or was planned to go, to a trunk or not.</summary>
    public static CallDirection Of(Call call)
    {
        var fromTrunk = call.Origin.Kind == CallOriginKind.Trunk;
        var toTrunk = call.Plan is CallPlan.Connect { Target: LegTarget.Trunk } or CallPlan.Originated { First: LegTarget.Trunk }
            || call.Legs.Any(leg => leg is { Role: LegRole.Callee, Target: LegTarget.Trunk });
        return (fromTrunk, toTrunk) switch
        {
            (false, false) => CallDirection.Internal,
            (true, false) => CallDirection.Inbound,
            (false, true) => CallDirection.Outbound,
            (true, true) => CallDirection.External,
        };
    }
}
