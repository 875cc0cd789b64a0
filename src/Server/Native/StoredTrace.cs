using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;
using Switchhook.Server.Events;

namespace Switchhook.Server.Native;

/// <summary>
/// What the log knows of a call whose trace is not in memory, or not from its beginning on, because it was up before a restart or is long over: its
/// events. Messages and deliveries are kept in memory alone.
/// </summary>
internal static class StoredTrace
{
    /// <summary>Pages of the log that are looked at: those in which nothing of the call can be are passed over.</summary>
    private const int MostPages = 20;

    private const int PageSize = 64;

    /// <summary>With this in memory, all is.</summary>
    private const string First = "call.started";

    /// <summary>The entries in order of time, put before those that are in memory.</summary>
    public static async ValueTask<IReadOnlyList<TraceEntry>> CompleteAsync(
        this EventSource events, CallId call, IReadOnlyList<TraceEntry> kept, bool showKeys, CancellationToken cancellation)
    {
        if (kept.Any(static e => e.Kind == "event" && e.Summary == First))
            return kept;
        var until = kept is [var earliest, ..] ? earliest.At : DateTimeOffset.MaxValue;
        List<TraceEntry> stored = [];
        var filter = new EventFilter(Call: call);
        var after = 0L;
        for (var page = 0; page < MostPages; page++)
        {
            var read = await events.PageAsync(after, PageSize, filter, cancellation);
            stored.AddRange(read.Events.Where(e => e.Event.At < until).Select(e => new EventTrace(e.Event, showKeys)));
            if (read.Through <= after)
                break;
            after = read.Through;
        }
        return [.. stored.OrderBy(static e => e.At), .. kept];
    }
}
