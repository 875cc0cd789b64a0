using Switchhook.Sip.Transactions;
using static Switchhook.Sip.Dialogs.ConfirmedSessionState;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Dialogs.SessionInput;

namespace Switchhook.Sip.Dialogs;

/// <summary>A confirmed INVITE dialog, the same for caller and callee: re-INVITE (RFC 3261 §14) and BYE (§15).</summary>
internal sealed record ConfirmedSession(ConfirmedSessionState State)
{
    /// <summary>Answered and acknowledged.</summary>
    public static readonly ConfirmedSession Start = new(Established.It);

    /// <summary>Our BYE is out because the user hung up.</summary>
    public static readonly ConfirmedSession HangingUp = new(new ByeSent(Asked: true, Repeated: false));

    /// <summary>Our BYE is out because the session had failed; the user knows.</summary>
    public static readonly ConfirmedSession Leaving = new(new ByeSent(Asked: false, Repeated: false));

    private const int MostCollisions = 3;

    /// <summary>Nothing more is owed.</summary>
    public bool IsOver => State is Ended;

    public SessionStep<ConfirmedSession> On(SessionInput input) => (State, input) switch
    {
        // §15.1.1: BYE at once, whatever re-INVITE is under way; §15.1.2: the far side's pending one gets 487.
        (Reoffered o, HangUp h) => Go(HangingUp, new SendBye(h.Asked), new Reply(o.Request, 487), TellHangupSent.Bye),
        (AwaitingReofferAck or Colliding, HangUp h) => Go(HangingUp, StopTimer.It, new SendBye(h.Asked), TellHangupSent.Bye),
        (Established or Reoffering, HangUp h) => Go(HangingUp, new SendBye(h.Asked), TellHangupSent.Bye),
        (Reoffered o, ByeReceived b) => Go(Ended.It, new Reply(b.Request, 200), new Reply(o.Request, 487), Bye(b)),
        (AwaitingReofferAck or Colliding, ByeReceived b) => Go(Ended.It, StopTimer.It, new Reply(b.Request, 200), Bye(b)),
        (Established or Reoffering, ByeReceived b) => Go(Ended.It, new Reply(b.Request, 200), Bye(b)),

        (ByeSent s, ByeAnswered a) => Over(s, a.Status),
        (ByeSent { Repeated: false } s, ByeChallenged c) => Go(s with { Repeated = true }, new RepeatBye(c.Response)),
        (ByeSent s, ByeChallenged c) => Over(s, c.Response.Status),
        (ByeSent s, ByeTimedOut) => Over(s, 408),
        (ByeSent s, ByeTransportFailed) => Over(s, 503),

        // §14.1: our re-INVITE.
        (Established, Reoffer r) => Go(new Reoffering(false), new SendReinvite(r.Reinvite)),
        (Reoffering, ReofferSucceeded r) => Go(Established.It, new AcknowledgeReinvite(r.Response), new TellReofferAnswered(r.Response)),
        (Reoffering { Repeated: false } o, ReofferChallenged r) => Go(o with { Repeated = true }, new RepeatReinvite(r.Response)),
        (Reoffering, ReofferChallenged r) => Go(Established.It, new TellReofferAnswered(r.Response)),
        (Reoffering { Collisions: < MostCollisions } o, ReofferCollided c) =>
            Go(new Colliding(c.Response, o.Collisions + 1), new StartTimer(c.Wait)),
        (Reoffering, ReofferCollided c) => Go(Established.It, new TellReofferAnswered(c.Response)),
        (Colliding c, TimerFired) => Go(new Reoffering(false, c.Collisions), new RepeatReinvite(c.Refusal)),
        // §12.2.1.2: these two end the dialog.
        (Reoffering, ReofferRefused { Response.Status: 481 or 408 } r) => Lost(SessionEndKind.Rejected, r.Response),
        (Reoffering, ReofferRefused r) => Go(Established.It, new TellReofferAnswered(r.Response)),
        (Reoffering, ReofferTimedOut) => Lost(SessionEndKind.TimedOut),
        (Reoffering, ReofferTransportFailed) => Go(Established.It, new TellReofferAnswered(null)),
        // Its 2xx is acknowledged even when nobody waits for it any more (§13.2.2.4).
        (_, ReofferSucceeded r) => Go(State, new AcknowledgeReinvite(r.Response)),
        (Reoffered o, DialogUnknownThere u) => Lost(KindOf(u), u.Response, new Reply(o.Request, 487)),
        (AwaitingReofferAck or Colliding, DialogUnknownThere u) => Lost(KindOf(u), u.Response, StopTimer.It),
        (Established or Reoffering, DialogUnknownThere u) => Lost(KindOf(u), u.Response),

        (Reoffered o, SessionExpired) => Lost(SessionEndKind.SessionExpired, null, new Reply(o.Request, 487)),
        (AwaitingReofferAck or Colliding, SessionExpired) => Lost(SessionEndKind.SessionExpired, null, StopTimer.It),
        (Established or Reoffering, SessionExpired) => Lost(SessionEndKind.SessionExpired),

        // §14.2: the far side's re-INVITE; RFC 3311 §5.2: one that meets an UPDATE.
        (Established or Colliding, ReinviteReceived { Pending: OfferPending.Ours } r) => Go(State, new Reply(r.Request, 491)),
        (Established or Colliding, ReinviteReceived { Pending: OfferPending.Theirs } r) => Go(State, new Reply(r.Request, 500)),
        (Established, ReinviteReceived r) => Go(new Reoffered(r.Request), new TellReoffer(r.Request)),
        (Colliding c, ReinviteReceived r) => Go(new Reoffered(r.Request), StopTimer.It,
            new TellReofferAnswered(c.Refusal), new TellReoffer(r.Request)),
        (Reoffering or AwaitingReofferAck, ReinviteReceived r) => Go(State, new Reply(r.Request, 491)),
        (Reoffered, ReinviteReceived r) => Go(State, new Reply(r.Request, 500)),
        (_, ReinviteReceived r) => Go(State, new Reply(r.Request, 481)),
        (Reoffered o, AnswerReoffer a) => Go(new AwaitingReofferAck(InviteUasState.AwaitingAck.First(a.Response), o.Request),
            new RespondReinvite(o.Request, a.Response), new StartTimer(SipTimings.T1)),
        (Reoffered o, RejectReoffer r) => Go(Established.It, new Reply(o.Request, r.Status)),
        (Reoffered o, CancelReceived c) => Go(Established.It, new Reply(c.Request, 200), new Reply(o.Request, 487)),
        (Reoffered, ResponseTransportFailed) => Go(Established.It),
        (AwaitingReofferAck, AckReceived a) => Go(Established.It, StopTimer.It, new TellAcknowledged(a.Ack)),
        (AwaitingReofferAck { Wait.Left: var left }, TimerFired) when left <= TimeSpan.Zero => Lost(SessionEndKind.AckTimeout),
        (AwaitingReofferAck w, TimerFired) => Repeat(w),

        (_, CancelReceived c) => Go(State, new Reply(c.Request, 200)),
        // BYEs that cross are each answered 200 (§15).
        (_, ByeReceived b) => Go(State, new Reply(b.Request, 200)),
        _ => new(this, [], Ignored: true),
    };

    private static TellEnded Bye(ByeReceived bye) => new(new(SessionEndKind.Bye, bye.Request.Request));

    private static SessionEndKind KindOf(DialogUnknownThere unknown) =>
        unknown.Response is null ? SessionEndKind.TimedOut : SessionEndKind.Rejected;

    /// <summary>The dialog is beyond use: a BYE in case the far side still holds it, and the end is told.</summary>
    private static SessionStep<ConfirmedSession> Lost(
        SessionEndKind kind, Messages.SipResponse? response = null, params ReadOnlySpan<SessionEffect> first) =>
        new(Leaving, [.. first, new SendBye(null), new TellEnded(new(kind, response))]);

    /// <summary>§15.1.1: any final response to the BYE, or none, ends the dialog; what it was says whether the far side knows.</summary>
    private SessionStep<ConfirmedSession> Over(ByeSent was, int status) => !was.Asked ? Go(Ended.It) : Go(Ended.It, status switch
    {
        < 300 or 481 => TellConfirmed.Yes,
        408 or 504 => TellConfirmed.Timeout,
        _ => TellConfirmed.Unreachable,
    });

    private SessionStep<ConfirmedSession> Repeat(AwaitingReofferAck w)
    {
        var next = w with { Wait = w.Wait.Later() };
        return Go(next, new RespondReinvite(w.Request, w.Wait.Success), new StartTimer(next.Wait.After));
    }

    private static SessionStep<ConfirmedSession> Go(ConfirmedSession next, params SessionEffect[] effects) => new(next, effects);

    private SessionStep<ConfirmedSession> Go(ConfirmedSessionState next, params SessionEffect[] effects) =>
        new(ReferenceEquals(next, State) ? this : new(next), effects);
}

internal abstract record ConfirmedSessionState
{
    private ConfirmedSessionState() { }

    /// <summary>No request of either side is under way.</summary>
    public sealed record Established : ConfirmedSessionState { public static readonly Established It = new(); }

    /// <summary>Our re-INVITE awaits its final response.</summary>
    public sealed record Reoffering(bool Repeated, int Collisions = 0) : ConfirmedSessionState;

    /// <summary>Our re-INVITE met one of the far side (491) and is repeated after a while.</summary>
    public sealed record Colliding(Messages.SipResponse Refusal, int Collisions) : ConfirmedSessionState;

    /// <summary>The far side's re-INVITE awaits ours.</summary>
    public sealed record Reoffered(IncomingRequest Request) : ConfirmedSessionState;

    /// <summary>Our 2xx to the far side's re-INVITE is repeated until its ACK comes.</summary>
    public sealed record AwaitingReofferAck(InviteUasState.AwaitingAck Wait, IncomingRequest Request) : ConfirmedSessionState;

    /// <summary>Our BYE is out. <c>Asked</c>: the user hung up and awaits the confirmation.</summary>
    public sealed record ByeSent(bool Asked, bool Repeated) : ConfirmedSessionState;

    public sealed record Ended : ConfirmedSessionState { public static readonly Ended It = new(); }
}
