using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Transactions;

/// <summary>What reaches a transaction's machine.</summary>
internal abstract record TransactionInput
{
    private TransactionInput()
    {
    }

    /// <summary>A response from the network reaches a client transaction.</summary>
    public sealed record Received(SipResponse Response) : TransactionInput;

    /// <summary>The request that made a server transaction came again.</summary>
    public sealed record Repeated : TransactionInput;

    /// <summary>An ACK whose branch is that of the INVITE reaches its server transaction.</summary>
    public sealed record Acknowledged(SipRequest Ack) : TransactionInput;

    /// <summary>The user of a server transaction answers.</summary>
    public sealed record Respond(SipResponse Response) : TransactionInput;

    /// <summary>A timer of the transaction ran out.</summary>
    public sealed record TimerFired(SipTimer Timer) : TransactionInput
    {
        private static readonly TimerFired[] All = [.. Enum.GetValues<SipTimer>().Select(timer => new TimerFired(timer))];

        /// <summary>The one instance for each timer.</summary>
        public static TimerFired Of(SipTimer timer) => All[(int)timer];
    }

    /// <summary>A message of this transaction could not be sent, or its remote turned out to be unreachable.</summary>
    public sealed record TransportFailed : TransactionInput;

    /// <summary>The user wants to hear no more of it (RFC 3261 §9.1: no final response after a CANCEL).</summary>
    public sealed record Abandoned : TransactionInput;

    public static readonly Repeated Again = new();
    public static readonly TransportFailed Unreachable = new();
    public static readonly Abandoned Forget = new();
}
