using Switchhook.Sip.Messages;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Dialogs;

/// <summary>What responses, the clock and the end of transactions bring, turned into inputs of the machine that has the session.</summary>
public sealed partial class SipSession
{
    void ITimed.OnTimer(int timer)
    {
        if (timer == ExpiryTimer)
        {
            _expiryTimer = default;
            DispatchExpiry(SessionInput.SessionTimerFired.It);
            return;
        }

        if (timer == UpdateTimer)
        {
            _updateTimer = default;
            Dispatch(_updating!, SessionInput.UpdateTimerFired.It);
            return;
        }

        _timer = default;
        Dispatch(SessionInput.TimerFired.It);
    }

    internal void OnResponse(SessionRequest sent, SipResponse response)
    {
        if (response.Status >= 200 && sent.Kind != SessionRequestKind.Invite) sent.Transaction = null;
        switch (sent.Kind)
        {
            case SessionRequestKind.Invite: OnInviteResponse(sent, response); break;
            case SessionRequestKind.Reinvite: OnReinviteResponse(sent, response); break;
            case SessionRequestKind.Cancel when response.Status is >= 200 and < 300: Dispatch(SessionInput.CancelAccepted.It); break;
            case SessionRequestKind.Cancel when response.Status == 481: Dispatch(SessionInput.CancelUnknownThere.It); break;
            case SessionRequestKind.Bye when response.Status >= 200:
                Dispatch(CanAnswer(sent, response) ? new SessionInput.ByeChallenged(response) : new SessionInput.ByeAnswered(response.Status));
                break;
            case SessionRequestKind.ForkBye when response.Status >= 200: OnForkByeAnswered(sent, response); break;
            case SessionRequestKind.Refer when response.Status >= 200: OnReferResponse(sent, response); break;
            case SessionRequestKind.Notify when response.Status >= 200: OnNotifyResponse(sent, response); break;
            case SessionRequestKind.Prack when response.Status >= 300: OnPrackResponse(sent, response); break;
            case SessionRequestKind.Update when response.Status >= 200: OnUpdateResponse(sent, response); break;
            case SessionRequestKind.Info when IsConfirmed && CanAnswer(sent, response): Repeat(SessionRequestKind.Info, sent); break;
            case SessionRequestKind.Info when response.Status == 481: Dispatch(new SessionInput.DialogUnknownThere(response)); break;
            default: break;
        }
    }

    internal void OnFailed(SessionRequest sent, TransactionFailure failure)
    {
        sent.Transaction = null;
        var timedOut = failure == TransactionFailure.TimedOut;
        switch (sent.Kind)
        {
            case SessionRequestKind.Invite:
                // After a challenge or a 2xx the machine has moved on and ignores these.
                if (ReferenceEquals(sent, _invite))
                {
                    if (_forks.Count == 0) _user.OnPlaceFailed(this, _inviteFlow);
                    DispatchSetup(
                        CanMoveOn() ? SessionInput.PlaceFailed.It
                        : timedOut ? SessionInput.InviteTimedOut.It
                        : SessionInput.InviteTransportFailed.It);
                }

                break;
            case SessionRequestKind.Reinvite when ReferenceEquals(sent, _reinvite):
                Dispatch(timedOut ? SessionInput.ReofferTimedOut.It : SessionInput.ReofferTransportFailed.It);
                break;
            case SessionRequestKind.Cancel when !timedOut: Dispatch(SessionInput.CancelTransportFailed.It); break;
            case SessionRequestKind.Bye when !timedOut && _dialog!.LeaveConnection():
                var again = _agent.Again(sent.Request, _dialog.NextCSeq(), _dialog.Flow);
                _bye = Send(SessionRequestKind.Bye, again, _dialog.Flow, repeated: sent.Repeated);
                break;
            case SessionRequestKind.Bye:
                Dispatch(timedOut ? SessionInput.ByeTimedOut.It : SessionInput.ByeTransportFailed.It);
                break;
            case SessionRequestKind.ForkBye: ForkDropped(); break;
            case SessionRequestKind.Refer: OnReferFailed(sent, timedOut); break;
            case SessionRequestKind.Notify when ReferenceEquals(sent, sent.Refer!.SentNotify):
                Dispatch(sent.Refer, new SessionInput.NotifyAnswered(timedOut ? 408 : 503));
                break;
            case SessionRequestKind.Update:
                Dispatch(sent.Dialog!, timedOut ? SessionInput.UpdateTimedOut.It : SessionInput.UpdateTransportFailed.It);
                break;
            default: break;
        }
    }

    /// <summary>The server transaction of an INVITE or re-INVITE is over: acknowledged, timed out or failed.</summary>
    internal void OnServerEnded(IncomingRequest request, ServerTransactionEnd end)
    {
        SessionInput? input = end switch
        {
            ServerTransactionEnd.Finished => SessionInput.RefusalAcknowledged.It,
            ServerTransactionEnd.TimedOut => SessionInput.RefusalTimedOut.It,
            ServerTransactionEnd.Transport => SessionInput.ResponseTransportFailed.It,
            _ => null,
        };
        if (input is null) return;
        if (request.Request.Method == SipMethod.Refer)
        {
            OnReferAbandoned(request);
            return;
        }

        if (request.Request.Method is SipMethod.Update or SipMethod.Prack)
        {
            if (Updated is { Update.State: DialogUpdateState.Updated pending } dialog && ReferenceEquals(pending.Request, request))
                Dispatch(dialog, SessionInput.UpdateAbandoned.It);
            return;
        }

        if (ReferenceEquals(request, _incoming)) DispatchSetup(input);
        else if (IsPending(request)) Dispatch(input);
    }

    private void OnInviteResponse(SessionRequest sent, SipResponse response)
    {
        if (!ReferenceEquals(sent, _invite)) return;
        switch (response.Status)
        {
            case < 200:
                if (OnProvisional(response) is { } provisional) DispatchSetup(provisional);
                break;
            case < 300:
                DispatchSetup(IsKnown(response) ? new SessionInput.SuccessRepeated(response) : new SessionInput.Success(response, BringsOffer(response)));
                break;
            default:
                sent.Transaction = null;
                DispatchSetup(
                    CanAnswer(sent, response) ? new SessionInput.Challenged(response)
                    : TryWiden(response) ? new SessionInput.IntervalRefused(response)
                    : TargetList.MovesOn(response.Status) && CanMoveOn() ? SessionInput.PlaceFailed.It
                    : new SessionInput.Refused(response));
                break;
        }
    }

    private void OnReinviteResponse(SessionRequest sent, SipResponse response)
    {
        switch (response.Status)
        {
            case < 200: break;
            case < 300 when sent.Ack is not null: _agent.SendAck(sent.Ack, _dialog!); break;
            case < 300:
                _dialog!.Refresh(response);
                _reinvite = sent;
                if (IsOpen) OnSuccess(sent.Request, response);
                Dispatch(new SessionInput.ReofferSucceeded(response));
                break;
            case 491:
                Dispatch(new SessionInput.ReofferCollided(response, _agent.CollisionWait(ownsCallId: IsOutgoing)));
                break;
            default:
                Dispatch(CanRepeat(sent, response) ? new SessionInput.ReofferChallenged(response) : new SessionInput.ReofferRefused(response));
                break;
        }
    }

    private void OnForkByeAnswered(SessionRequest sent, SipResponse response)
    {
        if (!CanAnswer(sent, response))
        {
            ForkDropped();
            return;
        }

        var dialog = sent.Dialog!;
        var again = _agent.Again(sent.Request, dialog.NextCSeq(), dialog.Flow, sent.Answer);
        Send(SessionRequestKind.ForkBye, again, dialog.Flow, dialog, repeated: true);
    }

    /// <summary>Whether a challenge can be answered; one that comes to the answer itself is a refusal.</summary>
    private bool CanAnswer(SessionRequest sent, SipResponse response)
    {
        if (sent.Repeated || response.Status is not (401 or 407) || Credentials is null) return false;
        sent.Answer = _agent.Answer(sent.Request, response, Credentials);
        return sent.Answer is not null;
    }

    /// <summary>Whether the request can be sent again as the response wishes it: with credentials, or with a longer session interval.</summary>
    private bool CanRepeat(SessionRequest sent, SipResponse response) => CanAnswer(sent, response) || (!sent.Repeated && TryWiden(response));

    /// <summary>Gives an input to the part that has the session: the confirmed one as soon as there is one.</summary>
    private void Dispatch(SessionInput input)
    {
        if (_confirmed is null)
        {
            DispatchSetup(input);
            return;
        }

        var step = _confirmed.On(input);
        _confirmed = step.Next;
        Run(step.Effects, step.Ignored);
    }

    /// <summary>Gives an input to the part that handles the first INVITE, which may have handed the session on long ago.</summary>
    private void DispatchSetup(SessionInput input)
    {
        if (_uac is not null)
        {
            var step = _uac.On(input);
            _uac = step.Next;
            Run(step.Effects, step.Ignored);
        }
        else if (_uas is not null)
        {
            var step = _uas.On(input);
            _uas = step.Next;
            Run(step.Effects, step.Ignored);
        }
    }

    private void Run(SessionEffect[] effects, bool ignored)
    {
        if (ignored) _agent.CountIgnored();
        _depth++;
        try
        {
            foreach (var effect in effects) Apply(effect);
        }
        finally
        {
            _depth--;
        }

        if (_depth > 0) return;
        CloseWhenOver();
        ReleaseWhenOver();
    }

    /// <summary>What is left: a further 2xx to our INVITE is acknowledged, and hung up when it comes from another fork.</summary>
    private void LetGo()
    {
        _bye = null;
        _localSdp = default;
        if (_incoming is null) return;
        _incoming.Session = null;
        _incoming.LetGo();
    }

    private void ReleaseWhenOver()
    {
        if (_released || _droppedForks > 0) return;
        if (_confirmed is not null ? !_confirmed.IsOver : !(_uac?.IsOver ?? _uas?.IsOver ?? true)) return;
        _released = true;
        _agent.Forget(this);
        if (_reinvite is not null) _agent.LeaveToFinish(_reinvite);
        _user.OnReleased(this);
        // The transactions of the INVITE live on for half a minute; they must not keep the user's call alive.
        Context = null;
        _user = GoneUser.It;
        LetGo();
    }
}
