using System.Runtime.InteropServices;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Transactions;

/// <summary>The live transactions of each remote, so that its failure reaches them without looking at all others.</summary>
internal sealed class RemoteIndex
{
    private readonly Dictionary<(SipTransportKind Kind, SipEndpoint Remote), Transaction> _heads = [];

    public void Add(Transaction transaction)
    {
        ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(_heads, KeyOf(transaction), out _);
        transaction.NextAtRemote = head;
        if (head is not null) head.PreviousAtRemote = transaction;
        head = transaction;
    }

    public void Remove(Transaction transaction)
    {
        var key = KeyOf(transaction);
        var (next, previous) = (transaction.NextAtRemote, transaction.PreviousAtRemote);
        (transaction.NextAtRemote, transaction.PreviousAtRemote) = (null, null);
        if (next is not null) next.PreviousAtRemote = previous;
        if (previous is not null) previous.NextAtRemote = next;
        else if (next is not null) _heads[key] = next;
        else _heads.Remove(key);
    }

    /// <summary>The first transaction toward the remote of a flow; the others follow by their links.</summary>
    public Transaction? First(in SipFlow flow) => _heads.GetValueOrDefault(KeyOf(flow));

    private static (SipTransportKind Kind, SipEndpoint Remote) KeyOf(Transaction transaction) => (transaction.Flow.Kind, transaction.IndexedRemote);

    private static (SipTransportKind Kind, SipEndpoint Remote) KeyOf(in SipFlow flow) => (flow.Kind, flow.Remote);
}
