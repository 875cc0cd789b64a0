using Switchhook.Calls;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox;

/// <summary>One side of a call as answers and reports show it: an extension, or the trunk's call it came in or went out by.</summary>
/// <param name="Id">The leg's id in the vendor's shape, the <c>callid</c> of what happens on that side.</param>
/// <param name="Extension">The extension's number; null for an outside party.</param>
/// <param name="Trunk">The outside party's member; null for an extension.</param>
internal sealed record OpenVoxParty(string Id, string? Extension, OpenVoxMember? Trunk)
{
    public OpenVoxMember Member => Trunk ?? new OpenVoxMember("ext", OpenVoxNode.Of(("extid", Extension ?? "")));

    /// <summary>As answers show it: the id of a trunk's call stands first there, and last in reports.</summary>
    public OpenVoxMember InAnswers => Trunk is { Value: OpenVoxNode.Map map } outside
        ? new(outside.Name, new OpenVoxNode.Map([map.Members[^1], .. map.Members[..^1]]))
        : Member;

    /// <summary>Who is on that side of the call, or is to be; null when it is a script that nobody gave a number.</summary>
    public static OpenVoxParty? Of(Call call, LegRole side)
    {
        if (LegOf(call, side) is { } leg)
            return OfLeg(call, leg);
        // Nobody is there yet, or it is the exchange itself.
        var id = OpenVoxId.Of(new LegId(call.Id, call.Plan is CallPlan.Originated { Second: not null } ? call.Legs.Length + 1 : 0));
        return (side, call.Plan) switch
        {
            (LegRole.Callee, CallPlan.Originated { Second: LegTarget.Trunk second }) => Outbound(id, call, second),
            (LegRole.Callee, CallPlan.Originated { Second: LegTarget.Extension second }) => new OpenVoxParty(id, second.Number, null),
            (LegRole.Caller, _) => call.Origin.ApiExtension is { } application ? new OpenVoxParty(id, application, null) : null,
            _ => new OpenVoxParty(id, call.CalleeDialed, null),
        };
    }

    public static OpenVoxParty OfLeg(Call call, Leg leg)
    {
        var id = OpenVoxId.Of(leg);
        return leg switch
        {
            { Trunk: { } trunk, Target: LegTarget.Trunk target } => new OpenVoxParty(id, null, ("outbound", Members(
                call.Caller.Number, target.Number, trunk, "outboundid", id))),
            { Trunk: { } trunk } => new OpenVoxParty(id, null, ("inbound", Members(leg.Party.Number, call.Dialed, trunk, "inboundid", id))),
            _ => new OpenVoxParty(id, leg.Extension ?? leg.Party.Number, null),
        };
    }

    /// <summary>The leg of that side: who talks there, else who rings there, else who was there last.</summary>
    private static Leg? LegOf(Call call, LegRole side)
    {
        if (call.FindLeg(call.Near) is { } near && near.Role == side)
            return near;
        if (call.FindLeg(call.Far) is { } far && far.Role == side)
            return far;
        return call.Legs.FirstOrDefault(l => l.Role == side && !l.HasEnded) ?? call.Legs.LastOrDefault(l => l.Role == side);
    }

    private static OpenVoxParty Outbound(string id, Call call, LegTarget.Trunk target) =>
        new(id, null, ("outbound", Members(call.Caller.Number, target.Number, target.Name, "outboundid", id)));

    private static OpenVoxNode.Map Members(string from, string to, string trunk, string idName, string id) =>
        OpenVoxNode.Of(("from", from), ("to", to), ("trunk", trunk), (idName, id));
}
