using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>Answers challenges of the far side (RFC 3261 §22).</summary>
public sealed partial class SipUserAgent
{
    internal static bool CanAnswer(SipResponse challenge) => false;

    internal static SipRequest WithCredentials(SipRequest request, SipResponse challenge, SipCredentials credentials, uint cseq, in SipFlow flow) => request;
}
