using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>All that is needed to send a request in a dialog later, even from another process (RFC 3261 §12).</summary>
/// <param name="CallId">The Call-ID.</param>
/// <param name="LocalTag">Our tag.</param>
/// <param name="RemoteTag">The far side's tag; empty for one that sends none (RFC 2543).</param>
/// <param name="LocalAddress">Our From value without the tag.</param>
/// <param name="RemoteAddress">The far side's To value without the tag.</param>
/// <param name="RemoteTarget">The URI of the far side's Contact.</param>
/// <param name="Routes">The route set in the order of sending.</param>
/// <param name="LocalCSeq">The last CSeq number we used; 0 when none.</param>
/// <param name="RemoteCSeq">The last CSeq number the far side used; null when none.</param>
/// <param name="Contact">Our Contact value.</param>
/// <param name="Flow">Where requests of the dialog go.</param>
public sealed record DialogSnapshot(
    string CallId,
    string LocalTag,
    string RemoteTag,
    string LocalAddress,
    string RemoteAddress,
    string RemoteTarget,
    IReadOnlyList<string> Routes,
    uint LocalCSeq,
    uint? RemoteCSeq,
    string Contact,
    SipFlow Flow);
