using Switchhook.Sip.Dialogs;

namespace Switchhook.Sip.Resolution;

/// <summary>The order in which hosts of a service are tried (RFC 2782, "Usage rules").</summary>
internal static class ServiceOrder
{
    /// <summary>By priority; within one, drawn by weight, so that a host with weight 0 is nearly always behind those with more.</summary>
    public static IEnumerable<TargetHost> Draw(IReadOnlyCollection<TargetHost> hosts, IRandomSource random)
    {
        if (hosts.Count < 2) return hosts;
        var order = new List<TargetHost>(hosts.Count);
        foreach (var equals in hosts.GroupBy(static h => h.Priority).OrderBy(static g => g.Key))
        {
            // Those with weight 0 stand first, where only a draw of exactly 0 reaches them.
            var left = equals.OrderBy(static h => h.Weight != 0).ToList();
            while (left.Count > 1)
            {
                var at = Pick(left, random);
                order.Add(left[at]);
                left.RemoveAt(at);
            }

            order.Add(left[0]);
        }

        return order;
    }

    /// <summary>A number from 0 to the sum of weights, both included, falls on the first host whose running sum reaches it.</summary>
    private static int Pick(List<TargetHost> left, IRandomSource random)
    {
        var sum = 0UL;
        foreach (var host in left) sum += host.Weight;
        var drawn = Math.BigMul(random.Next(), sum + 1, out _);
        var running = 0UL;
        for (var at = 0; at < left.Count; at++)
        {
            running += left[at].Weight;
            if (running >= drawn) return at;
        }

        return left.Count - 1;
    }
}
