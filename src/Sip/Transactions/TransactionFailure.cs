namespace Switchhook.Sip.Transactions;

/// <summary>How a transaction fails without a final response (RFC 3261 §8.1.3.1).</summary>
public enum TransactionFailure
{
    /// <summary>Nothing came for 64*T1; treated like 408 Request Timeout.</summary>
    TimedOut,

    /// <summary>The remote cannot be reached; treated like 503 Service Unavailable.</summary>
    Transport,
}

/// <summary>How a server transaction came to its end.</summary>
public enum ServerTransactionEnd
{
    /// <summary>It was answered and has absorbed what repeats there were.</summary>
    Finished,

    /// <summary>No ACK came for a final answer other than 2xx (timer H), or the user did not answer a request for 64*T1.</summary>
    TimedOut,

    /// <summary>The answer could not be sent, or the remote turned out to be unreachable.</summary>
    Transport,
}
