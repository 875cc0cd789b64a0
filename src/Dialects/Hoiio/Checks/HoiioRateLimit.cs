using System.Collections.Concurrent;

namespace Switchhook.Dialects.Hoiio.Checks;

/// <summary>Counts requests by application and endpoint in a window that slides: so many within the last minute.</summary>
internal sealed class HoiioRateLimit(int most, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<(string Application, string Endpoint), Queue<long>> _taken = new();

    /// <summary>True when one more may be taken, which counts then. Applications and endpoints are those there are, so this is bounded.</summary>
    public bool TryTake(string application, string endpoint)
    {
        var taken = _taken.GetOrAdd((application, endpoint), static _ => new Queue<long>());
        lock (taken)
        {
            while (taken.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Window)
                taken.Dequeue();
            if (taken.Count >= most)
                return false;
            taken.Enqueue(time.GetTimestamp());
            return true;
        }
    }
}
