namespace Switchhook.Calls.Traces;

/// <summary>One line of a call's trace.</summary>
/// <param name="Kind"><c>sip-in</c>, <c>sip-out</c>, <c>event</c>, <c>webhook</c>, <c>script</c>, <c>note</c>.</param>
/// <param name="Summary">One line.</param>
/// <param name="Detail">The whole message or document, or null.</param>
public class TraceEntry(DateTimeOffset at, string kind, string summary, string? detail)
{
    public DateTimeOffset At => at;
    public string Kind => kind;

    /// <summary>One line; made when it is read, where making it costs something.</summary>
    public virtual string Summary => summary;

    /// <summary>The whole message or document, or null.</summary>
    public virtual string? Detail => detail;

    /// <summary>About how many octets the entry keeps in memory, so that traces can be bounded; entries that make their text later override it.</summary>
    public virtual int Size => 64 + (2 * (summary.Length + (detail?.Length ?? 0)));
}

/// <summary>Traces of live and lately ended calls; bounded in calls and entries. Safe from any thread.</summary>
public interface ICallTraces
{
    void Add(CallId call, TraceEntry entry);

    /// <summary>The entries in order of time, or null when nothing is kept for that call.</summary>
    IReadOnlyList<TraceEntry>? Find(CallId call);
}
