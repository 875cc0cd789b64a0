using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>What a Target-Dialog header names here.</summary>
/// <param name="Session">The session whose dialog it is; null when there is none.</param>
/// <param name="Refusal">The status to refuse the request with; 0 when it may go on.</param>
internal readonly record struct TargetedSession(SipSession? Session, int Refusal);

/// <summary>Requests outside of a dialog that show that they know one (RFC 4538).</summary>
public sealed partial class SipUserAgent
{
    private readonly Dictionary<ulong, (SipSession Session, IncomingRefer Refer)> _referDialogs = [];

    /// <summary>
    /// Finds the session whose dialog the Target-Dialog header of a request names (RFC 4538 §4). Without such a header: no session, no refusal.
    /// One that is ending is not found any more.
    /// </summary>
    internal TargetedSession FindTarget(SipRequest request)
    {
        if (!request.Has(HeaderName.TargetDialog)) return default;
        var rows = 0;
        foreach (var _ in request.Rows(HeaderName.TargetDialog)) rows++;
        if (rows > 1 || !TargetDialogHeader.TryParse(request.Get(HeaderName.TargetDialog), out var target)) return new(null, 400);
        return TryReadTag(Encoding.UTF8.GetBytes(target!.LocalTag), out var tag) && _sessions.TryGetValue(tag, out var session)
            && session.IsNamedBy(target) ? new(session, 0) : new(null, 481);
    }

    /// <summary>
    /// A REFER outside of the dialog it is about: whoever knows that dialog may ask what its far side may ask within it. False when the REFER names
    /// none; it is the handler's then.
    /// </summary>
    private bool TryRefer(IncomingRequest refer)
    {
        if (!Options.TakesTargetDialog || !refer.Request.Has(HeaderName.TargetDialog)) return false;
        var target = FindTarget(refer.Request);
        if (target.Session is { } session) session.OnReferOutside(refer);
        else refer.Reply(target.Refusal);
        return true;
    }

    /// <summary>What comes of the REFER is told in a dialog of its own; it is found until that is over.</summary>
    internal void Add(SipSession session, IncomingRefer refer) => _referDialogs.Add(refer.Own!.Tag, (session, refer));

    internal void Forget(ReferDialog dialog) => _referDialogs.Remove(dialog.Tag);

    private (SipSession? Session, IncomingRefer? Refer) FindRefer(SipRequest request) =>
        TryReadTag(request.ToTag, out var tag) && _referDialogs.TryGetValue(tag, out var found)
        && request.CallId.SequenceEqual(found.Refer.Request.CallId) ? found : default;

    /// <summary>The dialog of a REFER outside of one (RFC 3515 §2.4.4, RFC 3261 §12.1.1); null when it has no Contact that can be notified.</summary>
    internal ReferDialog? TryMakeReferDialog(IncomingRequest refer)
    {
        if (!ContactValue.TryParse(refer.Request.Get(HeaderName.Contact), out var contact) || contact.IsStar
            || !IsSip(contact.Uri)) return null;
        var tag = NewTag();
        Span<byte> text = stackalloc byte[16];
        return new(SipDialog.FromRequest(refer.Request, WriteTag(tag, text), refer.Flow), tag, Contact("", refer.Flow));
    }
}
