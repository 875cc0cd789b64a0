using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Resolution;

namespace Switchhook.Sip.Transport.Dns;

/// <summary>
/// A stub resolver with a cache: asks the name servers of the settings, remembers answers and absences, and asks each question once however
/// many wait for it. Safe for any thread; nothing in it runs on a shard.
/// </summary>
/// <param name="settings">Whom to ask; called for every question, so that changes count at once.</param>
/// <param name="time">The clock of time-outs and of the cache.</param>
/// <param name="random">Ids of queries; must not be guessable (RFC 5452). Used under a lock.</param>
/// <param name="cacheCapacity">How many answers are remembered.</param>
public sealed class DnsResolver(Func<DnsSettings> settings, TimeProvider time, IRandomSource random, int cacheCapacity = 1024)
    : IDnsQueries, IDisposable
{
    private const int MostInFlight = 256;

    // Dead servers are not asked again for every call (RFC 2308 §7).
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly DnsCache _cache = new(cacheCapacity, time);
    private readonly Dictionary<DnsQuestion, Task<DnsAnswer>> _inFlight = [];
    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    /// <inheritdoc/>
    public ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancellation)
    {
        if (!DnsNames.TryNormalize(name, out var normal)) return ValueTask.FromResult(DnsAnswer.Without(DnsOutcome.InvalidName));
        var question = new DnsQuestion(normal, type);
        var current = settings();
        if (current.Hosts.Find(question) is { } written) return ValueTask.FromResult(written);
        Task<DnsAnswer>? asking;
        lock (_lock)
        {
            if (_disposed) return ValueTask.FromResult(DnsAnswer.Without(DnsOutcome.Unanswered));
            if (_cache.Find(question) is { } known) return ValueTask.FromResult(known);
            if (!_inFlight.TryGetValue(question, out asking))
            {
                if (_inFlight.Count >= MostInFlight) return ValueTask.FromResult(DnsAnswer.Without(DnsOutcome.Overloaded));
                asking = Task.Run(() => ResolveAsync(question, current), CancellationToken.None);
                _inFlight.Add(question, asking);
            }
        }

        // One who stops waiting does not end the question for the others.
        return new ValueTask<DnsAnswer>(asking.WaitAsync(cancellation));
    }

    /// <summary>Ends open questions as unanswered and waits for them.</summary>
    public void Dispose()
    {
        Task<DnsAnswer>[] open;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            open = [.. _inFlight.Values];
        }

        _stop.Cancel();
        Task.WaitAll(open);
        _stop.Dispose();
    }

    private async Task<DnsAnswer> ResolveAsync(DnsQuestion question, DnsSettings current)
    {
        var answer = DnsAnswer.Without(DnsOutcome.ServerFailure);
        try
        {
            answer = await FollowAsync(question, current).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _cache.Add(question, answer.IsDefinite ? answer : answer with { TimeToLive = FailureLifetime });
                _inFlight.Remove(question);
            }
        }

        return answer;
    }

    /// <summary>Asks on under the true name when a server gives the alias alone.</summary>
    private async Task<DnsAnswer> FollowAsync(DnsQuestion question, DnsSettings current)
    {
        var timeToLive = TimeSpan.MaxValue;
        var asked = question;
        for (var aliases = 0; aliases <= DnsReading.MostAliases; aliases++)
        {
            var reading = await AskServersAsync(asked, current).ConfigureAwait(false);
            if (reading.TimeToLive < timeToLive) timeToLive = reading.TimeToLive;
            if (reading.Answer is { } answer) return answer with { TimeToLive = timeToLive };
            if (!DnsNames.TryNormalize(reading.Alias!, out var alias)) break;
            asked = asked with { Name = alias };
        }

        return DnsAnswer.Without(DnsOutcome.ServerFailure);
    }

    /// <summary>The first answer that says how things are; else the last that does not.</summary>
    private async Task<DnsReading> AskServersAsync(DnsQuestion question, DnsSettings current)
    {
        var last = new DnsReading(DnsAnswer.Without(DnsOutcome.Unanswered), null, TimeSpan.Zero);
        for (var attempt = 0; attempt < current.Attempts; attempt++)
        {
            foreach (var server in current.Servers)
            {
                if (_stop.IsCancellationRequested) return last;
                if (await DnsWire.AskAsync(server, question, NextId(), current.Timeout, time, _stop.Token).ConfigureAwait(false) is not { } response)
                    continue;
                last = DnsReading.Of(response);
                if (last.Answer is not { IsDefinite: false }) return last;
            }
        }

        return last;
    }

    private ushort NextId()
    {
        lock (_lock) return (ushort)random.Next();
    }
}
