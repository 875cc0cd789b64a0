using System.Collections.Immutable;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip;

/// <summary>Requests from the network and our answers.</summary>
public sealed partial class SipStack
{
    private readonly Dictionary<TransactionKey, ServerTransaction> _servers = [];
    private readonly HashSet<TransactionKey> _merges = [];
    private readonly RefusedRequests _refused = new();
    private SipRefusal? _lastRefusal;

    // What arrives is read here, and what is refused without a transaction is answered from here: neither creates anything. Whatever goes further
    // is a copy of its own first.
    private readonly SipScratch _arrived = new();
    private readonly SipScratch _reply = new();

    /// <summary>
    /// Answers a request. Further 2xx to an INVITE are sent as well, as long as the transaction lasts (RFC 6026 §7.1).
    /// </summary>
    /// <returns>False when the transaction has ended or had its final response; nothing was sent then.</returns>
    public bool Respond(in ServerTransactionId id, SipResponse response)
    {
        if (id.Transaction is not { } transaction) return false;
        if (response.Status >= 300) ForgetMerge(transaction);
        return transaction.On(new TransactionInput.Respond(response));
    }

    void ISipTransportSink.OnMessage(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        var error = SipParser.TryParse(message, _limits.Messages, _arrived, out var parsed);
        if (parsed is not null) _trace?.OnReceived(flow, parsed);
        if (error != SipParseError.None) OnMalformed(error, parsed, flow);
        else if (parsed is SipRequest request) OnRequest(request, flow);
        else if (parsed is SipResponse response) OnResponse(response, flow);
    }

    /// <summary>Whatever else is right or wrong with such a message, it is not a request.</summary>
    void ISipTransportSink.OnUnframed(in SipFlow flow, ReadOnlySpan<byte> head)
    {
        var error = SipParser.TryParse(head, _limits.Messages, out var parsed);
        if (parsed is not null) _trace?.OnReceived(flow, parsed);
        if (error == SipParseError.BodyTooShort) error = SipParseError.TooLarge;
        else if (error == SipParseError.None) error = SipParseError.MissingContentLength;
        OnMalformed(error, parsed, flow);
    }

    void ITransactionHost.Remove(Transaction transaction)
    {
        if (transaction is ServerTransaction server)
        {
            _ = _servers.Remove(server.Key);
            ForgetMerge(server);
        }
        else
        {
            _ = _clients.Remove(transaction.Key);
            if (transaction is ClientTransaction { IsUpkeep: true }) _liveUpkeep--;
        }

        _remotes.Remove(transaction);
    }

    private void OnRequest(SipRequest request, in SipFlow flow)
    {
        Counters.Add(SipCount.RequestsReceived);
        var key = TransactionKey.OfServer(request, request.Method);
        var known = !key.IsNone && _servers.TryGetValue(key, out var found) ? found : null;
        if (request.Method == SipMethod.Ack) OnAck(request, key, known, flow);
        else if (known is not null) OnRepeated(known);
        else if (key.IsNone) RefuseUnidentified(request, flow);
        else OnNew(request, key, flow);
    }

    private void OnAck(SipRequest ack, in TransactionKey key, ServerTransaction? invite, in SipFlow flow)
    {
        if (invite is not null) _ = invite.On(new TransactionInput.Acknowledged((SipRequest)ack.Kept()));
        // That of a refusal without a transaction is nobody's.
        else if (key.IsNone || !_refused.Contains(key)) User.OnAck((SipRequest)ack.Kept(), flow);
    }

    private void OnRepeated(ServerTransaction transaction)
    {
        Counters.Add(SipCount.RequestsRepeated);
        _ = transaction.On(TransactionInput.Again);
    }

    private void OnNew(SipRequest arrived, in TransactionKey key, in SipFlow flow)
    {
        if (RefusalOf(arrived, key) is { } refusal)
        {
            Refuse(arrived, refusal.Status, [], flow, refusal.Headers);
            return;
        }

        if (LiveTransactions >= _limits.MaxTransactions)
        {
            Counters.Add(SipCount.Overload);
            Refuse(arrived, SipStatus.ServiceUnavailable, [], flow);
            return;
        }

        var merge = arrived.ToTag.IsEmpty && arrived.Method != SipMethod.Cancel ? TransactionKey.OfMerge(arrived) : default;
        if (!merge.IsNone && _merges.Contains(merge))
        {
            Counters.Add(SipCount.Merged);
            Refuse(arrived, SipStatus.LoopDetected, [], flow);
            return;
        }

        var request = (SipRequest)arrived.Kept();
        var transaction = new ServerTransaction(this, key, request, flow);
        _servers.Add(transaction.Key, transaction);
        _remotes.Add(transaction);
        if (!merge.IsNone) _ = _merges.Add(transaction.MergeKey = merge);
        transaction.Begin();
        if (request.Method == SipMethod.Cancel) OnCancel(transaction, request, flow);
        else User.OnRequest(new ServerTransactionId(transaction), request, flow);
    }

    /// <summary>A repeat of what was refused is refused again, though there be room by now: to its sender the request is over.</summary>
    private SipRefusal? RefusalOf(SipRequest request, in TransactionKey key)
    {
        if (request.Method != SipMethod.Invite || !request.ToTag.IsEmpty) return null;
        if (_lastRefusal is { } last && _refused.Contains(key))
        {
            Counters.Add(SipCount.RequestsRepeated);
            return last;
        }

        if (User.RefusalOf(request) is not { } refusal) return null;
        Counters.Add(SipCount.RefusedAtOnce);
        _refused.Add(key);
        return _lastRefusal = refusal;
    }

    private void OnCancel(ServerTransaction cancel, SipRequest request, in SipFlow flow)
    {
        var key = TransactionKey.OfServer(request, SipMethod.Invite);
        _ = _servers.TryGetValue(key, out var invite);
        User.OnCancel(new ServerTransactionId(cancel), request, new ServerTransactionId(invite), flow);
    }

    private void OnMalformed(SipParseError error, SipMessage? message, in SipFlow flow)
    {
        if (message is not SipRequest { IsReplyable: true } request || error.ReplyStatus() == 0)
        {
            Counters.Add(SipCount.MalformedDropped);
            return;
        }

        Counters.Add(SipCount.MalformedAnswered);
        // RFC 4475 §3.1.2.18: of a method unknown here CSeq may say what it likes; 501 tells more than 400.
        if (error == SipParseError.CSeqMethodMismatch && request.Method == SipMethod.Other) Refuse(request, SipStatus.NotImplemented, [], flow);
        else Refuse(request, error.ReplyStatus(), error.ReplyReason(), flow);
    }

    /// <summary>Branch, tag and Call-ID too long to be kept: no transaction can be known by them.</summary>
    private void RefuseUnidentified(SipRequest request, in SipFlow flow)
    {
        Counters.Add(SipCount.MalformedAnswered);
        Refuse(request, SipStatus.MessageTooLarge, [], flow);
    }

    /// <summary>Answers without a transaction. The tag is the same for every repeat of the request (RFC 3261 §8.2.7).</summary>
    private void Refuse(
        SipRequest request, int status, ReadOnlySpan<byte> reason, in SipFlow flow, ImmutableArray<(string Name, string Value)> headers = default)
    {
        Span<byte> tag = stackalloc byte[8];
        _ = ((uint)(ulong)KeyedDigest.Of(request.TopViaValue)).TryFormat(tag, out _, "x8");
        var builder = SipResponseBuilder.ReplyTo(_reply, request, status, tag, flow.Remote, reason);
        if (!headers.IsDefault)
        {
            foreach (var (name, value) in headers) _ = builder.Header(name, value);
        }

        _ = Transmit(ReplyAddress.For(request, flow), builder.Build());
    }

    /// <summary>After a refusal some phones try again with the same CSeq and a new branch; that is no copy of the first request.</summary>
    private void ForgetMerge(ServerTransaction transaction)
    {
        if (transaction.MergeKey.IsNone) return;

        _ = _merges.Remove(transaction.MergeKey);
        transaction.MergeKey = default;
    }
}
