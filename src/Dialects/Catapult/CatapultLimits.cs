using System.Globalization;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult;

/// <summary>
/// How much an account may ask for: calls of each number and of the whole account, averaged over ten seconds, and requests of each family of
/// resources. Both are off unless set. Safe from any thread; forgotten with the process.
/// </summary>
internal sealed class CatapultLimits(CatapultOptions options, TimeProvider time)
{
    private const int AverageSeconds = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Account, string What), Queue<DateTimeOffset>> _taken = [];

    /// <summary>Counts a call; the failure when there were too many.</summary>
    public CatapultError? TakeCall(string account, string from)
    {
        var limit = options.CallsPerSecond;
        if (limit == 0)
            return null;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            Queue<DateTimeOffset>[] counted = [TakenBy(account, $"from {from}", now, AverageSeconds), TakenBy(account, "calls made", now, AverageSeconds)];
            var most = counted.Max(static q => q.Count);
            if (most >= limit * AverageSeconds)
            {
                var rate = ((most + 1) / (double)AverageSeconds).ToString("0.0", CultureInfo.InvariantCulture);
                return new CatapultError(
                    403, "limit", "call-rate-limit",
                    $"You can create {limit} calls per 1 seconds, calculated as the average over {AverageSeconds} seconds. Your rate is: {rate}");
            }
            foreach (var queue in counted)
                queue.Enqueue(now);
            return null;
        }
    }

    /// <summary>Counts a request; the failure when there were too many of its family.</summary>
    public CatapultError? TakeRequest(string account, string family)
    {
        var limit = options.RequestsPerSecond;
        if (limit == 0)
            return null;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var counted = TakenBy(account, family, now, 1);
            if (counted.Count < limit)
            {
                counted.Enqueue(now);
                return null;
            }
            var reset = counted.Peek().AddSeconds(1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            return new CatapultError(429, "too-many-requests", "rate-limit-reached", "Request rate limit reached")
            {
                Details = [("rateLimitResetTime", reset)],
                Headers = [("X-RateLimit-Reset", reset)],
            };
        }
    }

    private Queue<DateTimeOffset> TakenBy(string account, string what, DateTimeOffset now, int seconds)
    {
        if (!_taken.TryGetValue((account, what), out var taken))
            _taken.Add((account, what), taken = new());
        while (taken.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromSeconds(seconds))
            taken.Dequeue();
        return taken;
    }
}
