using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>Everything that can happen to an INVITE usage: what its user asks, what the wire brings, what the clock says.</summary>
internal abstract record SessionInput
{
    private SessionInput() { }

    // Asked by the user.
    public sealed record HangUp(SessionHangup Asked) : SessionInput;
    /// <summary>A provisional response; <c>RSeq</c> is 0 for one that is not reliable.</summary>
    public sealed record Progress(SipResponse Response, uint RSeq = 0) : SessionInput
    {
        public bool IsDescribed => !Response.Description.IsEmpty;
    }

    public sealed record Answer(SipResponse Response) : SessionInput;
    /// <summary>The answer to the offer of a 2xx; empty when it cannot even be read.</summary>
    public sealed record AnswerOffer(ReadOnlyMemory<byte> Sdp) : SessionInput;
    public sealed record Reoffer(SipRequest Reinvite) : SessionInput;
    public sealed record AnswerReoffer(SipResponse Response) : SessionInput;
    public sealed record RejectReoffer(int Status) : SessionInput;

    // Responses to our INVITE.
    public sealed record Provisional(SipResponse Response, bool Reliable = false) : SessionInput;
    /// <summary>A 2xx of a fork not seen before. <c>HasOffer</c>: our INVITE had none, and the ACK owes it the answer (§13.2.2.4).</summary>
    public sealed record Success(SipResponse Response, bool HasOffer = false) : SessionInput;
    /// <summary>A 2xx of a fork that was acknowledged before: the ACK was lost (§13.2.2.4).</summary>
    public sealed record SuccessRepeated(SipResponse Response) : SessionInput;
    /// <summary>A 401 or 407 that our credentials can answer.</summary>
    public sealed record Challenged(SipResponse Response) : SessionInput;
    public sealed record Refused(SipResponse Response) : SessionInput;
    /// <summary>No answer, no way there, or a 503, and there is another place to ask (RFC 3263 §4.3).</summary>
    public sealed record PlaceFailed : SessionInput { public static readonly PlaceFailed It = new(); }
    public sealed record InviteTimedOut : SessionInput { public static readonly InviteTimedOut It = new(); }
    public sealed record InviteTransportFailed : SessionInput { public static readonly InviteTransportFailed It = new(); }

    // What became of our CANCEL.
    public sealed record CancelAccepted : SessionInput { public static readonly CancelAccepted It = new(); }
    /// <summary>481: there is no INVITE to cancel, or it was answered before.</summary>
    public sealed record CancelUnknownThere : SessionInput { public static readonly CancelUnknownThere It = new(); }
    public sealed record CancelTransportFailed : SessionInput { public static readonly CancelTransportFailed It = new(); }

    // Requests of the far side.
    public sealed record CancelReceived(IncomingRequest Request) : SessionInput;
    public sealed record ByeReceived(IncomingRequest Request) : SessionInput;
    public sealed record AckReceived(SipRequest Ack) : SessionInput;
    /// <summary>The PRACK of a reliable provisional response we have sent.</summary>
    public sealed record PrackReceived(IncomingRequest Request, uint RSeq) : SessionInput;
    public sealed record ReinviteReceived(IncomingRequest Request, OfferPending Pending = OfferPending.None) : SessionInput;

    // What became of the final status we answered an INVITE with.
    public sealed record RefusalAcknowledged : SessionInput { public static readonly RefusalAcknowledged It = new(); }
    public sealed record RefusalTimedOut : SessionInput { public static readonly RefusalTimedOut It = new(); }
    public sealed record ResponseTransportFailed : SessionInput { public static readonly ResponseTransportFailed It = new(); }

    // Responses to our re-INVITE.
    public sealed record ReofferSucceeded(SipResponse Response) : SessionInput;
    public sealed record ReofferChallenged(SipResponse Response) : SessionInput;
    /// <summary>A 491, and how long to wait before the next try (§14.1).</summary>
    public sealed record ReofferCollided(SipResponse Response, TimeSpan Wait) : SessionInput;
    public sealed record ReofferRefused(SipResponse Response) : SessionInput;
    public sealed record ReofferTimedOut : SessionInput { public static readonly ReofferTimedOut It = new(); }
    public sealed record ReofferTransportFailed : SessionInput { public static readonly ReofferTransportFailed It = new(); }

    // Responses to our BYE.
    public sealed record ByeAnswered(int Status) : SessionInput;
    public sealed record ByeChallenged(SipResponse Response) : SessionInput;
    public sealed record ByeTimedOut : SessionInput { public static readonly ByeTimedOut It = new(); }
    public sealed record ByeTransportFailed : SessionInput { public static readonly ByeTransportFailed It = new(); }

    // UPDATE in a dialog (RFC 3311).
    public sealed record Update(SipRequest Request) : SessionInput;
    public sealed record AnswerUpdate(SipResponse Response) : SessionInput;
    public sealed record RejectUpdate(int Status) : SessionInput;
    public sealed record UpdateReceived(IncomingRequest Request, bool HasOffer, OfferPending Pending) : SessionInput;
    /// <summary>The far side's UPDATE can be answered no longer.</summary>
    public sealed record UpdateAbandoned : SessionInput { public static readonly UpdateAbandoned It = new(); }
    public sealed record UpdateSucceeded(SipResponse Response) : SessionInput;
    public sealed record UpdateChallenged(SipResponse Response) : SessionInput;
    public sealed record UpdateCollided(SipResponse Response, TimeSpan Wait) : SessionInput;
    public sealed record UpdateRefused(SipResponse Response) : SessionInput;
    public sealed record UpdateTimedOut : SessionInput { public static readonly UpdateTimedOut It = new(); }
    public sealed record UpdateTransportFailed : SessionInput { public static readonly UpdateTransportFailed It = new(); }
    public sealed record UpdateTimerFired : SessionInput { public static readonly UpdateTimerFired It = new(); }

    /// <summary>Another request of ours in the dialog was answered 481 or 408, or (null) not at all: the far side knows no such dialog (§12.2.1.2).</summary>
    public sealed record DialogUnknownThere(SipResponse? Response) : SessionInput;

    // Session timers (RFC 4028).
    /// <summary>A 2xx to an INVITE or UPDATE settled the interval anew; null: it settled that there is none.</summary>
    public sealed record TermsAgreed(SessionTerms? Terms) : SessionInput;
    public sealed record SessionTimerFired : SessionInput { public static readonly SessionTimerFired It = new(); }
    public sealed record SessionExpired : SessionInput { public static readonly SessionExpired It = new(); }
    /// <summary>A 422 to our INVITE that a longer interval answers (§7.3).</summary>
    public sealed record IntervalRefused(SipResponse Response) : SessionInput;

    // REFER, ours (RFC 3515).
    public sealed record Refer(SipRequest Request) : SessionInput;
    /// <summary>A 2xx; <c>Subscribes</c> is false when no NOTIFY follows (RFC 4488).</summary>
    public sealed record ReferAccepted(SipResponse Response, bool Subscribes) : SessionInput;
    public sealed record ReferChallenged(SipResponse Response) : SessionInput;
    public sealed record ReferRefused(SipResponse Response) : SessionInput;
    public sealed record ReferTimedOut : SessionInput { public static readonly ReferTimedOut It = new(); }
    public sealed record ReferTransportFailed : SessionInput { public static readonly ReferTransportFailed It = new(); }
    public sealed record NotifyReceived(IncomingRequest Request, int Status, bool IsLast) : SessionInput;

    // REFER, theirs.
    public sealed record AcceptRefer(int Status, bool Subscribes) : SessionInput;
    public sealed record RejectRefer(int Status) : SessionInput;
    /// <summary>The far side's REFER can be answered no longer.</summary>
    public sealed record ReferAbandoned : SessionInput { public static readonly ReferAbandoned It = new(); }
    public sealed record NotifyRefer(ReferReport Report) : SessionInput;
    /// <summary>The final status of our NOTIFY; 408 or 503 when there was none.</summary>
    public sealed record NotifyAnswered(int Status) : SessionInput;
    public sealed record NotifyChallenged(SipResponse Response) : SessionInput;
    /// <summary>A SUBSCRIBE to what is told of it: more time is asked for, or with 0 seconds the end (RFC 3515 §2.4.4, RFC 6665 §4.1.2).</summary>
    public sealed record SubscribeReceived(IncomingRequest Request, uint Seconds) : SessionInput;

    /// <summary>The session has ended, or the message that ends it is out.</summary>
    public sealed record SessionOver : SessionInput { public static readonly SessionOver It = new(); }

    public sealed record TimerFired : SessionInput { public static readonly TimerFired It = new(); }
}
