using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Transactions;

/// <summary>What both kinds of transaction are to their stack: timers, a way to send, and a place in its tables.</summary>
internal abstract class Transaction(ITransactionHost host, TransactionKey key, SipRequest request, SipFlow flow) : ITimed
{
    // No state runs more than a repeating timer and one that ends the state.
    private TimerHandle _repeating;
    private TimerHandle _ending;

    public TransactionKey Key => key;

    /// <summary>The request, until <see cref="ReleaseRequest"/>.</summary>
    public SipRequest? Request { get; private set; } = request;

    /// <summary>Where this transaction's messages go.</summary>
    public SipFlow Flow { get; protected set; } = flow;

    /// <summary>The remote by whose failure the transaction is found.</summary>
    public virtual SipEndpoint IndexedRemote => Flow.Remote;

    public object? Context { get; set; }

    public bool HasEnded { get; private set; }

    /// <summary>Neighbours in the list of transactions with the same remote.</summary>
    public Transaction? NextAtRemote { get; set; }

    public Transaction? PreviousAtRemote { get; set; }

    protected ITransactionHost Host => host;

    protected virtual TimerWheel Timers => host.Timers;

    public void OnTimer(int timer) => On(TransactionInput.TimerFired.Of((SipTimer)timer));

    /// <summary>Feeds the machine and does what it asks. False when its table has no row for the input.</summary>
    public abstract bool On(TransactionInput input);

    /// <summary>Carries a step out. The transaction leaves the tables before its user hears of the end.</summary>
    protected bool Carry(TransactionEffect[] effects, bool ends, bool isIgnored)
    {
        if (isIgnored)
        {
            host.CountIgnored();
            return false;
        }

        if (ends)
        {
            HasEnded = true;
            StopTimers();
            host.Remove(this);
        }

        foreach (var effect in effects) Do(effect);
        if (ends) OnEnded();
        return true;
    }

    /// <summary>
    /// Lets go of the request once its final response has passed. The transaction stays for up to 32 s to absorb repeats, which takes its
    /// key and perhaps the last message; thousands of new ones come in that time every second.
    /// </summary>
    protected void ReleaseRequest() => Request = null;

    protected virtual void OnEnded()
    {
    }

    protected abstract void Inform(TransactionEffect effect);

    protected virtual SendResult Transmit(SipMessage message) => host.Transmit(Flow, message);

    private void Do(TransactionEffect effect)
    {
        switch (effect)
        {
            case TransactionEffect.Send send:
                Transmitted(Transmit(send.Message));
                break;
            case TransactionEffect.SendTrying:
                Transmitted(Transmit(SipResponseBuilder.ReplyTo(Request!, SipStatus.Trying, [], Flow.Remote.ToIPEndPoint()).Build()));
                break;
            case TransactionEffect.StartTimer start:
                Start(start.Timer, start.After);
                break;
            case TransactionEffect.StopTimers:
                StopTimers();
                break;
            default:
                Inform(effect);
                break;
        }
    }

    /// <summary>A refused message becomes an input of its own, later: a machine never meets an input inside a step.</summary>
    private void Transmitted(SendResult result)
    {
        if (result is not (SendResult.Sent or SendResult.Queued or SendResult.Lost)) host.FailLater(this);
    }

    private void Start(SipTimer timer, TimeSpan after)
    {
        if (HasEnded) return;
        if (timer is SipTimer.A or SipTimer.E or SipTimer.G or SipTimer.Trying) Timers.Restart(ref _repeating, after, this, (int)timer);
        else Timers.Restart(ref _ending, after, this, (int)timer, isLax: timer is SipTimer.D or SipTimer.I or SipTimer.J or SipTimer.K or SipTimer.L or SipTimer.M);
    }

    private void StopTimers()
    {
        _ = Timers.Cancel(ref _repeating);
        _ = Timers.Cancel(ref _ending);
    }
}

/// <summary>What a transaction needs of its stack.</summary>
internal interface ITransactionHost
{
    TimerWheel Timers { get; }

    /// <summary>The wheel of requests that serve no call; may be the same one.</summary>
    TimerWheel Upkeep { get; }

    ISipStackUser User { get; }

    SendResult Transmit(in SipFlow flow, SipMessage message);

    void FailLater(Transaction transaction);

    void Remove(Transaction transaction);

    void CountIgnored();
}
