using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>An INVITE without a final response, written down for another process and taken up by it: all it can do there is end.</summary>
public sealed partial class SipSession
{
    /// <summary>What a response, or a CANCEL, ACK and BYE, take over from the INVITE.</summary>
    private static readonly HeaderName[] NeededRows =
    [
        HeaderName.Via, HeaderName.Route, HeaderName.RecordRoute, HeaderName.From, HeaderName.To, HeaderName.CallId, HeaderName.Contact,
        HeaderName.Authorization, HeaderName.ProxyAuthorization,
    ];

    /// <summary>The INVITE as it stands, for another process to end; null once it has a final response, and for an outgoing one that is being hung up.</summary>
    public UnansweredInvite? Unanswered() => this switch
    {
        { _incoming: { IsAnswered: false } incoming, _uas.IsUnanswered: true } => Written(incoming.Request, incoming.Flow),
        { _uac.State: InviteUacState.Calling or InviteUacState.Proceeding, _invite: { } invite } => Written(invite.Request, _inviteFlow),
        _ => null,
    };

    /// <summary>An INVITE of the far side that nobody has answered yet.</summary>
    internal static SipSession TakenUp(SipUserAgent agent, UnansweredInvite left, ulong tag, IncomingInvite invite, ISessionUser user, object? context) =>
        new(agent, user, context, tag, invite.Request.CallId.ToArray(), Encoding.UTF8.GetBytes(left.Contact))
        {
            _uas = InviteUas.Start,
            _incoming = invite,
            _dialog = SipDialog.FromRequest(invite.Request, Encoding.UTF8.GetBytes(left.LocalTag), invite.Flow),
        };

    /// <summary>An INVITE of ours that has had a provisional response, as far as anybody knows.</summary>
    internal static SipSession TakenUp(SipUserAgent agent, UnansweredInvite left, ulong tag, SipRequest invite, ISessionUser user, object? context)
    {
        var session = new SipSession(agent, user, context, tag, invite.CallId.ToArray(), Encoding.UTF8.GetBytes(left.Contact))
        {
            _uac = new InviteUac(Repeated: true, InviteUacState.Proceeding.It),
            _inviteFlow = left.Flow,
        };
        session._invite = new SessionRequest(session, SessionRequestKind.Invite, invite) { Repeated = true };
        return session;
    }

    /// <summary>False when its transaction is there already.</summary>
    internal bool TryTakeUpInvite() => (_invite!.Transaction = _agent.Stack.TakeUp(_invite.Request, _inviteFlow, _invite)) is not null;

    private UnansweredInvite Written(SipRequest invite, in Transport.SipFlow flow)
    {
        var builder = new SipRequestBuilder(SipMethod.Invite, invite.RequestUri);
        foreach (var name in NeededRows) builder.CopyFrom(invite, name);
        var rows = builder.CSeq(invite.CSeq.Number, SipMethod.Invite).Build();
        return new(IsOutgoing, LocalTag, Encoding.UTF8.GetString(_contact), rows.Wire.ToArray(), flow);
    }
}
