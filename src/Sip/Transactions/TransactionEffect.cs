using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Transactions;

/// <summary>What a transaction's machine asks of the outside.</summary>
internal abstract record TransactionEffect
{
    private TransactionEffect()
    {
    }

    /// <summary>Send a message where the transaction's messages go.</summary>
    public sealed record Send(SipMessage Message) : TransactionEffect;

    /// <summary>Build and send 100 Trying for the INVITE.</summary>
    public sealed record SendTrying : TransactionEffect { public static readonly SendTrying It = new(); }

    /// <summary>Hand a response to the user of a client transaction.</summary>
    public sealed record PassUp(SipResponse Response) : TransactionEffect;

    /// <summary>Hand the ACK for a 2xx to the user of a server transaction.</summary>
    public sealed record PassUpAck(SipRequest Ack) : TransactionEffect;

    /// <summary>Tell the user that its final answer other than 2xx has been acknowledged.</summary>
    public sealed record TellAcknowledged : TransactionEffect { public static readonly TellAcknowledged It = new(); }

    /// <summary>Start a timer, in place of the same one if it runs.</summary>
    public sealed record StartTimer(SipTimer Timer, TimeSpan After) : TransactionEffect;

    /// <summary>Stop every timer of the transaction.</summary>
    public sealed record StopTimers : TransactionEffect { public static readonly StopTimers It = new(); }

    /// <summary>Tell the user that the transaction failed.</summary>
    public sealed record Fail(TransactionFailure Failure) : TransactionEffect;
}
