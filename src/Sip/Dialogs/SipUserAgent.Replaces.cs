using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>What a Replaces header names here.</summary>
/// <param name="Session">The session to hang up once the new one is answered; null when there is none.</param>
/// <param name="Refusal">The status to refuse the INVITE with; 0 when it may go on.</param>
public readonly record struct ReplacedSession(SipSession? Session, int Refusal);

/// <summary>Finds the session that an INVITE wants to take the place of.</summary>
public sealed partial class SipUserAgent
{
    /// <summary>
    /// Finds the session of ours whose own INVITE this is, come back to us: nobody else knows its tag and Call-ID. A loop, or, when it asks for
    /// somebody else by now, a spiral (RFC 3261 §16.3 item 4). Null for an INVITE of others.
    /// </summary>
    public SipSession? FindReturned(SipRequest invite) =>
        TryReadTag(invite.FromTag, out var tag) && _sessions.TryGetValue(tag, out var session) && invite.CallId.SequenceEqual(session.CallIdBytes) ? session : null;

    /// <summary>
    /// Finds the session that the Replaces header of an INVITE names (RFC 3891 §3). Without such a header: no session, no refusal. The
    /// caller's right to replace it is for the user to decide.
    /// </summary>
    public ReplacedSession FindReplaced(SipRequest request)
    {
        if (!request.Has(HeaderName.Replaces)) return default;
        var rows = 0;
        foreach (var _ in request.Rows(HeaderName.Replaces)) rows++;
        if (rows > 1 || !ReplacesHeader.TryParse(request.Get(HeaderName.Replaces), out var replaces)) return new(null, 400);
        return FindReplaced(replaces!);
    }

    /// <inheritdoc cref="FindReplaced(SipRequest)"/>
    public ReplacedSession FindReplaced(ReplacesHeader replaces)
    {
        if (!TryReadTag(Encoding.UTF8.GetBytes(replaces.ToTag), out var tag) || !_sessions.TryGetValue(tag, out var session)
            || session.CallId != replaces.CallId) return new(null, 481);
        return session.MatchOf(replaces) is var refusal && refusal == 0 ? new(session, 0) : new(null, refusal);
    }

    /// <summary>
    /// Finds the session that the Replaces of a REFER names, when both sides of the transfer are here. Unlike a new INVITE it may name an early
    /// dialog that its far side began: who refers calls somebody that rings. Null when there is no such session or it is ending.
    /// </summary>
    public SipSession? FindReferred(ReplacesHeader replaces) =>
        TryReadTag(Encoding.UTF8.GetBytes(replaces.ToTag), out var tag) && _sessions.TryGetValue(tag, out var session)
        && session.CallId == replaces.CallId && session.RemoteTag == replaces.FromTag && session.MayBeReferred(replaces) ? session : null;
}
