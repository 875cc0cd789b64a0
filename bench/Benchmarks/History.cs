using System.Diagnostics;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage;
using Switchhook.Storage.Log;
using Switchhook.Storage.Postgres;

namespace Switchhook.Benchmarks;

/// <summary>
/// Fills a database with ended calls of the last 300 days through the store itself, a year's worth of a small exchange in a minute or two: what
/// a start, a search or a removal costs is then measured with a real server on it. The newest calls have all their events, the others only
/// their end, as after retention. Run by <c>-- history DIRECTORY|CONNECTION CALLS [CALLS-WITH-EVENTS]</c>.
/// </summary>
internal static class History
{
    private const int CallsInBatch = 500;

    public static void Run(string place, int calls, int withEvents)
    {
        using var storage = Open(place);
        var (from, now) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
        var step = TimeSpan.FromDays(300) / calls;
        var cursor = storage.Log.LastCursor();
        List<LogWrite> batch = [];
        for (var n = 0; n < calls; n++)
        {
            var began = now - (step * (calls - n));
            var id = new CallId((began - CallId.Epoch).Ticks / (TimeSpan.TicksPerSecond / CallId.StepsPerSecond));
            var (by, cause) = EndOf(n);
            var events = SampleCalls.EventsOf(id, n % 100 == 7 ? "rare" : n % 10 == 3 ? "other" : "bench", by, cause);
            foreach (var happened in events.Where(e => n >= calls - withEvents || e is CallEnded))
                batch.Add(new LogWrite.Happened(++cursor, happened, []));
            if ((n + 1) % CallsInBatch != 0 && n + 1 < calls)
                continue;
            storage.Log.Append(batch);
            batch.Clear();
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{calls} calls, {cursor} events, in {Stopwatch.GetElapsedTime(from).TotalSeconds:F0} s"));
    }

    /// <summary>
    /// Removes what is beyond a size, step by step as a server does it but without the pauses, while calls go on: how long the steps take, and how
    /// long a write of a call has to wait. Run by <c>-- retention DIRECTORY|CONNECTION MEGABYTES</c>.
    /// </summary>
    public static void Prune(string place, int megabytes)
    {
        using var storage = Open(place);
        using var over = new CancellationTokenSource();
        List<double> steps = [], writes = [];
        var writing = Task.Run(() =>
        {
            var cursor = storage.Log.LastCursor();
            var now = (TimeProvider.System.GetUtcNow() - CallId.Epoch).Ticks / (TimeSpan.TicksPerSecond / CallId.StepsPerSecond);
            while (!over.IsCancellationRequested)
            {
                var from = Stopwatch.GetTimestamp();
                storage.Log.Append([.. SampleCalls.EventsOf(new CallId(now += 1000)).Select(e => new LogWrite.Happened(++cursor, e, []))]);
                writes.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                over.Token.WaitHandle.WaitOne(5);
            }
        });
        var more = true;
        for (var began = Stopwatch.GetTimestamp(); more && Stopwatch.GetElapsedTime(began).TotalSeconds < 20; over.Token.WaitHandle.WaitOne(5))
        {
            var from = Stopwatch.GetTimestamp();
            more = storage.Prune(LogRetention.Standard with { MaxMegabytes = megabytes });
            steps.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }
        over.Cancel();
        writing.Wait();
        Console.WriteLine($"steps: {Quantiles(steps)}; writes of a call meanwhile: {Quantiles(writes)}; {(more ? "not done" : "done")}");
    }

    private static string Quantiles(List<double> times)
    {
        times.Sort();
        return string.Create(
            CultureInfo.InvariantCulture, $"{times.Count}, median {times[times.Count / 2]:F1} ms, 99 % {times[times.Count * 99 / 100]:F1} ms, longest {times[^1]:F1} ms");
    }

    private static IDurableStorage Open(string place)
    {
        if (place.Contains("Host=", StringComparison.OrdinalIgnoreCase))
            return PostgresStorage.Open(place, TimeProvider.System, exclusive: true);
        Directory.CreateDirectory(place);
        return SqliteStorage.Open($"Data Source={Path.Combine(place, "switchhook.db")};Synchronous=Normal", TimeProvider.System);
    }

    /// <summary>Mostly good ends, some busy and unanswered ones, one in ten thousand of a kind that is searched for.</summary>
    private static (HangupBy By, HangupCause Cause) EndOf(int n) => (n % 10_000, n % 20) switch
    {
        (4321, _) => (new HangupBy.Recovery(), HangupCause.NormalTemporaryFailure),
        (_, 0 or 1) => (new HangupBy.Callee(), HangupCause.UserBusy),
        (_, 2) => (new HangupBy.Timer(CallTimer.Ring), HangupCause.NoAnswer),
        (_, < 10) => (new HangupBy.Callee(), HangupCause.NormalClearing),
        (_, < 12) => (new HangupBy.Api("native", "bench"), HangupCause.NormalClearing),
        _ => (new HangupBy.Caller(), HangupCause.NormalClearing),
    };
}
