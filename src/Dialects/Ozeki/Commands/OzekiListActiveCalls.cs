using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>ListActiveCalls: the account's live calls, oldest first. A call that is being hung up is not shown any more.</summary>
internal static class OzekiListActiveCalls
{
    public static OzekiAnswer Run(OzekiAsk ask, OzekiPorts ports)
    {
        var now = ports.Time.GetUtcNow();
        var calls = ports.Calls.Live()
            .Where(c => c.State is not (CallState.Ending or CallState.Ended) && c.IsVisibleTo(ask.Account.Name))
            .Select(c => ask.IsClassic ? OzekiClassic.LiveCall(c, now, ports.Options.TimeZone) : Element(c, now, ports.Options.TimeZone));
        return OzekiAnswer.Ok with { Payload = [new OzekiElement("ActiveCalls", calls.ToImmutableArray())] };
    }

    private static OzekiElement Element(Call call, DateTimeOffset now, TimeZoneInfo zone) => new("Call",
        new OzekiElement("CallId", call.Id.ToString()),
        new OzekiElement("Source", OzekiWords.Source(call)),
        new OzekiElement("CallerId", call.Caller.Number),
        new OzekiElement("Destination", OzekiWords.Destination(call)),
        new OzekiElement("CallerDialed", call.Dialed),
        new OzekiElement("CalleeDialed", call.CalleeDialed),
        new OzekiElement("StartTime", OzekiWords.Time(call.StartedAt, zone)),
        new OzekiElement("RingDuration", OzekiWords.RingDuration(call)),
        new OzekiElement("TalkDuration", OzekiWords.TalkDuration(call, now)),
        new OzekiElement("CallState", OzekiWords.LiveState(call.State)));
}
