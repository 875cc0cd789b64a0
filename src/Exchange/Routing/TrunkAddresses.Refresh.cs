using System.Net;
using Microsoft.Extensions.Logging;
using Switchhook.Sip.Resolution;

namespace Switchhook.Exchange.Routing;

/// <summary>Looking trunk hosts up, off the shard.</summary>
internal sealed partial class TrunkAddresses
{
    private const int MostAtOnce = 8;

    // A trunk that was just provisioned is found within this.
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);

    // Zones with a shorter time to live are not asked more often; those with a longer one are not believed longer.
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Latest = TimeSpan.FromHours(1);

    /// <summary>Asks for every trunk host that is not known, or whose time has come; forgets those no trunk has any more.</summary>
    internal async Task RefreshDueAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var wanted = directory.Current.Provisioning.Trunks.SelectMany(HostsOf).Where(static h => !IPAddress.TryParse(h.Host, out _)).ToHashSet();
        foreach (var host in _known.Keys)
        {
            if (!wanted.Contains(host))
                _known.TryRemove(host, out _);
        }
        var due = wanted.Where(h => !_known.TryGetValue(h, out var known) || known.AskAgainAt <= now).ToList();
        if (due.Count == 0)
            return;
        var options = new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(due, options, LookUpAsync).ConfigureAwait(false);
    }

    private async Task RefreshAsync()
    {
        using var timer = new PeriodicTimer(LookAround, time);
        try
        {
            do
                await RefreshDueAsync(_stop.Token).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopping is how this ends.
        }
    }

    private async ValueTask LookUpAsync(TrunkHost host, CancellationToken cancellation)
    {
        var before = _known.GetValueOrDefault(host);
        var step = TargetQuestion.TryFrom(host.Host, host.Port, host.Transport, secure: false, out var question, out var mistake)
            ? await finder.FindAsync(question, cancellation).ConfigureAwait(false)
            : new TargetStep.Nowhere(mistake, Latest);
        var known = Learn(before, step);
        _known[host] = known;
        if (known.Fault != TargetFault.None && known.Fault != before?.Fault)
            LogNotFound(host.Host, known.Fault);
        else if (known.Fault == TargetFault.None && before is { Fault: not TargetFault.None })
            LogFoundAgain(host.Host);
    }

    /// <summary>While nobody can tell, what was said last still counts (RFC 8767); that there is no such host counts at once.</summary>
    private Known Learn(Known? before, TargetStep step)
    {
        var now = time.GetUtcNow();
        return step switch
        {
            TargetStep.Found { Targets: { IsCertain: false } } when before?.Targets is { } last => new Known(last, TargetFault.Unanswered, now + Soonest),
            TargetStep.Found { Targets: { IsCertain: false } unsure } => new Known(unsure, TargetFault.None, now + Soonest),
            TargetStep.Found { Targets: var targets } => new Known(targets, TargetFault.None, now + Bounded(targets.TimeToLive)),
            TargetStep.Nowhere { Fault: TargetFault.Unanswered } => new Known(before?.Targets, TargetFault.Unanswered, now + Soonest),
            TargetStep.Nowhere nowhere => new Known(null, nowhere.Fault, now + Bounded(nowhere.TimeToLive)),
            _ => throw new InvalidOperationException($"the finder ended with {step}"),
        };
    }

    private static TimeSpan Bounded(TimeSpan timeToLive) => timeToLive < Soonest ? Soonest : timeToLive > Latest ? Latest : timeToLive;

    [LoggerMessage(EventName = "TrunkHostNotFound", Level = LogLevel.Warning, Message = "the trunk host {Host} was not found: {Fault}")]
    private partial void LogNotFound(string host, TargetFault fault);

    [LoggerMessage(EventName = "TrunkHostFound", Level = LogLevel.Information, Message = "the trunk host {Host} is found again")]
    private partial void LogFoundAgain(string host);
}
