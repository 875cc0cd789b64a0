using Switchhook.Sip.Transport;

namespace Switchhook.Sip;

/// <summary>What a stack counts.</summary>
public enum SipCount
{
    RequestsReceived,
    ResponsesReceived,
    RequestsSent,
    ResponsesSent,

    /// <summary>Requests that repeat one already known; their transaction answered or absorbed them.</summary>
    RequestsRepeated,

    /// <summary>Inputs a machine had no row for: late timers, repeats of answers, answers after the answer.</summary>
    InputsIgnored,

    /// <summary>Unreadable requests that were answered 400 or alike.</summary>
    MalformedAnswered,

    /// <summary>Unreadable messages that could not be answered.</summary>
    MalformedDropped,

    /// <summary>Requests answered 482 because another way had brought them (RFC 3261 §8.2.2.2).</summary>
    Merged,

    /// <summary>Requests answered 503 because the stack has as many transactions as it may.</summary>
    Overload,

    /// <summary>INVITEs answered before anything was made for them, repeats apart (<see cref="ISipStackUser.RefusalOf"/>).</summary>
    RefusedAtOnce,

    /// <summary>Responses no transaction waits for.</summary>
    StrayResponses,

    /// <summary>Messages the transport refused.</summary>
    SendFailures,

    /// <summary>Datagrams the kernel had no room for.</summary>
    SendLost,

    /// <summary>Remotes reported unreachable, connections ended.</summary>
    RemoteFailures,

    /// <summary>CRLF keep-alives.</summary>
    KeepAlives,

    /// <summary>Connections refused because there were too many.</summary>
    ConnectionsRefused,

    /// <summary>Streams that could not be cut into messages.</summary>
    BadFraming,
}

/// <summary>The counters of one stack. Its thread writes, any thread may read.</summary>
public sealed class SipStackCounters
{
    private static readonly int Size = Enum.GetValues<SipCount>().Length;
    private readonly long[] _counts = new long[Size];

    /// <summary>The value of one counter since the stack was made.</summary>
    public long this[SipCount count] => Volatile.Read(ref _counts[(int)count]);

    internal void Add(SipCount count) => Volatile.Write(ref _counts[(int)count], _counts[(int)count] + 1);

    internal void Add(TransportDrop drop) => Add(drop switch
    {
        TransportDrop.KeepAlive => SipCount.KeepAlives,
        TransportDrop.TooManyConnections => SipCount.ConnectionsRefused,
        TransportDrop.BadFraming => SipCount.BadFraming,
    });
}
