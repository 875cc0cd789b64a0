using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip;

/// <summary>Requests of ours and the responses to them.</summary>
public sealed partial class SipStack
{
    private readonly Dictionary<TransactionKey, ClientTransaction> _clients = [];

    /// <summary>
    /// Sends a request with a client transaction of its own. What comes of it is told to <see cref="ISipStackUser"/>, never before this
    /// method has returned.
    /// </summary>
    /// <param name="request">Anything but ACK; its top Via carries a new branch (for CANCEL: that of the INVITE).</param>
    /// <param name="flow">Where it goes.</param>
    /// <param name="context">Comes back with every call about the transaction.</param>
    /// <param name="isUpkeep">True for a request that serves no call: its transaction is counted in <see cref="LiveUpkeep"/>.</param>
    /// <returns>The transaction, or null when the branch is missing or in use, or the stack has as many transactions as it may.</returns>
    public ClientTransactionId? SendRequest(SipRequest request, in SipFlow flow, object? context = null, bool isUpkeep = false)
    {
        var key = TransactionKey.OfClient(request);
        if (key.IsNone || request.Method == SipMethod.Ack || LiveTransactions >= _limits.MaxTransactions) return null;
        if (_clients.ContainsKey(key)) return null;

        var transaction = new ClientTransaction(this, key, request, flow) { Context = context, IsUpkeep = isUpkeep };
        _clients.Add(transaction.Key, transaction);
        if (isUpkeep) _liveUpkeep++;
        _remotes.Add(transaction);
        transaction.Begin();
        return new ClientTransactionId(transaction);
    }

    /// <summary>Sends the ACK of a 2xx, which belongs to no transaction (RFC 3261 §13.2.2.4).</summary>
    public SendResult SendAck(SipRequest ack, in SipFlow flow) => Transmit(flow, ack);

    /// <summary>Sends a message that nobody repeats and nobody waits for.</summary>
    public SendResult SendStateless(SipMessage message, in SipFlow flow) => Transmit(flow, message);

    private void OnResponse(SipResponse response, in SipFlow flow)
    {
        Counters.Add(SipCount.ResponsesReceived);
        if (response.HasMoreVias)
        {
            // §8.1.3.3: it has gone astray. Nothing here forwards, least of all to a broadcast address (RFC 4475 §3.3.10).
            Counters.Add(SipCount.StrayResponses);
            return;
        }

        var key = TransactionKey.OfClient(response);
        if (!key.IsNone && _clients.TryGetValue(key, out var transaction))
        {
            _ = transaction.On(new TransactionInput.Received((SipResponse)response.Kept()));
            return;
        }

        Counters.Add(SipCount.StrayResponses);
        User.OnStrayResponse((SipResponse)response.Kept(), flow);
    }
}
