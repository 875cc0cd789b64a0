using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip;

/// <summary>Transactions that another process has begun, as far as INVITEs without a final response have them.</summary>
public sealed partial class SipStack
{
    /// <summary>
    /// Goes on with the server transaction of an INVITE. No connection outlives its process: over a stream the response goes to the sender's
    /// address and the port of sent-by (RFC 3261 §18.2.2).
    /// </summary>
    /// <returns>Null when it is there already, or cannot be known by its branch.</returns>
    public ServerTransactionId? TakeUp(SipRequest invite, in SipFlow flow)
    {
        var key = TransactionKey.OfServer(invite, SipMethod.Invite);
        if (key.IsNone || _servers.ContainsKey(key)) return null;

        var there = flow.IsReliable ? flow with { Remote = flow.Remote.WithPort(ReplyAddress.SentByPort(invite, flow.Kind)), Connection = 0 } : flow;
        var transaction = new ServerTransaction(this, key, invite, there);
        _servers.Add(transaction.Key, transaction);
        _remotes.Add(transaction);
        transaction.Begin();
        return new ServerTransactionId(transaction);
    }

    /// <summary>Goes on with the client transaction of an INVITE that has had a provisional response.</summary>
    /// <returns>Null when it is there already, or has no branch.</returns>
    public ClientTransactionId? TakeUp(SipRequest invite, in SipFlow flow, object? context)
    {
        var key = TransactionKey.OfClient(invite);
        if (key.IsNone || _clients.ContainsKey(key)) return null;

        var transaction = new ClientTransaction(this, key, invite, flow) { Context = context };
        _clients.Add(transaction.Key, transaction);
        _remotes.Add(transaction);
        transaction.TakeUp();
        return new ClientTransactionId(transaction);
    }
}
