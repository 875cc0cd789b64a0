using System.Net;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Transactions;

/// <summary>Names a client transaction of a <see cref="SipStack"/>; the default value names none. Harmless after its end.</summary>
public readonly struct ClientTransactionId : IEquatable<ClientTransactionId>
{
    internal ClientTransactionId(ClientTransaction transaction) => Transaction = transaction;

    internal ClientTransaction? Transaction { get; }

    /// <summary>True for the default value.</summary>
    public bool IsNone => Transaction is null;

    /// <summary>True until the transaction has reached its end.</summary>
    public bool IsLive => Transaction is { HasEnded: false };

    /// <summary>The request as it was sent, until the callback with its first final response has returned.</summary>
    /// <exception cref="InvalidOperationException">The request was let go of after its final response.</exception>
    public SipRequest Request => Transaction!.Request ?? throw new InvalidOperationException("The transaction is answered.");

    /// <summary>Where it was sent.</summary>
    public SipFlow Flow => Transaction!.Flow;

    /// <summary>Ends the transaction without a word to its user: no final response came in time after a CANCEL (RFC 3261 §9.1).</summary>
    public void Abandon() => Transaction?.On(TransactionInput.Forget);

    /// <inheritdoc/>
    public bool Equals(ClientTransactionId other) => Transaction == other.Transaction;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ClientTransactionId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Transaction?.GetHashCode() ?? 0;

    /// <summary>The same transaction.</summary>
    public static bool operator ==(ClientTransactionId left, ClientTransactionId right) => left.Equals(right);

    /// <summary>Different transactions.</summary>
    public static bool operator !=(ClientTransactionId left, ClientTransactionId right) => !left.Equals(right);
}

/// <summary>Names a server transaction of a <see cref="SipStack"/>; the default value names none. Harmless after its end.</summary>
public readonly struct ServerTransactionId : IEquatable<ServerTransactionId>
{
    internal ServerTransactionId(ServerTransaction? transaction) => Transaction = transaction;

    internal ServerTransaction? Transaction { get; }

    /// <summary>True for the default value.</summary>
    public bool IsNone => Transaction is null;

    /// <summary>True until the transaction has reached its end.</summary>
    public bool IsLive => Transaction is { HasEnded: false };

    /// <summary>The request that made the transaction, until its user has done with it.</summary>
    /// <exception cref="InvalidOperationException">The request was let go of.</exception>
    public SipRequest Request => Transaction!.Request ?? throw new InvalidOperationException("The transaction is answered.");

    /// <summary>The flow the request came on.</summary>
    public SipFlow Flow => Transaction!.From;

    /// <summary>Where the request came from: what <see cref="SipResponseBuilder.ReplyTo(SipRequest, int, string, IPEndPoint?)"/> wants.</summary>
    public IPEndPoint Source => Transaction!.Source;

    /// <summary>Whatever the user attached.</summary>
    public object? Context => Transaction?.Context;

    /// <summary>Attaches an object of the user's, in place of the one before.</summary>
    public void Attach(object? context) => Transaction!.Context = context;

    /// <summary>
    /// Lets the transaction forget its request, after the final response: what is left to do, absorbing repeats for up to 32 s, takes its key and its
    /// last message alone.
    /// </summary>
    internal void LetGo() => Transaction?.LetGo();

    /// <inheritdoc/>
    public bool Equals(ServerTransactionId other) => Transaction == other.Transaction;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ServerTransactionId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Transaction?.GetHashCode() ?? 0;

    /// <summary>The same transaction.</summary>
    public static bool operator ==(ServerTransactionId left, ServerTransactionId right) => left.Equals(right);

    /// <summary>Different transactions.</summary>
    public static bool operator !=(ServerTransactionId left, ServerTransactionId right) => !left.Equals(right);
}
