using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip;

/// <summary>Bounds of a <see cref="SipStack"/>.</summary>
/// <param name="Messages">Bounds of a message.</param>
/// <param name="MaxTransactions">Live transactions; beyond it new requests get 503 and none are sent.</param>
public sealed record SipStackLimits(SipLimits Messages, int MaxTransactions)
{
    /// <summary>The parser's defaults and two million transactions: 32 s of answered calls, 15 000 a second.</summary>
    public static SipStackLimits Default { get; } = new(SipLimits.Default, 2_000_000);
}

/// <summary>
/// The transaction layer of RFC 3261 §17 over one transport. Everything except <see cref="Wake"/> belongs to the one thread that calls
/// <see cref="Poll"/>; nothing waits, locks or changes threads.
/// </summary>
public sealed partial class SipStack : ISipTransportSink, ITransactionHost
{
    private readonly ISipTransport _transport;
    private readonly TimerWheel _timers;
    private readonly TimerWheel _upkeep;
    private int _liveUpkeep;
    private readonly SipStackLimits _limits;
    private readonly ISipTrace? _trace;
    private readonly RemoteIndex _remotes = new();
    private readonly Queue<Transaction> _failing = new();
    private readonly List<Transaction> _atRemote = [];

    /// <summary>Creates a stack with no transactions.</summary>
    /// <param name="transport">Moves the messages; stays the caller's to close.</param>
    /// <param name="user">Told of everything that happens.</param>
    /// <param name="timers">The wheel of the polling thread; <see cref="Poll"/> fires it.</param>
    /// <param name="limits">Bounds; the default ones when null.</param>
    /// <param name="trace">Sees every message, when given.</param>
    /// <param name="upkeep">A second wheel, for the timers of upkeep; <paramref name="timers"/> serves it as well when null.</param>
    public SipStack(
        ISipTransport transport, ISipStackUser user, TimerWheel timers, SipStackLimits? limits = null, ISipTrace? trace = null, TimerWheel? upkeep = null)
    {
        _transport = transport;
        User = user;
        _timers = timers;
        _upkeep = upkeep ?? timers;
        _limits = limits ?? SipStackLimits.Default;
        _trace = trace;
    }

    /// <summary>What the stack has counted.</summary>
    public SipStackCounters Counters { get; } = new();

    /// <summary>Client and server transactions that have not ended, those of upkeep apart.</summary>
    public int LiveTransactions => _clients.Count + _servers.Count - _liveUpkeep;

    /// <summary>Client transactions of upkeep that have not ended: they come and go by themselves when nothing else happens.</summary>
    public int LiveUpkeep => _liveUpkeep;

    /// <summary>Timers of the wheel that run, those of its other users among them.</summary>
    public int LiveTimers => _timers.LiveTimers;

    /// <summary>The open listening addresses.</summary>
    public IReadOnlyList<SipListener> Listeners => _transport.Listeners;

    /// <summary>Whom the stack tells.</summary>
    public ISipStackUser User { get; }

    TimerWheel ITransactionHost.Timers => _timers;

    TimerWheel ITransactionHost.Upkeep => _upkeep;

    /// <summary>The listener a message on this flow leaves from: its advertised host and port belong into Via and Contact.</summary>
    public SipListener? ListenerFor(in SipFlow flow) => _transport.ListenerFor(flow);

    /// <inheritdoc cref="ISipTransport.KeepAlive"/>
    public bool KeepAlive(in SipFlow flow, TimeSpan interval) => _transport.KeepAlive(flow, interval);

    /// <summary>
    /// Waits for messages, timers, <see cref="Wake"/> or the deadline, handles what there is, and returns how much that was. One wait at
    /// most; the caller loops.
    /// </summary>
    /// <param name="deadline">A timestamp of the wheel's clock; <see cref="long.MaxValue"/> for none, one in the past does not wait.</param>
    public int Poll(long deadline)
    {
        var handled = DeliverFailures();
        handled += _transport.Poll(handled > 0 ? long.MinValue : Math.Min(deadline, Math.Min(_timers.Next, _upkeep.Next)), this);
        handled += _timers.Fire();
        if (!ReferenceEquals(_upkeep, _timers)) handled += _upkeep.Fire();
        return handled + DeliverFailures();
    }

    /// <summary>Ends the wait of <see cref="Poll"/>. From any thread.</summary>
    public void Wake() => _transport.Wake();

    void ISipTransportSink.OnDropped(TransportDrop drop) => Counters.Add(drop);

    /// <summary>Transactions that wait for this remote fail now instead of after 32 s. Only what sends over UDP or asked over a stream
    /// is concerned: an answer finds another connection when its own has ended (RFC 3261 §18.2.2).</summary>
    void ISipTransportSink.OnFailed(in SipFlow flow, TransportFault fault)
    {
        Counters.Add(SipCount.RemoteFailures);
        for (var at = _remotes.First(flow); at is not null; at = at.NextAtRemote)
        {
            if (at is ClientTransaction || !flow.IsReliable || fault != TransportFault.ConnectionClosed) _atRemote.Add(at);
        }

        foreach (var transaction in _atRemote) _failing.Enqueue(transaction);
        _atRemote.Clear();
    }

    SendResult ITransactionHost.Transmit(in SipFlow flow, SipMessage message) => Transmit(flow, message);

    void ITransactionHost.FailLater(Transaction transaction) => _failing.Enqueue(transaction);

    void ITransactionHost.CountIgnored() => Counters.Add(SipCount.InputsIgnored);

    private SendResult Transmit(in SipFlow flow, SipMessage message)
    {
        var result = _transport.Send(flow, message.Wire.Span);
        if (result is SendResult.Sent or SendResult.Queued) Counters.Add(message is SipRequest ? SipCount.RequestsSent : SipCount.ResponsesSent);
        else Counters.Add(result == SendResult.Lost ? SipCount.SendLost : SipCount.SendFailures);
        _trace?.OnSent(flow, message, result);
        return result;
    }

    /// <summary>Delivers the failures known so far; those they cause wait for the next turn.</summary>
    private int DeliverFailures()
    {
        var count = _failing.Count;
        for (var i = 0; i < count; i++) _ = _failing.Dequeue().On(TransactionInput.Unreachable);
        return count;
    }
}
