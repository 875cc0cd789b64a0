using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>The caller's part: INVITE, CANCEL, the ACK of a 2xx, and the forks that lost (RFC 3261 §13.2).</summary>
public sealed partial class SipSession
{
    private const int MostForks = 16;

    private readonly List<Fork> _forks = [];
    private bool _stayOnFlow;
    private SipFlow _inviteFlow;
    private SessionRequest? _invite;
    private SessionRequest? _reinvite;
    private SessionRequest? _bye;

    /// <summary>A callee that has shown its tag; once it has answered, the ACK is kept for repeats of its 2xx.</summary>
    private sealed class Fork(byte[] tag)
    {
        public byte[] Tag => tag;
        public SipDialog? Dialog { get; set; }
        public SipResponse? Early { get; set; }

        /// <summary>The last reliable provisional response taken; 0 when none.</summary>
        public uint RSeq { get; set; }

        /// <summary>The reliable provisional response whose offer awaits our answer.</summary>
        public SipResponse? Owed { get; set; }
        public SipRequest? Ack { get; set; }
    }

    internal void Start(OutgoingInvite invite)
    {
        var first = _agent.BuildInvite(invite, CallIdBytes, _contact, Tag, RefreshRows());
        if (_elsewhere.Length > 0) _firstInvite = first;
        SendInvite(new SessionRequest(this, SessionRequestKind.Invite, first));
    }

    private void SendCancel(SessionHangup? asked)
    {
        // §9.1: everything but the method is taken from the INVITE.
        var invite = _invite!.Request;
        var cancel = new SipRequestBuilder(SipMethod.Cancel, invite.RequestUri)
            .CopyFirst(invite, HeaderName.Via)
            .Header(HeaderName.MaxForwards, 70)
            .CopyFrom(invite, HeaderName.Route)
            .CopyFrom(invite, HeaderName.From)
            .CopyFrom(invite, HeaderName.To)
            .CopyFrom(invite, HeaderName.CallId)
            .CSeq(invite.CSeq.Number, SipMethod.Cancel);
        if (asked?.Reason is { } reason) cancel.Header(HeaderName.Reason, reason);
        Send(SessionRequestKind.Cancel, cancel.Build(), _inviteFlow);
    }

    private void RepeatInvite()
    {
        var answered = _invite!.Answer is not null;
        var again = _agent.Again(_invite.Request, _invite.Request.CSeq.Number + 1, _inviteFlow, _invite.Answer, answered ? [] : RefreshRows());
        _forks.Clear();
        _early = null;
        SendInvite(new SessionRequest(this, SessionRequestKind.Invite, again) { Repeated = answered });
    }

    private void SendInvite(SessionRequest invite)
    {
        _invite = invite;
        _agent.Send(invite, _inviteFlow);
    }

    private void Acknowledge(SipResponse success, ReadOnlyMemory<byte> sdp)
    {
        var fork = Answered(success, sdp.Span);
        _dialog = fork.Dialog;
        SendFirstAck(fork.Ack!);
        CloseForks();
        if (!sdp.IsEmpty) _localSdp = sdp;
        OnSuccess(_invite!.Request, success);
    }

    private void RepeatAck(SipResponse success)
    {
        if (Find(success.ToTag) is not { Ack: not null } fork) return;
        _agent.SendAck(fork.Ack, fork.Dialog!);
    }

    private void DropFork(SipResponse success)
    {
        var fork = Answered(success);
        var dialog = fork.Dialog!;
        _agent.SendAck(fork.Ack!, dialog);
        _droppedForks++;
        Send(SessionRequestKind.ForkBye, dialog.Begin(SipMethod.Bye, dialog.NextCSeq(), _agent).Build(), dialog.Flow, dialog);
    }

    private void ForkDropped()
    {
        _droppedForks--;
        if (_depth == 0) ReleaseWhenOver();
    }

    private Fork Answered(SipResponse success, ReadOnlySpan<byte> sdp = default)
    {
        var fork = NoteFork(success);
        var invite = _invite!.Request;
        if (fork.Dialog is null) fork.Dialog = SipDialog.FromResponse(invite, success, _inviteFlow, _stayOnFlow);
        else fork.Dialog.Confirm(success, _inviteFlow);
        fork.Early = null;
        var ack = WithCredentialsOf(invite, fork.Dialog.Begin(SipMethod.Ack, invite.CSeq.Number, _agent));
        if (!sdp.IsEmpty) ack.Body("application/sdp"u8, sdp);
        fork.Ack = ack.Build();
        return fork;
    }

    private Fork NoteFork(SipResponse response)
    {
        if (Find(response.ToTag) is { } known) return known;
        var fork = new Fork(response.ToTag.ToArray());
        // A flood of made-up tags must not grow the list: beyond the bound a fork is only remembered while it is handled.
        if (_forks.Count < MostForks) _forks.Add(fork);
        return fork;
    }

    private Fork? Find(ReadOnlySpan<byte> tag)
    {
        foreach (var fork in _forks)
        {
            if (tag.SequenceEqual(fork.Tag)) return fork;
        }

        return null;
    }

    /// <summary>The dialog with the sender of this request: the session's own, or one of the early ones.</summary>
    private SipDialog? DialogOf(SipRequest request)
    {
        if (_dialog is not null) return _dialog.IsFrom(request) ? _dialog : null;
        if (!IsOpen || Find(request.FromTag) is not { } fork) return null;
        return fork.Dialog ?? (fork.Early is null ? null : EarlyDialogOf(fork, fork.Early));
    }

    private bool IsFork(SipRequest request) => Find(request.FromTag) is not null;

    /// <summary>The 2xx has come before: its ACK is out, or waits for the answer to its offer.</summary>
    private bool IsKnown(SipResponse success) => Find(success.ToTag) is { Ack: not null }
        || (_uac?.State is InviteUacState.Offered { Success: var offered } && offered.ToTag.SequenceEqual(success.ToTag));

    /// <summary>Our INVITE made no offer and none was made and answered before: the 2xx makes it (§13.2.1).</summary>
    private bool BringsOffer(SipResponse success) =>
        _invite!.Request.Description.IsEmpty && !success.Description.IsEmpty && Find(success.ToTag) is not { Dialog.IsAgreed: true };
}
