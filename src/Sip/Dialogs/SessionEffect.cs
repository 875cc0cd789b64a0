using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>Everything a session machine can ask of the outside. Wire effects come before the telling ones in every step.</summary>
internal abstract record SessionEffect
{
    private SessionEffect() { }

    // As caller.
    public sealed record SendCancel(SessionHangup? Asked) : SessionEffect;
    public sealed record RepeatInvite(SipResponse Challenge) : SessionEffect;
    /// <summary>Send the INVITE to the next place (RFC 3263 §4.3).</summary>
    public sealed record InviteElsewhere : SessionEffect { public static readonly InviteElsewhere It = new(); }
    /// <summary>Drop the INVITE's transaction: its final response is not waited for any longer (§9.1).</summary>
    public sealed record AbandonInvite : SessionEffect { public static readonly AbandonInvite It = new(); }
    /// <summary>This fork is the session's dialog: acknowledge it (§13.2.2.4).</summary>
    public sealed record Acknowledge(SipResponse Success, ReadOnlyMemory<byte> Sdp = default) : SessionEffect;
    public sealed record RepeatAck(SipResponse Success) : SessionEffect;
    /// <summary>Another fork answered too: ACK, then BYE (§13.2.2.4).</summary>
    public sealed record DropFork(SipResponse Success) : SessionEffect;

    // As callee.
    public sealed record Respond(SipResponse Response) : SessionEffect;
    public sealed record Refuse(SessionHangup Asked) : SessionEffect;

    // Either side.
    /// <summary>Answer a BYE, CANCEL or re-INVITE of the far side.</summary>
    public sealed record Reply(IncomingRequest Request, int Status) : SessionEffect;
    /// <summary>From here on the confirmed part has the session.</summary>
    public sealed record Enter(ConfirmedSession Confirmed) : SessionEffect;
    public sealed record SendBye(SessionHangup? Asked) : SessionEffect;
    public sealed record RepeatBye(SipResponse Challenge) : SessionEffect;
    public sealed record SendReinvite(SipRequest Reinvite) : SessionEffect;
    /// <summary>After a challenge, or a collision.</summary>
    public sealed record RepeatReinvite(SipResponse Refusal) : SessionEffect;
    public sealed record AcknowledgeReinvite(SipResponse Success) : SessionEffect;
    public sealed record RespondReinvite(IncomingRequest Request, SipResponse Response) : SessionEffect;
    public sealed record SendUpdate(SipRequest Request) : SessionEffect;
    /// <summary>After a challenge, or a collision.</summary>
    public sealed record RepeatUpdate(SipResponse Refusal) : SessionEffect;
    /// <summary>200 to an UPDATE without an offer.</summary>
    public sealed record AcceptUpdate(IncomingRequest Request) : SessionEffect;
    public sealed record RespondUpdate(IncomingRequest Request, SipResponse Response) : SessionEffect;
    public sealed record StartUpdateTimer(TimeSpan After) : SessionEffect;
    public sealed record StopUpdateTimer : SessionEffect { public static readonly StopUpdateTimer It = new(); }
    /// <summary>The far side knows the dialog no longer; null: it does not answer.</summary>
    public sealed record LoseDialog(SipResponse? Response) : SessionEffect;
    public sealed record StartSessionTimer(TimeSpan After) : SessionEffect;
    public sealed record StopSessionTimer : SessionEffect { public static readonly StopSessionTimer It = new(); }
    public sealed record Refresh : SessionEffect { public static readonly Refresh It = new(); }
    public sealed record Expire : SessionEffect { public static readonly Expire It = new(); }
    /// <summary>(Re)start the session's one timer.</summary>
    public sealed record StartTimer(TimeSpan After) : SessionEffect;
    public sealed record StopTimer : SessionEffect { public static readonly StopTimer It = new(); }

    /// <summary>PRACK, with the answer when one is owed (RFC 3262 §4).</summary>
    public sealed record SendPrack(SipResponse Provisional) : SessionEffect;
    public sealed record AcceptPrack(IncomingRequest Request, SipResponse Provisional) : SessionEffect;

    // REFER.
    public sealed record SendRefer(SipRequest Request) : SessionEffect;
    public sealed record RepeatRefer(SipResponse Challenge) : SessionEffect;
    public sealed record RespondRefer(int Status) : SessionEffect;
    /// <summary>200 to a SUBSCRIBE; a NOTIFY follows (RFC 6665 §4.2.1.2).</summary>
    public sealed record GrantSubscribe(IncomingRequest Request, uint Seconds) : SessionEffect;
    public sealed record SendNotify(ReferReport Report) : SessionEffect;
    public sealed record RepeatNotify(SipResponse Challenge) : SessionEffect;

    // Told to the user.
    public sealed record TellProgress(SipResponse Response) : SessionEffect;
    public sealed record TellOffer(SipResponse Success) : SessionEffect;
    public sealed record TellAnswered(SipResponse Response) : SessionEffect;
    public sealed record TellAcknowledged(SipRequest Ack) : SessionEffect;
    public sealed record TellProgressAcknowledged(SipRequest Prack) : SessionEffect;
    public sealed record TellReoffer(IncomingRequest Request) : SessionEffect;
    /// <summary>Null: the network failed and nothing changed.</summary>
    public sealed record TellReofferAnswered(SipResponse? Final) : SessionEffect;
    public sealed record TellReferProgress(int Status) : SessionEffect;
    public sealed record TellReferFinished(int Status) : SessionEffect;
    public sealed record TellEnded(SessionEnd End) : SessionEffect;
    public sealed record TellHangupSent(HangupSent Sent) : SessionEffect
    {
        public static readonly TellHangupSent Bye = new(HangupSent.Bye);
        public static readonly TellHangupSent Cancel = new(HangupSent.Cancel);
        public static readonly TellHangupSent Nothing = new(HangupSent.Nothing);
    }

    public sealed record TellConfirmed(HangupConfirmation Confirmation) : SessionEffect
    {
        public static readonly TellConfirmed Yes = new(HangupConfirmation.Yes);
        public static readonly TellConfirmed Timeout = new(HangupConfirmation.Timeout);
        public static readonly TellConfirmed Unreachable = new(HangupConfirmation.Unreachable);
    }
}
