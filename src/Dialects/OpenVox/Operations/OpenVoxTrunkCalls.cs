using Switchhook.Calls;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>inbound/query and outbound/query: the trunks' calls of this moment. The id of a call is that of its leg on the trunk.</summary>
internal static class OpenVoxTrunkCalls
{
    public static ValueTask<OpenVoxAnswer> QueryInboundAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        new(Query(ask, ports, "inbound", LegDirection.Inbound));

    public static ValueTask<OpenVoxAnswer> QueryOutboundAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) =>
        new(Query(ask, ports, "outbound", LegDirection.Outbound));

    /// <summary>The live call of the account with that leg on a trunk, in that direction.</summary>
    public static Call? Find(OpenVoxAsk ask, OpenVoxPorts ports, string id, LegDirection direction) =>
        OpenVoxId.TryParse(id, out var leg)
            && ports.Calls.Find(leg.Call) is { HasEnded: false } call && call.IsVisibleTo(ask.Account.Name)
            && call.FindLeg(leg.Number) is { State: not LegState.Moved } there && IsOn(there, direction)
            ? call
            : ask.Live(ports).FirstOrDefault(c => c.Legs.Any(l => l.From is not null && IsOn(l, direction) && OpenVoxId.Of(l) == id));

    private static OpenVoxAnswer Query(OpenVoxAsk ask, OpenVoxPorts ports, string name, LegDirection direction)
    {
        var wanted = ask[name + "id"] is { } ids && ids != "all" ? ids.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal) : null;
        var found =
            from call in ask.Live(ports)
            from leg in call.Legs
            where !leg.HasEnded && IsOn(leg, direction) && wanted?.Contains(OpenVoxId.Of(leg)) != false
            select (OpenVoxNode)Describe(call, leg, name);
        return OpenVoxAnswer.With((name, new OpenVoxNode.List([.. found], Unwrapped: true)));
    }

    private static OpenVoxNode.Map Describe(Call call, Leg leg, string name)
    {
        var shown = ((OpenVoxNode.Map)OpenVoxParty.OfLeg(call, leg).InAnswers.Value).Members;
        var other = leg.Role == LegRole.Caller ? LegRole.Callee : LegRole.Caller;
        if (name == "inbound" && OpenVoxParty.Of(call, other) is { } party)
            shown = shown.Add(("callee", party.Trunk is null ? party.Member.Value : OpenVoxNode.Of(party.InAnswers)));
        return new OpenVoxNode.Map(shown.Add(("status", OpenVoxWords.TrunkStatus(call))));
    }

    private static bool IsOn(Leg leg, LegDirection direction) => leg.Trunk is not null && leg.Direction == direction;
}
