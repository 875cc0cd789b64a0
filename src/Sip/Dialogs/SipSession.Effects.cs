using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>What the machines ask for, done.</summary>
public sealed partial class SipSession
{
    private void Apply(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.SendCancel e: SendCancel(e.Asked); break;
            case SessionEffect.RepeatInvite: RepeatInvite(); break;
            case SessionEffect.InviteElsewhere: InviteElsewhere(); break;
            case SessionEffect.AbandonInvite: _invite!.Abandon(); break;
            case SessionEffect.Acknowledge e: Acknowledge(e.Success, e.Sdp); break;
            case SessionEffect.RepeatAck e: RepeatAck(e.Success); break;
            case SessionEffect.DropFork e: DropFork(e.Success); break;
            case SessionEffect.Respond e: Respond(e.Response); break;
            case SessionEffect.Refuse e: Refuse(e.Asked); break;
            case SessionEffect.Reply e: Reply(e.Request, e.Status); break;
            case SessionEffect.Enter e: _confirmed = e.Confirmed; break;
            case SessionEffect.SendBye e: SendBye(e.Asked); break;
            case SessionEffect.RepeatBye: Repeat(SessionRequestKind.Bye, _bye!); break;
            case SessionEffect.SendReinvite e: _reinvite = Send(SessionRequestKind.Reinvite, e.Reinvite, _dialog!.Flow); break;
            case SessionEffect.RepeatReinvite: Repeat(SessionRequestKind.Reinvite, _reinvite!); break;
            case SessionEffect.AcknowledgeReinvite: AcknowledgeReinvite(); break;
            case SessionEffect.RespondReinvite e: e.Request.Send(e.Response); break;
            case SessionEffect.SendPrack e: AcknowledgeProgress(e.Provisional); break;
            case SessionEffect.AcceptPrack e: AcceptPrack(e.Request, e.Provisional); break;
            case SessionEffect.StartTimer e: _agent.Restart(ref _timer, e.After, this); break;
            case SessionEffect.StopTimer: _agent.Cancel(ref _timer); break;
            default:
                CloseWhenOver();
                Tell(effect);
                break;
        }
    }

    private void Tell(SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.TellProgress { Response.Status: > 100 } e: _user.OnProgress(this, e.Response); break;
            case SessionEffect.TellProgress: _user.OnTrying(this); break;
            case SessionEffect.TellOffer e: _user.OnOffer(this, e.Success); break;
            case SessionEffect.TellAnswered e: _user.OnAnswered(this, e.Response); break;
            case SessionEffect.TellAcknowledged e: _user.OnAcknowledged(this, e.Ack); break;
            case SessionEffect.TellProgressAcknowledged e: _user.OnProgressAcknowledged(this, e.Prack); break;
            case SessionEffect.TellReoffer e: _user.OnReoffer(this, e.Request.Request); break;
            case SessionEffect.TellReofferAnswered e: _user.OnReofferAnswered(this, e.Final); break;
            case SessionEffect.TellEnded e: _user.OnEnded(this, e.End); break;
            case SessionEffect.TellHangupSent e: _user.OnHangupSent(this, e.Sent); break;
            case SessionEffect.TellConfirmed e: _user.OnConfirmed(this, e.Confirmation); break;
            default: break;
        }
    }

    private SessionRequest Send(
        SessionRequestKind kind, SipRequest request, in SipFlow flow, SipDialog? dialog = null, bool repeated = false)
    {
        var sent = new SessionRequest(this, kind, request, dialog) { Repeated = repeated };
        _agent.Send(sent, flow);
        return sent;
    }

    private void Refuse(SessionHangup asked)
    {
        Span<SipHeaderLine> headers = new SipHeaderLine[3];
        var count = 0;
        if (asked.Reason is not null) headers[count++] = new("Reason", asked.Reason);
        if (asked.RetryAfter is not null) headers[count++] = new("Retry-After", asked.RetryAfter);
        if (asked.Contact is not null) headers[count++] = new("Contact", asked.Contact);
        _incoming!.Respond(_agent.BuildReply(_incoming, asked.Status, Tag, headers[..count]));
    }

    private void Reply(IncomingRequest request, int status)
    {
        // An answered transaction must not keep the session; that of an INVITE tells of its ACK.
        if (request.Request.Method != SipMethod.Invite) request.Session = null;
        if (status == 500) request.Respond(_agent.BuildReply(request, status, Tag, [new("Retry-After", _agent.RetryAfter())]));
        else request.Respond(_agent.BuildReply(request, status, Tag, []));
    }

    private void SendBye(SessionHangup? asked)
    {
        var builder = _dialog!.Begin(SipMethod.Bye, _dialog.NextCSeq(), _agent);
        if (asked?.Reason is { } reason) builder.Header(HeaderName.Reason, reason);
        _bye = Send(SessionRequestKind.Bye, builder.Build(), _dialog.Flow);
    }

    private void Repeat(SessionRequestKind kind, SessionRequest sent)
    {
        var request = _agent.Again(
            sent.Request, _dialog!.NextCSeq(), _dialog.Flow, sent.Answer,
            kind == SessionRequestKind.Reinvite && sent.Answer is null ? RefreshRows() : []);
        var repeated = Send(kind, request, _dialog.Flow, repeated: sent.Repeated || sent.Answer is not null);
        if (kind == SessionRequestKind.Bye) _bye = repeated;
        else if (kind == SessionRequestKind.Reinvite) _reinvite = repeated;
    }

    private void AcknowledgeReinvite()
    {
        var ack = _dialog!.Begin(SipMethod.Ack, _reinvite!.Request.CSeq.Number, _agent);
        _reinvite.Ack = WithCredentialsOf(_reinvite.Request, ack).Build();
        _agent.SendAck(_reinvite.Ack, _dialog);
    }

    /// <summary>§13.2.2.4: the ACK carries the credentials of the INVITE.</summary>
    private static SipRequestBuilder WithCredentialsOf(SipRequest invite, SipRequestBuilder ack) =>
        ack.CopyFrom(invite, HeaderName.Authorization).CopyFrom(invite, HeaderName.ProxyAuthorization);
}
