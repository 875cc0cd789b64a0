using System.Text;
using System.Text.Unicode;

namespace Switchhook.Calls.Traces;

/// <summary>One line of a call's trace.</summary>
/// <param name="Kind"><c>sip-in</c>, <c>sip-out</c>, <c>event</c>, <c>webhook</c>, <c>script</c>, <c>note</c>.</param>
/// <param name="Summary">One line.</param>
/// <param name="Detail">The whole message or document, or null.</param>
public class TraceEntry(DateTimeOffset at, string kind, string summary, string? detail)
{
    public DateTimeOffset At => at;
    public string Kind => kind;

    /// <summary>One line.</summary>
    public virtual string Summary => summary;

    /// <summary>The whole message or document, or null.</summary>
    public virtual string? Detail => detail;

    /// <summary>The whole message or document as UTF-8; empty when there is none.</summary>
    public virtual ReadOnlyMemory<byte> DetailOctets => detail is null ? default : Encoding.UTF8.GetBytes(detail);

    /// <summary>Writes the line as UTF-8, as much of it as fits; returns how many octets that was.</summary>
    public virtual int WriteSummary(Span<byte> room)
    {
        _ = Utf8.FromUtf16(Summary, room, out _, out var written);
        return written;
    }
}

/// <summary>Traces of live and lately ended calls; bounded. Safe from any thread.</summary>
public interface ICallTraces
{
    /// <summary>
    /// True when keys may stand in a trace. They may be a PIN: without it whoever makes an entry shows that keys were pressed, and not which
    /// (<see cref="TraceKeys"/>).
    /// </summary>
    bool ShowsKeys => false;

    /// <summary>Keeps what the entry says, not the entry.</summary>
    void Add(CallId call, TraceEntry entry);

    /// <summary>The entries in order of time, or null when nothing is kept for that call.</summary>
    IReadOnlyList<TraceEntry>? Find(CallId call);
}
