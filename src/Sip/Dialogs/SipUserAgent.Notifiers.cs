using System.Diagnostics.CodeAnalysis;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>Dialogs that subscriptions make (RFC 6665).</summary>
public sealed partial class SipUserAgent
{
    private readonly Dictionary<ulong, NotifierDialog> _notifiers = [];

    /// <summary>
    /// Makes a dialog of a SUBSCRIBE outside of one; it is not answered yet: see <see cref="NotifierDialog.Accept"/>. It lives until
    /// <see cref="NotifierDialog.Close"/>.
    /// </summary>
    /// <param name="subscribe">The request.</param>
    /// <param name="user">Told what happens.</param>
    /// <param name="contactUser">The user part of our Contact; empty for none.</param>
    /// <param name="dialog">The dialog.</param>
    /// <returns>False when the request has no Contact that can be notified: answer 400 (§8.1.1.8 of RFC 3261).</returns>
    public bool TryMakeNotifier(IncomingRequest subscribe, INotifierUser user, string contactUser, [NotNullWhen(true)] out NotifierDialog? dialog)
    {
        dialog = null;
        if (!ContactValue.TryParse(subscribe.Request.Get(HeaderName.Contact), out var contact) || contact.IsStar
            || !SipUri.TryParse(contact.Uri, out var uri) || uri.Scheme == SipScheme.Other) return false;
        dialog = new NotifierDialog(this, subscribe, NewTag(), Contact(contactUser, subscribe.Flow), user);
        _notifiers.Add(dialog.Tag, dialog);
        return true;
    }

    internal void Forget(NotifierDialog dialog) => _notifiers.Remove(dialog.Tag);

    private NotifierDialog? FindNotifier(SipRequest request) =>
        TryReadTag(request.ToTag, out var tag) && _notifiers.TryGetValue(tag, out var dialog) && request.CallId.SequenceEqual(dialog.CallId) ? dialog : null;
}
