using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip;

/// <summary>
/// The transaction user of RFC 3261 §5: what a <see cref="SipStack"/> calls, on its own thread, while it polls. Every method may call
/// the stack back.
/// </summary>
public interface ISipStackUser
{
    /// <summary>
    /// Asked about each new INVITE outside a dialog before anything is made for it: one that is refused here costs its answer and no more, and its
    /// ACK and its repeats nothing else (RFC 3261 §8.2.7). None is refused by default.
    /// </summary>
    /// <returns>Null when it is to be taken: <see cref="OnRequest"/> follows.</returns>
    SipRefusal? RefusalOf(SipRequest invite) => null;

    /// <summary>A new request other than ACK and CANCEL; it is answered with <see cref="SipStack.Respond"/>.</summary>
    void OnRequest(in ServerTransactionId id, SipRequest request, in SipFlow flow);

    /// <summary>A CANCEL, to be answered itself: 200 when it has an INVITE, 481 when not (RFC 3261 §9.2).</summary>
    /// <param name="id">The transaction of the CANCEL.</param>
    /// <param name="cancel">The CANCEL.</param>
    /// <param name="invite">The live INVITE transaction it matches, or none.</param>
    /// <param name="flow">The flow the CANCEL came on.</param>
    void OnCancel(in ServerTransactionId id, SipRequest cancel, in ServerTransactionId invite, in SipFlow flow);

    /// <summary>An ACK that belongs to no transaction: that of a 2xx, or a stray one.</summary>
    void OnAck(SipRequest ack, in SipFlow flow);

    /// <summary>A response: provisional, final, and for an INVITE every further 2xx, forked and repeated (RFC 6026 §7.2).</summary>
    void OnResponse(in ClientTransactionId id, object? context, SipResponse response);

    /// <summary>A client transaction ended without a final response. Never called from within a call of the stack by the user.</summary>
    void OnFailed(in ClientTransactionId id, object? context, TransactionFailure failure);

    /// <summary>A server transaction has ended, exactly once for each.</summary>
    void OnServerEnded(in ServerTransactionId id, ServerTransactionEnd end);

    /// <summary>The final answer other than 2xx to an INVITE has been acknowledged; its end follows when repeats have been absorbed.</summary>
    void OnServerAcknowledged(in ServerTransactionId id)
    {
    }

    /// <summary>The remote of an INVITE answered 2xx cannot be reached; the transaction goes on absorbing repeats.</summary>
    void OnServerUnreachable(in ServerTransactionId id)
    {
    }

    /// <summary>A response that matches no transaction, such as a 2xx later than 32 s after the first.</summary>
    void OnStrayResponse(SipResponse response, in SipFlow flow)
    {
    }
}

/// <summary>Sees every message of a stack as it comes and goes, for traces. On the stack's thread.</summary>
public interface ISipTrace
{
    /// <summary>A message that could be read has come. Whoever keeps it takes <see cref="SipMessage.Kept"/>, of what is sent as well.</summary>
    void OnReceived(in SipFlow flow, SipMessage message);

    /// <summary>A message was handed to the transport.</summary>
    void OnSent(in SipFlow flow, SipMessage message, SendResult result);
}
