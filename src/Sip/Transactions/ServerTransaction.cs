using System.Net;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Transactions;

/// <summary>A request from the network, one of the two server machines, and whom to tell.</summary>
internal sealed class ServerTransaction(ITransactionHost host, TransactionKey key, SipRequest request, SipFlow source)
    : Transaction(host, key, request, ReplyAddress.For(request, source))
{
    private InviteServer? _invite;
    private NonInviteServer? _other;
    private ServerTransactionEnd _end = ServerTransactionEnd.Finished;
    private readonly ushort _sentByPort = ReplyAddress.SentByPort(request, source.Kind);
    private IPEndPoint? _source;

    /// <summary>The flow the request came on, which is not always where answers go.</summary>
    public SipFlow From => source;

    /// <summary>Where the request came from, as the builder of an answer wants it.</summary>
    public IPEndPoint Source => _source ??= source.Remote.ToIPEndPoint();

    /// <inheritdoc/>
    public override SipEndpoint IndexedRemote => source.IsReliable ? source.Remote : Flow.Remote;

    /// <summary>The key under which copies of the request are recognised, while they are.</summary>
    public TransactionKey MergeKey { get; set; }

    /// <summary>The request is answered, and its user has it where it is needed.</summary>
    public void LetGo()
    {
        ReleaseRequest();
        _source = null;
    }

    public void Begin()
    {
        if (Request!.Method == SipMethod.Invite)
        {
            var (next, effects, _) = InviteServer.Start(source.IsReliable);
            _invite = next;
            _ = Carry(effects, ends: false, isIgnored: false);
        }
        else
        {
            var (next, effects, _) = NonInviteServer.Start(source.IsReliable);
            _other = next;
            _ = Carry(effects, ends: false, isIgnored: false);
        }
    }

    public override bool On(TransactionInput input)
    {
        if (HasEnded) return false;

        if (_invite is { } invite)
        {
            var step = invite.On(input);
            _invite = step.Next;
            return Carry(step.Effects, step.Next.HasEnded, step.IsIgnored);
        }

        var other = _other!.On(input);
        _other = other.Next;
        return Carry(other.Effects, other.Next.HasEnded, other.IsIgnored);
    }

    protected override SendResult Transmit(SipMessage message)
    {
        var result = base.Transmit(message);
        if (result != SendResult.ConnectionGone) return result;

        // RFC 3261 §18.2.2: when its connection is gone, the answer goes to the sender's address and the port of sent-by.
        Flow = source with { Connection = 0, Remote = source.Remote.WithPort(_sentByPort) };
        return base.Transmit(message);
    }

    protected override void Inform(TransactionEffect effect)
    {
        switch (effect)
        {
            case TransactionEffect.PassUpAck { Ack: var ack }:
                Host.User.OnAck(ack, source);
                break;
            case TransactionEffect.TellAcknowledged:
                Host.User.OnServerAcknowledged(new ServerTransactionId(this));
                break;
            case TransactionEffect.Fail { Failure: var failure }:
                _end = failure == TransactionFailure.TimedOut ? ServerTransactionEnd.TimedOut : ServerTransactionEnd.Transport;
                if (!HasEnded) Host.User.OnServerUnreachable(new ServerTransactionId(this));
                break;
        }
    }

    protected override void OnEnded() => Host.User.OnServerEnded(new ServerTransactionId(this), _end);
}
