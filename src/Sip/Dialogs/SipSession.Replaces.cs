using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>Whether this session may be replaced (RFC 3891).</summary>
public sealed partial class SipSession
{
    /// <summary>
    /// This session as its far side knows it: what a REFER to somebody else puts behind the far side's URI, so that the new call takes the
    /// place of this one (RFC 3891 §4). Null before there is a dialog.
    /// </summary>
    public ReplacesHeader? ToReplaces() => _dialog is null ? null : new(CallId, ToTag: RemoteTag, FromTag: LocalTag);

    internal bool MayBeReferred(ReplacesHeader replaces) =>
        IsOpen && !(replaces.EarlyOnly && (_confirmed is not null || _uas?.State is InviteUasState.AwaitingAck));

    /// <summary>Whether this is the session with that dialog (RFC 4538 §4), and not over.</summary>
    internal bool IsNamedBy(TargetDialogHeader target) =>
        IsOpen && CallId == target.CallId && LocalTag == target.LocalTag && RemoteTag == target.RemoteTag;

    /// <summary>RFC 3891 §3: 0 when this session is the one to be replaced, else the status that says why not.</summary>
    internal int MatchOf(ReplacesHeader replaces)
    {
        if (RemoteTag != replaces.FromTag && (_dialog is not null || Find(Encoding.UTF8.GetBytes(replaces.FromTag)) is null)) return 481;
        if (!IsOpen) return 603;
        if (_confirmed is not null || _uas?.State is InviteUasState.AwaitingAck) return replaces.EarlyOnly ? 486 : 0;
        // Only an early dialog that we began can be replaced.
        return IsOutgoing ? 0 : 481;
    }
}
