using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Dialogs;

/// <summary>UPDATE (RFC 3311): offers without an INVITE transaction, in early dialogs too.</summary>
public sealed partial class SipSession
{
    private const int UpdateTimer = 1;

    private TimerHandle _updateTimer;
    private SipDialog? _updating;

    /// <summary>
    /// Sends an UPDATE, with a new offer or, when <paramref name="sdp"/> is empty, as a mere refresh (RFC 3311 §5.1). Its outcome comes as
    /// <see cref="ISessionUser.OnReofferAnswered"/>. False when there is no dialog, or an offer of either side awaits its answer.
    /// </summary>
    public bool Update(ReadOnlySpan<byte> sdp)
    {
        if (!IsOpen || (_dialog ?? _early) is not { Update.IsIdle: true } dialog || IsReoffering) return false;
        if (!sdp.IsEmpty && PendingIn(dialog) != OfferPending.None) return false;
        var request = _agent.BuildInDialog(dialog, SipMethod.Update, _contact, "application/sdp"u8, sdp, RefreshRows());
        _updating = dialog;
        Dispatch(dialog, new SessionInput.Update(request));
        return true;
    }

    /// <summary>True until a message has ended the session or is about to.</summary>
    private bool IsOpen => _confirmed is not null ? IsConfirmed
        : _uac?.State is InviteUacState.Calling or InviteUacState.Proceeding or InviteUacState.Offered
            || _uas?.State is InviteUasState.Unanswered or InviteUasState.Unacknowledged or InviteUasState.AwaitingAck;

    private bool IsReoffering => _confirmed is { State: not ConfirmedSessionState.Established };

    /// <summary>The far side's UPDATE that awaits our answer.</summary>
    private SipDialog? Updated
    {
        get
        {
            if (_dialog is not null) return _dialog.Update.State is DialogUpdateState.Updated ? _dialog : null;
            foreach (var fork in _forks)
            {
                if (fork.Dialog?.Update.State is DialogUpdateState.Updated) return fork.Dialog;
            }

            return null;
        }
    }

    /// <summary>§5.2: whose offer in an INVITE is without an answer in this dialog.</summary>
    private OfferPending PendingIn(SipDialog dialog) => _confirmed?.State switch
    {
        ConfirmedSessionState.Reoffering => OfferPending.Ours,
        ConfirmedSessionState.Reoffered => OfferPending.Theirs,
        ConfirmedSessionState.AwaitingReofferAck { Request.Request.Description.IsEmpty: true } => OfferPending.Ours,
        not null => OfferPending.None,
        null when dialog.IsAgreed => OfferPending.None,
        null when _uac is not null => _invite!.Request.Description.IsEmpty ? OfferPending.Theirs : OfferPending.Ours,
        null when _uas!.State is InviteUasState.AwaitingAck => _incoming!.Request.Description.IsEmpty ? OfferPending.Ours : OfferPending.None,
        null when _uas.State is InviteUasState.Unacknowledged { IsDescribed: true } && _incoming!.Request.Description.IsEmpty => OfferPending.Ours,
        null => OfferPending.Theirs,
    };

    private OfferPending PendingUpdate() => _dialog!.Update.State switch
    {
        DialogUpdateState.Updating => OfferPending.Ours,
        DialogUpdateState.Updated => OfferPending.Theirs,
        _ => OfferPending.None,
    };

    private void OnUpdate(SipDialog dialog, IncomingRequest request)
    {
        if (!SipUserAgent.Admits(request) || _agent.IsTooBrief(request)) return;
        request.Session = this;
        Dispatch(dialog, new SessionInput.UpdateReceived(request, !request.Request.Description.IsEmpty, PendingIn(dialog)));
    }

    private void OnUpdateResponse(SessionRequest sent, SipResponse response)
    {
        var dialog = sent.Dialog!;
        if (response.Status < 300)
        {
            dialog.Refresh(response);
            if (IsOpen) OnSuccess(sent.Request, response);
        }

        if (response.Status is 405 or 501) _takesUpdate = false;
        Dispatch(dialog, response.Status switch
        {
            < 300 => new SessionInput.UpdateSucceeded(response),
            491 => new SessionInput.UpdateCollided(response, _agent.CollisionWait(ownsCallId: IsOutgoing)),
            _ when CanRepeat(sent, response) => new SessionInput.UpdateChallenged(response),
            _ => new SessionInput.UpdateRefused(response),
        });
    }

    private void Dispatch(SipDialog dialog, SessionInput input)
    {
        var step = dialog.Update.On(input);
        dialog.Update = step.Next;
        if (step.Ignored) _agent.CountIgnored();
        _depth++;
        try
        {
            foreach (var effect in step.Effects) Apply(dialog, effect);
        }
        finally
        {
            _depth--;
        }

        if (_depth == 0) ReleaseWhenOver();
    }

    private void Apply(SipDialog dialog, SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.SendUpdate e: dialog.SentUpdate = Send(SessionRequestKind.Update, e.Request, dialog.Flow, dialog); break;
            case SessionEffect.RepeatUpdate: RepeatUpdate(dialog); break;
            case SessionEffect.AcceptUpdate e: Accept(dialog, e.Request, BuildSuccess(e.Request, [], [])); break;
            case SessionEffect.RespondUpdate e: Accept(dialog, e.Request, e.Response); break;
            case SessionEffect.Reply e: Reply(e.Request, e.Status); break;
            case SessionEffect.StartUpdateTimer e: _agent.Restart(ref _updateTimer, e.After, this, UpdateTimer); break;
            case SessionEffect.StopUpdateTimer: _agent.Cancel(ref _updateTimer); break;
            case SessionEffect.LoseDialog e: Dispatch(new SessionInput.DialogUnknownThere(e.Response)); break;
            default: Tell(effect); break;
        }
    }

    /// <summary>An UPDATE is a target refresh (§5.2); its transaction must not keep the session.</summary>
    private static void Accept(SipDialog dialog, IncomingRequest request, SipResponse response)
    {
        if (request.Request.Method == SipMethod.Update) dialog.Refresh(request.Request);
        request.Session = null;
        request.Respond(response);
    }

    private void RepeatUpdate(SipDialog dialog)
    {
        var sent = dialog.SentUpdate!;
        var again = _agent.Again(sent.Request, dialog.NextCSeq(), dialog.Flow, sent.Answer, sent.Answer is null ? RefreshRows() : []);
        dialog.SentUpdate = Send(SessionRequestKind.Update, again, dialog.Flow, dialog, repeated: sent.Repeated || sent.Answer is not null);
    }

    /// <summary>After the message that ends the session: what the far side has asked and we have not answered gets 487 (RFC 3261 §15.1.2).</summary>
    private void CloseWhenOver()
    {
        if (IsOpen) return;
        DispatchExpiry(SessionInput.SessionOver.It);
        CloseRefers();
        if (_dialog is not null) Close(_dialog);
        CloseForks();
    }

    /// <summary>The early dialogs that did not become the session's are over for UPDATE.</summary>
    private void CloseForks()
    {
        foreach (var fork in _forks)
        {
            if (fork.Dialog is { } dialog && !ReferenceEquals(dialog, _dialog)) Close(dialog);
        }
    }

    private void Close(SipDialog dialog)
    {
        if (dialog.Update.State is not DialogUpdateState.Closed) Dispatch(dialog, SessionInput.SessionOver.It);
    }
}
