using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>Decides about requests that belong to no session yet, on the thread of the stack.</summary>
public interface ISipUserAgentHandler
{
    /// <inheritdoc cref="ISipStackUser.RefusalOf"/>
    SipRefusal? RefusalOf(SipRequest invite) => null;

    /// <summary>
    /// A new call: <see cref="IncomingInvite.Accept"/> it, or answer it (401 with challenges, 302, 503 …), before returning.
    /// An INVITE left alone is answered 500.
    /// </summary>
    void OnInvite(IncomingInvite invite);

    /// <summary>REGISTER, OPTIONS, MESSAGE and every other request outside a dialog. It may be answered later; one never answered is lost.</summary>
    void OnRequest(IncomingRequest request);
}
