using System.Diagnostics.CodeAnalysis;
using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>INVITEs of a process before this one that nobody has answered.</summary>
public sealed partial class SipUserAgent
{
    /// <summary>
    /// Takes up an INVITE of another process that has had no final response, so that it can be hung up: one of the far side is refused, one of ours
    /// cancelled (RFC 3261 §9.1, §13.3.1.3), and repeats, ACK and crossing answers are taken as ever. To be hung up at once: it has no timers.
    /// False when what was kept is no INVITE, or its session or transaction lives already.
    /// </summary>
    public bool TryTakeUp(UnansweredInvite left, ISessionUser user, object? context, [NotNullWhen(true)] out SipSession? session)
    {
        session = null;
        if (!TryReadTag(Encoding.UTF8.GetBytes(left.LocalTag), out var tag) || _sessions.ContainsKey(tag)
            || SipParser.TryParse(left.Invite, SipLimits.Default, out var message) != SipParseError.None
            || message is not SipRequest { Method: SipMethod.Invite } invite)
            return false;
        if (left.IsOutgoing)
        {
            session = SipSession.TakenUp(this, left, tag, invite, user, context);
            if (!session.TryTakeUpInvite()) session = null;
        }
        else if (Stack.TakeUp(invite, left.Flow) is { } transaction)
        {
            var incoming = new IncomingInvite(this, transaction, invite, transaction.Flow);
            transaction.Attach(incoming);
            session = SipSession.TakenUp(this, left, tag, incoming, user, context);
            incoming.Session = session;
        }

        if (session is null) return false;
        _sessions.Add(tag, session);
        return true;
    }
}
