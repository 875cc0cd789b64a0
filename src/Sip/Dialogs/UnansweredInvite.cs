using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>All that is needed to end an INVITE without a final response later, even from another process (RFC 3261 §9.1, §13.3.1.3).</summary>
/// <param name="IsOutgoing">True when we sent it: it is to be cancelled. False: it is to be refused.</param>
/// <param name="LocalTag">Our tag.</param>
/// <param name="Contact">Our Contact value.</param>
/// <param name="Invite">The INVITE as bytes, without its body and without the rows that neither a response nor CANCEL, ACK and BYE need.</param>
/// <param name="Flow">Where it came from, or went to.</param>
public sealed record UnansweredInvite(bool IsOutgoing, string LocalTag, string Contact, byte[] Invite, SipFlow Flow);
