using System.Collections.Immutable;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>The lines of the resource map about calls.</summary>
internal static class CatapultCalls
{
    public static readonly ImmutableArray<CatapultOperation> Operations =
    [
        new("GET", "calls", CatapultListCalls.ListAsync),
        new("POST", "calls", CatapultCreateCall.RunAsync) { HasOwnLimit = true },
        new("GET", "calls/{callId}", CatapultListCalls.ShowAsync),
        new("POST", "calls/{callId}", CatapultUpdateCall.RunAsync),
        new("POST", "calls/{callId}/audio", CatapultPlayAudio.RunAsync),
        new("POST", "calls/{callId}/dtmf", CatapultSendDtmf.RunAsync),
        new("POST", "calls/{callId}/gather", CatapultGather.CreateAsync),
        new("GET", "calls/{callId}/gather/{gatherId}", CatapultGather.ShowAsync),
        new("POST", "calls/{callId}/gather/{gatherId}", CatapultGather.UpdateAsync),
        new("GET", "calls/{callId}/events", CatapultCallLog.ListAsync),
        new("GET", "calls/{callId}/events/{eventId}", CatapultCallLog.ShowAsync),
    ];
}
