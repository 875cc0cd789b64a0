using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>An INVITE that failed at one place goes on to the next (RFC 3263 §4.3).</summary>
public sealed partial class SipSession
{
    private SipFlow[] _elsewhere = [];
    private int _nextPlace;
    private SipRequest? _firstInvite;

    /// <summary>Our Contact names one listener, so only places that hear from the same one count.</summary>
    private static SipFlow[] Alternatives(OutgoingInvite invite) => invite.Elsewhere.Count == 0
        ? []
        : [.. invite.Elsewhere.Where(f => f.Kind == invite.Flow.Kind && f.Remote.SameFamily(invite.Flow.Remote))];

    /// <summary>True when there is a next place, and nobody was reached at this one: a callee that was heard of is not left for another.</summary>
    private bool CanMoveOn() =>
        _nextPlace < _elsewhere.Length && _forks.Count == 0 && _uac is { State: InviteUacState.Calling or InviteUacState.Proceeding };

    /// <summary>A new transaction, and credentials made anew if they are asked for there: the old ones answer another server's challenge.</summary>
    private void InviteElsewhere()
    {
        _inviteFlow = _elsewhere[_nextPlace++];
        var again = _agent.Again(_firstInvite!, _invite!.Request.CSeq.Number + 1, _inviteFlow, null, RefreshRows());
        _early = null;
        SendInvite(new SessionRequest(this, SessionRequestKind.Invite, again));
    }
}
