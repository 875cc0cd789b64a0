namespace Switchhook.Calls.Traces;

/// <summary>One line of a call's trace.</summary>
/// <param name="Kind"><c>sip-in</c>, <c>sip-out</c>, <c>event</c>, <c>webhook</c>, <c>script</c>, <c>note</c>.</param>
/// <param name="Summary">One line.</param>
/// <param name="Detail">The whole message or document, or null.</param>
public sealed record TraceEntry(DateTimeOffset At, string Kind, string Summary, string? Detail);

/// <summary>Traces of live and lately ended calls; bounded in calls and entries. Safe from any thread.</summary>
public interface ICallTraces
{
    void Add(CallId call, TraceEntry entry);

    /// <summary>The entries in order of time, or null when nothing is kept for that call.</summary>
    IReadOnlyList<TraceEntry>? Find(CallId call);
}
