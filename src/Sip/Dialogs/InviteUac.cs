using Switchhook.Sip.Transactions;
using static Switchhook.Sip.Dialogs.InviteUacState;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Dialogs.SessionInput;

namespace Switchhook.Sip.Dialogs;

/// <summary>
/// The caller's side of an INVITE up to its answer: RFC 3261 §13.2, with CANCEL (§9.1) and forks (§13.2.2.4).
/// After the answer it stays behind to acknowledge repeated 2xx and to drop the forks that lost.
/// </summary>
/// <param name="Repeated">The INVITE has been repeated with credentials; a second challenge is a refusal (§22.2).</param>
/// <param name="State">Where it stands.</param>
internal sealed record InviteUac(bool Repeated, InviteUacState State)
{
    public static readonly InviteUac Start = new(false, Calling.It);

    /// <summary>Nothing more is owed by this part.</summary>
    public bool IsOver => State is Answered or Ended;

    public SessionStep<InviteUac> On(SessionInput input) => (State, input) switch
    {
        (Calling or Proceeding, Provisional { Reliable: true } p) => Go(Proceeding.It, new SendPrack(p.Response), new TellProgress(p.Response)),
        (Calling or Proceeding, Provisional p) => Go(Proceeding.It, new TellProgress(p.Response)),
        (Calling or Proceeding, Success { HasOffer: true } s) => Go(new Offered(s.Response), new TellOffer(s.Response)),
        (Calling or Proceeding, Success s) =>
            Go(Answered.It, new Acknowledge(s.Response), new Enter(ConfirmedSession.Start), new TellAnswered(s.Response)),
        (Calling or Proceeding, Challenged c) when !Repeated => new(new(true, Calling.It), [new RepeatInvite(c.Response)]),
        (Calling or Proceeding, Challenged c) => Lost(SessionEndKind.Rejected, c.Response),
        // RFC 4028 §7.3: as another request it may be challenged again.
        (Calling or Proceeding, IntervalRefused r) => new(Start, [new RepeatInvite(r.Response)]),
        (Calling or Proceeding, PlaceFailed) => new(Start, [InviteElsewhere.It]),
        (Calling or Proceeding, Refused r) => Lost(SessionEndKind.Rejected, r.Response),
        (Calling or Proceeding, InviteTimedOut) => Lost(SessionEndKind.TimedOut),
        (Calling or Proceeding, InviteTransportFailed) => Lost(SessionEndKind.TransportFailed),
        // Only a far side that took our silence for an end says BYE before its 2xx reached us.
        (Calling, ByeReceived b) => Go(Ended.It, new Reply(b.Request, 200), AbandonInvite.It,
            new TellEnded(new(SessionEndKind.Bye, b.Request.Request))),
        (Proceeding, ByeReceived b) => Go(new Cancelling(null, false), new Reply(b.Request, 200), new SendCancel(null),
            new StartTimer(SipTimings.GiveUp), new TellEnded(new(SessionEndKind.Bye, b.Request.Request))),

        // §13.2.2.4: the offer came with the 2xx, and its answer goes out with the ACK.
        (Offered o, AnswerOffer a) =>
            Go(Answered.It, new Acknowledge(o.Success, a.Sdp), new Enter(ConfirmedSession.Start), new TellAnswered(o.Success)),
        (Offered o, HangUp h) => Go(Answered.It, new Acknowledge(o.Success), new SendBye(h.Asked), new Enter(ConfirmedSession.HangingUp), TellHangupSent.Bye),
        (Offered o, ByeReceived b) => Go(Ended.It, new Acknowledge(o.Success), new Reply(b.Request, 200),
            new TellEnded(new(SessionEndKind.Bye, b.Request.Request))),
        (Offered, SuccessRepeated) => Go(State),

        // §9.1: no CANCEL before a provisional response.
        (Calling, HangUp h) => Go(new CancelOwed(h.Asked)),
        (CancelOwed o, Provisional) => Cancel(o.Asked),
        (CancelOwed o, Success s) => Go(Answered.It, new Acknowledge(s.Response), new SendBye(o.Asked),
            new Enter(ConfirmedSession.HangingUp), TellHangupSent.Bye),
        (CancelOwed, Challenged or IntervalRefused or PlaceFailed or Refused) => Go(Ended.It, TellHangupSent.Nothing, TellConfirmed.Yes),
        (CancelOwed, InviteTimedOut) => Go(Ended.It, TellHangupSent.Nothing, TellConfirmed.Timeout),
        (CancelOwed, InviteTransportFailed) => Go(Ended.It, TellHangupSent.Nothing, TellConfirmed.Unreachable),
        (CancelOwed, ByeReceived b) => Go(Ended.It, new Reply(b.Request, 200), AbandonInvite.It, TellHangupSent.Nothing, TellConfirmed.Yes),
        (Proceeding, HangUp h) => Cancel(h.Asked),

        // §15: a 2xx that crossed the CANCEL is acknowledged and hung up.
        (Cancelling { Asked: null }, Success s) => Go(Answered.It, StopTimer.It, new Acknowledge(s.Response), new SendBye(null),
            new Enter(ConfirmedSession.Leaving)),
        (Cancelling c, Success s) => Go(Answered.It, StopTimer.It, new Acknowledge(s.Response), new SendBye(c.Asked),
            new Enter(ConfirmedSession.HangingUp)),
        (Cancelling c, CancelAccepted) => Go(c with { Accepted = true }),
        // §9.2: whoever has forgotten the INVITE sends no final response; whoever answered it repeats its 2xx every T2 at least.
        (Cancelling c, CancelUnknownThere) => Go(c with { Accepted = true }, new StartTimer(SipTimings.T2)),
        (Cancelling c, Challenged or IntervalRefused or PlaceFailed or Refused) => Cancelled(c, TellConfirmed.Yes, StopTimer.It),
        (Cancelling c, InviteTimedOut) => Cancelled(c, TellConfirmed.Timeout, StopTimer.It),
        (Cancelling c, InviteTransportFailed) => Cancelled(c, TellConfirmed.Unreachable, StopTimer.It),
        (Cancelling c, CancelTransportFailed) => Cancelled(c, TellConfirmed.Unreachable, StopTimer.It, AbandonInvite.It),
        // §9.1: 64*T1 after the CANCEL the transaction is considered cancelled.
        (Cancelling c, TimerFired) => Cancelled(c, c.Accepted ? TellConfirmed.Yes : TellConfirmed.Timeout, AbandonInvite.It),

        (Offered or Answered or Ended, Success s) => Go(State, new DropFork(s.Response)),
        (Answered, SuccessRepeated s) => Go(State, new RepeatAck(s.Response)),
        (_, ByeReceived b) => Go(State, new Reply(b.Request, 200)),
        _ => new(this, [], Ignored: true),
    };

    private SessionStep<InviteUac> Go(InviteUacState next, params SessionEffect[] effects) =>
        new(ReferenceEquals(next, State) ? this : this with { State = next }, effects);

    private SessionStep<InviteUac> Lost(SessionEndKind kind, Messages.SipResponse? response = null) =>
        Go(Ended.It, new TellEnded(new(kind, response)));

    private SessionStep<InviteUac> Cancel(SessionHangup asked) =>
        Go(new Cancelling(asked, false), new SendCancel(asked), new StartTimer(SipTimings.GiveUp), TellHangupSent.Cancel);

    private SessionStep<InviteUac> Cancelled(Cancelling was, TellConfirmed confirmed, params ReadOnlySpan<SessionEffect> first) =>
        Go(Ended.It, was.Asked is null ? [.. first] : [.. first, confirmed]);
}

internal abstract record InviteUacState
{
    private InviteUacState() { }

    /// <summary>The INVITE is out, nothing has come back.</summary>
    public sealed record Calling : InviteUacState { public static readonly Calling It = new(); }

    /// <summary>Hung up before any response: the CANCEL waits for a provisional one.</summary>
    public sealed record CancelOwed(SessionHangup Asked) : InviteUacState;

    /// <summary>A provisional response has come.</summary>
    public sealed record Proceeding : InviteUacState { public static readonly Proceeding It = new(); }

    /// <summary>The CANCEL is out; the INVITE's final response is awaited. <c>Asked</c> is null when the far side had ended the session already.</summary>
    public sealed record Cancelling(SessionHangup? Asked, bool Accepted) : InviteUacState;

    /// <summary>A 2xx won and brought the offer: the ACK waits for the user's answer.</summary>
    public sealed record Offered(Messages.SipResponse Success) : InviteUacState;

    /// <summary>A 2xx won; the confirmed part has the session.</summary>
    public sealed record Answered : InviteUacState { public static readonly Answered It = new(); }

    public sealed record Ended : InviteUacState { public static readonly Ended It = new(); }
}
