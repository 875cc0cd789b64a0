using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;

namespace Switchhook.Exchange.Routing;

/// <summary>Who is calling, as far as routing cares.</summary>
internal abstract record CallerIdentity
{
    /// <summary>A phone of ours that proved its password.</summary>
    public sealed record Phone(Extension Extension) : CallerIdentity;

    /// <summary>A peer exchange, known by its address.</summary>
    public sealed record Peer(Trunk Trunk) : CallerIdentity;

    private CallerIdentity() { }
}

/// <summary>A route: what the call will do, and the number toward the callee.</summary>
/// <param name="Account">The account of what was reached, or null.</param>
/// <param name="ApiExtension">The API extension it arrives at, or null.</param>
internal sealed record Route(CallPlan Plan, string CalleeDialed, string? Account, string? ApiExtension = null);

/// <summary>Dialled number to plan: pure.</summary>
internal static class DialPlan
{
    private const string RoutingDialect = "ozeki";

    private static readonly TimeSpan RingTime = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(60);

    /// <summary>What an inbound call to <paramref name="dialed"/> does.</summary>
    /// <param name="directory">What is provisioned.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="dialed">The number.</param>
    /// <param name="trunks">How the trunks stand; null when nobody knows.</param>
    public static Route ForInbound(CallDirectory directory, CallerIdentity caller, string dialed, ITrunkStates? trunks = null)
    {
        var mayDial = caller is CallerIdentity.Peer peer ? peer.Trunk.MayDial : TrunkDial.All;
        if (directory.Number(dialed) is { } number)
            return ToNumber(directory, number);
        if (directory.Extension(dialed) is { } extension)
        {
            return mayDial is TrunkDial.Extensions or TrunkDial.All
                ? ToExtension(extension)
                : Refused(HangupCause.CallRejected, "trunk may not dial extensions", dialed);
        }
        if (mayDial == TrunkDial.All && FindTrunkRoute(directory, dialed, trunks) is { } target)
            return new Route(new CallPlan.Connect(target, RingTime), target.Number, null);
        return Refused(HangupCause.UnallocatedNumber, "no route", dialed);
    }

    /// <summary>Where a call goes that an application routes: to a number as the dial plan knows it, or over the trunk of that name. Null when it is neither.</summary>
    /// <param name="directory">What is provisioned.</param>
    /// <param name="destination">The number or the trunk's name.</param>
    /// <param name="overTrunk">What is dialled over a trunk that goes by its name.</param>
    /// <param name="ringTime">How long a phone or trunk may ring.</param>
    /// <param name="trunks">How the trunks stand; null when nobody knows.</param>
    public static Route? ForDecision(CallDirectory directory, string destination, string overTrunk, TimeSpan ringTime, ITrunkStates? trunks = null)
    {
        var route = directory.Number(destination) is { } number ? ToNumber(directory, number)
            : directory.Extension(destination) is { } extension ? ToExtension(extension)
            : directory.Trunk(destination) is { } trunk ? new Route(new CallPlan.Connect(new LegTarget.Trunk(trunk.Name, overTrunk), ringTime), overTrunk, null)
            : FindTrunkRoute(directory, destination, trunks) is { } target ? new Route(new CallPlan.Connect(target, ringTime), target.Number, null)
            : null;
        return route is { Plan: CallPlan.Connect connect } ? route with { Plan = connect with { RingTime = ringTime } } : route;
    }

    /// <summary>What the exchange itself does with a party that is sent to that number: a service's or an API extension's. Null when it is neither.</summary>
    public static RouteDecision.To? ForOwn(CallDirectory directory, string dialed)
    {
        var number = directory.Number(dialed);
        if (directory.Extension(number?.To.Extension ?? dialed) is not { Kind: ExtensionKind.Service or ExtensionKind.Api } extension)
            return null;
        var route = ToExtension(extension);
        return new RouteDecision.To(route.Plan, route.CalleeDialed) { Account = number?.Account ?? route.Account, ApiExtension = route.ApiExtension };
    }

    /// <summary>Who is asked before the call goes by that route: the routing application of the caller's account, or else of the account it reaches. Null: nobody.</summary>
    public static CallRouting? Interception(CallDirectory directory, string? callerAccount, Route route) =>
        (RoutingUrl(directory, callerAccount) ?? RoutingUrl(directory, route.Account)) is { } url
            ? new CallRouting(new ScriptRef(RoutingDialect, url), route.Plan, route.CalleeDialed, route.ApiExtension)
            : null;

    private static string? RoutingUrl(CallDirectory directory, string? account) =>
        account is not null && directory.Account(account) is { Ozeki.RoutingUrl: { Length: > 0 } url } found && found.MayUse(RoutingDialect) ? url : null;

    /// <summary>Where a call we place goes; null when nothing fits.</summary>
    public static LegTarget? ForOutbound(CallDirectory directory, string dialed, ITrunkStates? trunks = null)
    {
        if (directory.Extension(dialed) is { Kind: ExtensionKind.Phone or ExtensionKind.DemoPhone } extension)
            return new LegTarget.Extension(extension.Number);
        if (directory.Number(dialed)?.To.Extension is { } own && directory.Extension(own) is { Kind: ExtensionKind.Phone or ExtensionKind.DemoPhone })
            return new LegTarget.Extension(own);
        return FindTrunkRoute(directory, dialed, trunks);
    }

    private static Route ToNumber(CallDirectory directory, NumberEntry number)
    {
        if (number.To.Extension is { } target && directory.Extension(target) is { } extension)
            return ToExtension(extension) is var route ? route with { Account = number.Account ?? route.Account } : route;
        return Refused(HangupCause.NoUserResponse, "number has no usable destination", number.Number) with { Account = number.Account };
    }

    private static Route ToExtension(Extension extension)
    {
        CallPlan plan = extension.Kind switch
        {
            ExtensionKind.Phone or ExtensionKind.DemoPhone => new CallPlan.Connect(new LegTarget.Extension(extension.Number), RingTime),
            ExtensionKind.Service => new CallPlan.Service(extension.Behaviour, extension.Prompt),
            ExtensionKind.Api when extension.Url is { } url => new CallPlan.Scripted(new ScriptRef("ozeki", url), FetchTime),
            ExtensionKind.Api => new CallPlan.Refused(HangupCause.NoUserResponse, "API extension has no url"),
        };
        return new Route(plan, extension.Number, extension.Account, extension.Kind == ExtensionKind.Api ? extension.Number : null);
    }

    private static Route Refused(HangupCause cause, string rule, string dialed) => new(new CallPlan.Refused(cause, rule), dialed, null);

    /// <summary>The matching route with the longest literal prefix; one whose trunk is down only when every trunk that could serve is.</summary>
    private static LegTarget.Trunk? FindTrunkRoute(CallDirectory directory, string dialed, ITrunkStates? trunks)
    {
        OutboundRoute? best = null;
        var rank = (Up: false, Prefix: -1);
        foreach (var route in directory.Provisioning.OutboundRoutes)
        {
            if (!DialPattern.Matches(route.Pattern, dialed))
                continue;
            var next = (Up: trunks?.Of(route.Trunk)?.IsUp ?? true, Prefix: DialPattern.LiteralPrefix(route.Pattern));
            if (next.CompareTo(rank) > 0)
                (best, rank) = (route, next);
        }
        if (best is null || directory.Trunk(best.Trunk) is not { } trunk)
            return null;
        var number = best.Prepend + dialed[Math.Min(best.Strip, dialed.Length)..];
        return number.Length == 0 ? null : new LegTarget.Trunk(trunk.Name, number);
    }
}
