using System.Globalization;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Dialogs;

/// <summary>REFER and its NOTIFYs within the session (RFC 3515), in both directions.</summary>
public sealed partial class SipSession
{
    private const int MostRefers = 4;

    private ReferClient _refer = ReferClient.Start;
    private SessionRequest? _sentRefer;
    private List<IncomingRefer>? _refers;
    private bool _hasReferred;

    /// <summary>
    /// Asks the far side to call somebody else (RFC 3515). What comes of it is told as <see cref="ISessionUser.OnReferProgress"/> and
    /// <see cref="ISessionUser.OnReferFinished"/>. False unless the session is confirmed, the target is a URI and no other REFER of ours is under way.
    /// </summary>
    /// <param name="target">The URI to call, without angle brackets.</param>
    /// <param name="replaces">The dialog of the target whose place the new call takes (RFC 3891 §4); null for none.</param>
    /// <param name="subscribe">False asks the far side to tell nothing but its answer (RFC 4488); one that cannot do that tells all the same.</param>
    public bool Refer(string target, ReplacesHeader? replaces = null, bool subscribe = true)
    {
        if (!IsConfirmed || _refer.State is not ReferClientState.Idle || !SipUri.TryParse(Encoding.UTF8.GetBytes(target), out var uri)) return false;
        var separator = uri.Headers.IsEmpty ? "?" : "&";
        var referTo = replaces is null ? $"<{target}>" : $"<{target}{separator}Replaces={replaces.ForUri()}>";
        SipHeaderLine[] rows = [new("Refer-To", referTo), new("Referred-By", _dialog!.LocalAddress)];
        if (!subscribe) rows = [.. rows, new("Refer-Sub", "false")];
        DispatchRefer(new SessionInput.Refer(_agent.BuildInDialog(_dialog, SipMethod.Refer, _contact, [], [], rows)));
        return true;
    }

    private void OnRefer(IncomingRequest request)
    {
        if (!TryTake(request, IncomingRefer.TryRead(this, request, isFirst: !_hasReferred))) return;
        _hasReferred = true;
    }

    /// <summary>A REFER outside of the dialog, whose Target-Dialog names it: what is told of it is told in a dialog of its own (RFC 4538, RFC 3515 §2.4.4).</summary>
    internal void OnReferOutside(IncomingRequest request)
    {
        if (!IsConfirmed)
        {
            request.Reply(603);
            return;
        }

        request.Transaction.Attach(request);
        _ = TryTake(request, _agent.TryMakeReferDialog(request) is { } own ? IncomingRefer.TryRead(this, request, isFirst: true, own) : null);
    }

    private bool TryTake(IncomingRequest request, IncomingRefer? refer)
    {
        if (refer is null)
        {
            request.Reply(400);
            return false;
        }

        _refers ??= [];
        _refers.RemoveAll(known => known.Server.IsOver);
        if (_refers.Count == MostRefers)
        {
            Reply(request, 500);
            return false;
        }

        request.Session = this;
        _refers.Add(refer);
        if (refer.Own is not null) _agent.Add(this, refer);
        _user.OnRefer(this, refer);
        return true;
    }

    /// <summary>A NOTIFY about a REFER of ours; false when it is about something else (§2.4.4).</summary>
    private bool TryNotify(IncomingRequest notify)
    {
        if (!notify.Request.TryGet(HeaderName.Event, out var package)) return false;
        var end = package.IndexOf((byte)';');
        if (!SipText.EqualsIgnoreCase(SipText.Trim(end < 0 ? package : package[..end]), "refer"u8)) return false;
        if (end >= 0 && new SipParams(package[end..]).TryGetNumber("id"u8, out var id) && id != _sentRefer?.Request.CSeq.Number)
        {
            notify.Reply(481);
            return true;
        }

        var status = Sipfrag.StatusOf(notify.Request.Body.Span);
        DispatchRefer(new SessionInput.NotifyReceived(notify, status, status >= 200 || IsTerminated(notify.Request)));
        return true;
    }

    private static bool IsTerminated(SipRequest notify)
    {
        if (!notify.TryGet(HeaderName.SubscriptionState, out var state)) return false;
        var end = state.IndexOf((byte)';');
        return SipText.EqualsIgnoreCase(SipText.Trim(end < 0 ? state : state[..end]), "terminated"u8);
    }

    private void OnReferResponse(SessionRequest sent, SipResponse response)
    {
        if (!ReferenceEquals(sent, _sentRefer)) return;
        var subscribes = !response.TryGet(HeaderName.ReferSub, out var value) || !SipText.EqualsIgnoreCase(SipText.Trim(value), "false"u8);
        DispatchRefer(
            response.Status < 300 ? new SessionInput.ReferAccepted(response, subscribes)
            : CanAnswer(sent, response) ? new SessionInput.ReferChallenged(response)
            : new SessionInput.ReferRefused(response));
    }

    private void OnReferFailed(SessionRequest sent, bool timedOut)
    {
        if (ReferenceEquals(sent, _sentRefer))
            DispatchRefer(timedOut ? SessionInput.ReferTimedOut.It : SessionInput.ReferTransportFailed.It);
    }

    private void OnNotifyResponse(SessionRequest sent, SipResponse response)
    {
        if (!ReferenceEquals(sent, sent.Refer!.SentNotify)) return;
        Dispatch(
            sent.Refer, CanAnswer(sent, response) ? new SessionInput.NotifyChallenged(response) : new SessionInput.NotifyAnswered(response.Status));
    }

    /// <summary>The far side's REFER can be answered no longer.</summary>
    private void OnReferAbandoned(IncomingRequest request)
    {
        if (_refers?.Find(refer => ReferenceEquals(refer.Incoming, request)) is { } abandoned) Dispatch(abandoned, SessionInput.ReferAbandoned.It);
    }

    private void DispatchRefer(SessionInput input)
    {
        var step = _refer.On(input);
        _refer = step.Next;
        if (step.Ignored) _agent.CountIgnored();
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case SessionEffect.SendRefer e: _sentRefer = Send(SessionRequestKind.Refer, e.Request, _dialog!.Flow); break;
                case SessionEffect.RepeatRefer:
                    var again = _agent.Again(_sentRefer!.Request, _dialog!.NextCSeq(), _dialog.Flow, _sentRefer.Answer);
                    _sentRefer = Send(SessionRequestKind.Refer, again, _dialog.Flow, repeated: true);
                    break;
                case SessionEffect.Reply e: Reply(e.Request, e.Status); break;
                case SessionEffect.LoseDialog e: Dispatch(new SessionInput.DialogUnknownThere(e.Response)); break;
                case SessionEffect.TellReferProgress e: _user.OnReferProgress(this, e.Status); break;
                case SessionEffect.TellReferFinished e: _user.OnReferFinished(this, e.Status); break;
                default: break;
            }
        }
    }

    internal void Dispatch(IncomingRefer refer, SessionInput input)
    {
        var step = refer.Server.On(input);
        var endsNow = step.Next.IsOver && !refer.Server.IsOver;
        refer.Server = step.Next;
        if (step.Ignored) _agent.CountIgnored();
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case SessionEffect.RespondRefer e: RespondRefer(refer, e.Status); break;
                case SessionEffect.GrantSubscribe e: Grant(refer, e.Request, e.Seconds); break;
                case SessionEffect.Reply e: e.Request.Reply(e.Status); break;
                case SessionEffect.SendNotify e: SendNotify(refer, BuildNotify(refer, e.Report)); break;
                case SessionEffect.RepeatNotify:
                    var sent = refer.SentNotify!;
                    var dialog = DialogOf(refer);
                    SendNotify(refer, _agent.Again(sent.Request, dialog.NextCSeq(), dialog.Flow, sent.Answer), repeated: true);
                    break;
                default: break;
            }
        }

        if (endsNow && refer.Own is not null) _agent.Forget(refer.Own);
        if (endsNow && !_released) _user.OnReferOver(this, refer);
    }

    private SipDialog DialogOf(IncomingRefer refer) => refer.Own?.Dialog ?? _dialog!;

    private void RespondRefer(IncomingRefer refer, int status)
    {
        refer.Incoming.Session = null;
        if (status >= 300 && refer.Own is null) Reply(refer.Incoming, status);
        else if (status >= 300) refer.Incoming.Reply(status);
        else refer.Incoming.Respond(_agent.BuildAnswer(
            refer.Incoming, status, refer.Own?.Tag ?? Tag, refer.Own?.Contact ?? _contact, [], refer.WantsNotify ? [] : [new SipHeaderLine("Refer-Sub", "false")]));
    }

    private void SendNotify(IncomingRefer refer, SipRequest notify, bool repeated = false)
    {
        refer.SentNotify = new SessionRequest(this, SessionRequestKind.Notify, notify) { Repeated = repeated, Refer = refer };
        _agent.Send(refer.SentNotify, DialogOf(refer).Flow);
    }

    private void CloseRefers()
    {
        if (_refer.State is not ReferClientState.Closed) DispatchRefer(SessionInput.SessionOver.It);
        if (_refers is null) return;
        foreach (var refer in _refers)
        {
            // One that has a dialog of its own and was accepted is told of to the end (RFC 6665 §4.4.3): the session's has nothing to do with it.
            if (!refer.Server.IsOver && (refer.Own is null || refer.Server.State is ReferServerState.Offered)) Dispatch(refer, SessionInput.SessionOver.It);
        }
    }
}
