using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Transactions;

/// <summary>A request of ours, one of the two client machines, and whom to tell.</summary>
internal sealed class ClientTransaction(ITransactionHost host, TransactionKey key, SipRequest request, SipFlow flow)
    : Transaction(host, key, request, flow)
{
    private InviteClient? _invite;
    private NonInviteClient? _other;
    private bool _answered;

    /// <summary>It serves no call, so it is counted and timed apart.</summary>
    public bool IsUpkeep { get; init; }

    protected override TimerWheel Timers => IsUpkeep ? Host.Upkeep : Host.Timers;

    public void Begin()
    {
        var request = Request!;
        if (request.Method == SipMethod.Invite)
        {
            var (next, effects, _) = InviteClient.Start(request, Flow.IsReliable);
            _invite = next;
            _ = Carry(effects, ends: false, isIgnored: false);
        }
        else
        {
            var (next, effects, _) = NonInviteClient.Start(request, Flow.IsReliable);
            _other = next;
            _ = Carry(effects, ends: false, isIgnored: false);
        }
    }

    /// <summary>Goes on with an INVITE that another process has sent and had a provisional response to: nothing is sent, nothing times out.</summary>
    public void TakeUp() => _invite = InviteClient.TakenUp(Request!, Flow.IsReliable);

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

    /// <summary>Only a 2xx to an INVITE may be followed by another that its user must hear of.</summary>
    private void LetGo()
    {
        ReleaseRequest();
        if (_invite?.State is not InviteClientState.Accepted) Context = null;
    }

    protected override void Inform(TransactionEffect effect)
    {
        switch (effect)
        {
            case TransactionEffect.PassUp { Response: var response }:
                _answered |= response.IsFinal;
                Host.User.OnResponse(new ClientTransactionId(this), Context, response);
                if (response.IsFinal) LetGo();
                break;
            case TransactionEffect.Fail { Failure: var failure } when !_answered: // an ACK that could not be sent is no news to the user
                Host.User.OnFailed(new ClientTransactionId(this), Context, failure);
                break;
        }
    }
}
