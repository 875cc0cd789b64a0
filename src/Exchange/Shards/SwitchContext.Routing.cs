using Switchhook.Calls;
using Switchhook.Exchange.Routing;
using Switchhook.Ivr;

namespace Switchhook.Exchange.Shards;

/// <summary>Routes that applications decide.</summary>
internal sealed partial class SwitchContext
{
    /// <summary>Where a number or trunk that an application names leads, or null; set once the shard exists.</summary>
    public Func<string, string, TimeSpan, Route?> Decide { get; set; } = null!;

    /// <summary>What the exchange itself does with a party sent to a number; null where it leads elsewhere or nowhere. Set once the shard exists.</summary>
    public Func<string, RouteDecision.To?> Own { get; set; } = null!;

    /// <summary>Asks an application for a route; the answer comes to the shard.</summary>
    public void AskRoute(Call call, int question, ScriptRequest request, CancellationToken stop)
    {
        if (!Scripts.TryGetValue(request.Script.Dialect, out var source))
            Post(new ShardInput.RouteFetched(call.Id, question, new ScriptFetch.Failed(0, $"no dialect '{request.Script.Dialect}' with scripts")));
        else
            Begin(async () => Post(new ShardInput.RouteFetched(call.Id, question, await FetchAsync(source, request, stop).ConfigureAwait(false))));
    }
}
