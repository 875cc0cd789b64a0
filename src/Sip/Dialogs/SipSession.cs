using System.Globalization;
using System.Text;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>
/// One INVITE usage: a leg's signalling from the INVITE to the last response (RFC 3261 §12 to §15). Belongs to the thread of its stack.
/// No method throws for being called at a bad moment: what is not possible now answers false or does nothing.
/// </summary>
public sealed partial class SipSession : ITimed
{
    private readonly SipUserAgent _agent;
    private ISessionUser _user;
    private readonly byte[] _contact;
    private InviteUac? _uac;
    private InviteUas? _uas;
    private ConfirmedSession? _confirmed;
    private SipDialog? _dialog;
    private IncomingInvite? _incoming;
    private TimerHandle _timer;
    private int _depth;
    private int _droppedForks;
    private bool _released;

    private SipSession(SipUserAgent agent, ISessionUser user, object? context, ulong localTag, byte[] callId, byte[] contact)
    {
        _agent = agent;
        _user = user;
        _contact = contact;
        Context = context;
        Tag = localTag;
        CallIdBytes = callId;
    }

    internal static SipSession Outgoing(SipUserAgent agent, OutgoingInvite invite, ISessionUser user, object? context)
    {
        var callId = invite.CallId is null ? agent.NewCallId() : Encoding.UTF8.GetBytes(invite.CallId);
        return new(agent, user, context, agent.NewTag(), callId, agent.Contact(invite.ContactUser, invite.Flow))
        {
            _uac = InviteUac.Start,
            _inviteFlow = invite.Flow,
            _stayOnFlow = invite.StayOnFlow,
            _elsewhere = Alternatives(invite),
            Credentials = invite.Credentials,
            _wish = Wish(invite.SessionInterval ?? agent.Options.SessionInterval),
        };
    }

    internal static SipSession Incoming(SipUserAgent agent, IncomingInvite invite, ISessionUser user, object? context, byte[] contact)
    {
        var tag = agent.NewTag();
        Span<byte> tagText = stackalloc byte[16];
        return new(agent, user, context, tag, invite.Request.CallId.ToArray(), contact)
        {
            _uas = InviteUas.Start,
            _incoming = invite,
            _wish = Wish(agent.Options.SessionInterval),
            _dialog = SipDialog.FromRequest(invite.Request, SipUserAgent.WriteTag(tag, tagText), invite.Flow),
        };
    }

    /// <summary>Null when the tag is none of ours.</summary>
    internal static SipSession? Resumed(SipUserAgent agent, DialogSnapshot dialog, ISessionUser user, object? context) =>
        SipUserAgent.TryReadTag(Encoding.UTF8.GetBytes(dialog.LocalTag), out var tag)
            ? new(agent, user, context, tag, Encoding.UTF8.GetBytes(dialog.CallId), Encoding.UTF8.GetBytes(dialog.Contact))
            {
                _confirmed = ConfirmedSession.Start,
                _dialog = SipDialog.FromSnapshot(dialog),
            }
            : null;

    /// <summary>A dialog nobody wants: all it can do is end.</summary>
    internal static SipSession Abandoned(SipUserAgent agent, ISessionUser nobody, SipDialog dialog, ulong tag, byte[] callId) =>
        new(agent, nobody, null, tag, callId, [])
        {
            _confirmed = ConfirmedSession.Start,
            _dialog = dialog,
        };

    /// <summary>What the user attached when the session was made; free to change, null once <see cref="ISessionUser.OnReleased"/> has returned.</summary>
    public object? Context { get; set; }

    /// <summary>Answers challenges of the far side, one for each request; an outgoing session has those of its <see cref="OutgoingInvite"/>.</summary>
    public DigestLogin? Credentials { get; set; }

    /// <summary>The Call-ID.</summary>
    public string CallId => Encoding.UTF8.GetString(CallIdBytes);

    /// <summary>Our tag.</summary>
    public string LocalTag => Tag.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The far side's tag; empty until a dialog exists.</summary>
    public string RemoteTag => _dialog is null ? "" : Encoding.UTF8.GetString(_dialog.RemoteTag);

    /// <summary>True when we sent the INVITE.</summary>
    public bool IsOutgoing => _uac is not null;

    /// <summary>True from the ACK until the end: re-INVITE and INFO are possible.</summary>
    public bool IsConfirmed => _confirmed is { State: not (ConfirmedSessionState.ByeSent or ConfirmedSessionState.Ended) };

    /// <summary>True once <see cref="ISessionUser.OnReleased"/> has come.</summary>
    public bool IsReleased => _released;

    /// <summary>The INVITE that made the session, ours with the latest credentials; null for one taken up from a snapshot.</summary>
    public SipRequest? Invite => _incoming?.Request ?? _invite?.Request;

    internal ulong Tag { get; }

    internal byte[] CallIdBytes { get; }

    /// <summary>The dialog as it stands, for another process to go on with; null before there is one.</summary>
    public DialogSnapshot? Snapshot() => _dialog?.Snapshot(LocalTag, Encoding.UTF8.GetString(_contact));

    /// <summary>
    /// Sends a provisional response 101 to 199 to an incoming INVITE (RFC 3261 §13.3.1.1), reliably when the caller requires that: then the next
    /// goes out after its PRACK (RFC 3262 §3). False when it is too late, or several wait already.
    /// </summary>
    /// <param name="status">The status.</param>
    /// <param name="sdp">Early media description, or empty.</param>
    /// <param name="headers">Rows to add.</param>
    public bool Progress(int status, ReadOnlySpan<byte> sdp, params ReadOnlySpan<SipHeaderLine> headers)
    {
        if (status is <= 100 or >= 200 || _uas is not { TakesProgress: true }) return false;
        Dispatch(BuildProgress(status, sdp, headers));
        return true;
    }

    /// <summary>
    /// Answers an incoming INVITE with 200 (RFC 3261 §13.3.1.4). False when it has been answered, cancelled or hung up. The 200 waits for the
    /// PRACK of a provisional response with SDP (RFC 3262 §3).
    /// </summary>
    /// <param name="sdp">The SDP answer, or the offer when the INVITE had none.</param>
    /// <param name="headers">Rows to add.</param>
    public bool Answer(ReadOnlySpan<byte> sdp, params ReadOnlySpan<SipHeaderLine> headers)
    {
        if (_uas is not { IsUnanswered: true }) return false;
        Dispatch(new SessionInput.Answer(BuildSuccess(_incoming!, sdp, headers)));
        return true;
    }

    /// <summary>
    /// Answers the offer that the 2xx to an INVITE of ours without one has brought; the answer goes out with the ACK (RFC 3261 §13.2.2.4). False
    /// when none is waiting.
    /// </summary>
    /// <param name="sdp">The answer: one that refuses every stream where nothing fits, followed by <see cref="HangUp"/>; empty where the offer cannot be read.</param>
    public bool AnswerOffer(ReadOnlySpan<byte> sdp)
    {
        if (_uac is not { State: InviteUacState.Offered }) return false;
        Dispatch(new SessionInput.AnswerOffer(sdp.ToArray()));
        return true;
    }

    /// <summary>
    /// Ends the session with the message its state asks for: a final status, CANCEL or BYE (RFC 3261 §9, §13, §15). Legal in every
    /// state; the second and every later call does nothing. <see cref="ISessionUser.OnHangupSent"/> tells when it is out.
    /// </summary>
    public void HangUp(SessionHangup hangup) => Dispatch(new SessionInput.HangUp(hangup));

    /// <summary>
    /// Sends a re-INVITE with a new offer (RFC 3261 §14.1). False unless the session is confirmed and neither re-INVITE nor UPDATE is under way.
    /// </summary>
    public bool Reoffer(ReadOnlySpan<byte> sdp)
    {
        if (_confirmed is not { State: ConfirmedSessionState.Established } || !_dialog!.Update.IsIdle) return false;
        Dispatch(new SessionInput.Reoffer(_agent.BuildInDialog(_dialog!, SipMethod.Invite, _contact, "application/sdp"u8, sdp, RefreshRows())));
        return true;
    }

    /// <summary>Answers the far side's re-INVITE or UPDATE with 200. False when none is pending.</summary>
    public bool AnswerReoffer(ReadOnlySpan<byte> sdp)
    {
        if (Updated is { Update.State: DialogUpdateState.Updated update } dialog)
        {
            Dispatch(dialog, new SessionInput.AnswerUpdate(
                update.Request.Request.Method == SipMethod.Prack
                    ? BuildAnswer(update.Request, 200, sdp, []) : BuildSuccess(update.Request, sdp, [])));
            return true;
        }

        if (_confirmed is not { State: ConfirmedSessionState.Reoffered pending }) return false;
        _dialog!.Refresh(pending.Request.Request);
        Dispatch(new SessionInput.AnswerReoffer(BuildSuccess(pending.Request, sdp, [])));
        return true;
    }

    /// <summary>Refuses the far side's re-INVITE or UPDATE: the session goes on as before (RFC 3261 §14.2). False when none is pending.</summary>
    /// <param name="status">300 to 699, usually 488.</param>
    public bool RejectReoffer(int status)
    {
        status = status is >= 300 and <= 699 ? status : 488;
        if (Updated is { } dialog)
        {
            Dispatch(dialog, new SessionInput.RejectUpdate(status));
            return true;
        }

        if (_confirmed is not { State: ConfirmedSessionState.Reoffered }) return false;
        Dispatch(new SessionInput.RejectReoffer(status));
        return true;
    }

    /// <summary>Sends an INFO (RFC 6086 §4, legacy use). False unless the session is confirmed.</summary>
    public bool SendInfo(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        if (!IsConfirmed) return false;
        Send(SessionRequestKind.Info, _agent.BuildInDialog(_dialog!, SipMethod.Info, [], contentType, body), _dialog!.Flow);
        return true;
    }

    private static TimeSpan? Wish(TimeSpan? interval) =>
        interval > TimeSpan.Zero ? interval < SessionTerms.Shortest ? SessionTerms.Shortest : interval : null;

    private SipResponse BuildAnswer(IncomingRequest request, int status, ReadOnlySpan<byte> sdp, ReadOnlySpan<SipHeaderLine> headers) =>
        _agent.BuildAnswer(request, status, Tag, _contact, sdp, headers);
}
