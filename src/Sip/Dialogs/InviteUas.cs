using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using static Switchhook.Sip.Dialogs.InviteUasState;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Dialogs.SessionInput;

namespace Switchhook.Sip.Dialogs;

/// <summary>The callee's side of an INVITE up to the ACK of its answer: RFC 3261 §13.3, with CANCEL (§9.2) and early BYE (§15.1.2).</summary>
internal sealed record InviteUas(InviteUasState State)
{
    public static readonly InviteUas Start = new(Unanswered.It);

    private static readonly SessionHangup Terminated = new(487);
    private static readonly SessionHangup NoPrack = new(504);

    /// <summary>Nothing more is owed by this part.</summary>
    public bool IsOver => State is Acknowledged or Ended;

    /// <summary>The user has not answered.</summary>
    public bool IsUnanswered => State is Unanswered or Unacknowledged { Answer: null };

    /// <summary>Another provisional response may be given.</summary>
    public bool TakesProgress => State is Unanswered or Unacknowledged { Answer: null, Waiting.Length: < MostWaiting };

    private const int MostWaiting = 4;

    public SessionStep<InviteUas> On(SessionInput input) => (State, input) switch
    {
        (Unanswered, Progress { RSeq: 0 } p) => Go(State, new Respond(p.Response)),
        // §13.3.1.4: the 2xx is repeated by this layer, over reliable transports too.
        (Unanswered, Answer a) => Go(AwaitingAck.First(a.Response), new Respond(a.Response), new StartTimer(SipTimings.T1)),
        (Unanswered, HangUp h) => Go(Refusing.It, new Refuse(h.Asked), new TellHangupSent(HangupSent.FinalStatus(h.Asked.Status))),
        (Unanswered, CancelReceived c) =>
            Go(Ended.It, new Reply(c.Request, 200), new Refuse(Terminated), new TellEnded(new(SessionEndKind.Cancelled, c.Request.Request))),
        (Unanswered, ByeReceived b) =>
            Go(Ended.It, new Reply(b.Request, 200), new Refuse(Terminated), new TellEnded(new(SessionEndKind.Bye, b.Request.Request))),
        (Unanswered, ResponseTransportFailed) => Go(Ended.It, new TellEnded(new(SessionEndKind.TransportFailed))),

        // RFC 3262 §3: a reliable provisional response is repeated until its PRACK; the next, and a 2xx to be trusted, wait for that.
        (Unanswered, Progress p) => Go(Unacknowledged.First(p, [], null), new Respond(p.Response), new StartTimer(SipTimings.T1)),
        (Unacknowledged u, Progress p) => Go(u with { Waiting = [.. u.Waiting, p] }),
        (Unacknowledged { IsDescribed: true } u, Answer a) => Go(u with { Answer = a.Response }),
        (Unacknowledged, Answer a) => Go(AwaitingAck.First(a.Response), new Respond(a.Response), new StartTimer(SipTimings.T1)),
        (Unacknowledged u, PrackReceived p) when p.RSeq == u.Sent.RSeq => Next(u, p),
        (Unacknowledged { Left: var left }, TimerFired) when left <= TimeSpan.Zero =>
            Go(Ended.It, new Refuse(NoPrack), new TellEnded(new(SessionEndKind.AckTimeout))),
        (Unacknowledged u, TimerFired) => Go(u.Later(), new Respond(u.Sent.Response), new StartTimer(u.Later().After)),
        (Unacknowledged, HangUp h) =>
            Go(Refusing.It, StopTimer.It, new Refuse(h.Asked), new TellHangupSent(HangupSent.FinalStatus(h.Asked.Status))),
        (Unacknowledged, CancelReceived c) => Go(Ended.It, StopTimer.It, new Reply(c.Request, 200), new Refuse(Terminated),
            new TellEnded(new(SessionEndKind.Cancelled, c.Request.Request))),
        (Unacknowledged, ByeReceived b) => Go(Ended.It, StopTimer.It, new Reply(b.Request, 200), new Refuse(Terminated),
            new TellEnded(new(SessionEndKind.Bye, b.Request.Request))),
        (Unacknowledged, ResponseTransportFailed) => Go(Ended.It, StopTimer.It, new TellEnded(new(SessionEndKind.TransportFailed))),
        // A PRACK that our final response has crossed.
        (AwaitingAck or Acknowledged, PrackReceived p) => Go(State, new Reply(p.Request, 200)),
        (_, PrackReceived p) => Go(State, new Reply(p.Request, 481)),

        (Refusing, RefusalAcknowledged) => Go(Ended.It, TellConfirmed.Yes),
        (Refusing, RefusalTimedOut) => Go(Ended.It, TellConfirmed.Timeout),
        (Refusing, ResponseTransportFailed) => Go(Ended.It, TellConfirmed.Unreachable),

        (AwaitingAck { HangUp: null }, AckReceived a) =>
            Go(Acknowledged.It, StopTimer.It, new Enter(ConfirmedSession.Start), new TellAcknowledged(a.Ack)),
        (AwaitingAck { HangUp: null }, ByeReceived b) =>
            Go(Ended.It, StopTimer.It, new Reply(b.Request, 200), new TellEnded(new(SessionEndKind.Bye, b.Request.Request))),
        (AwaitingAck { HangUp: null, Left: var left }, TimerFired) when left <= TimeSpan.Zero => Go(Acknowledged.It,
            new SendBye(null), new Enter(ConfirmedSession.Leaving), new TellEnded(new(SessionEndKind.AckTimeout))),

        // §15: no BYE before the ACK or the end of the repeats.
        (AwaitingAck { HangUp: null } w, HangUp h) => Go(w with { HangUp = h.Asked }),
        (AwaitingAck w, AckReceived) =>
            Go(Acknowledged.It, StopTimer.It, new SendBye(w.HangUp), new Enter(ConfirmedSession.HangingUp), TellHangupSent.Bye),
        (AwaitingAck, ByeReceived b) =>
            Go(Ended.It, StopTimer.It, new Reply(b.Request, 200), TellHangupSent.Nothing, TellConfirmed.Yes),
        (AwaitingAck { Left: var left } w, TimerFired) when left <= TimeSpan.Zero =>
            Go(Acknowledged.It, new SendBye(w.HangUp), new Enter(ConfirmedSession.HangingUp), TellHangupSent.Bye),
        (AwaitingAck w, TimerFired) => Repeat(w),
        (AwaitingAck, ReinviteReceived r) => Go(State, new Reply(r.Request, 491)),

        // §9.2: a CANCEL after the final response is answered, and changes nothing.
        (_, CancelReceived c) => Go(State, new Reply(c.Request, 200)),
        (_, ByeReceived b) => Go(State, new Reply(b.Request, 200)),
        (_, ReinviteReceived r) => Go(State, new Reply(r.Request, 481)),
        _ => new(this, [], Ignored: true),
    };

    private SessionStep<InviteUas> Next(Unacknowledged was, PrackReceived prack)
    {
        var accept = new AcceptPrack(prack.Request, was.Sent.Response);
        var tell = new TellProgressAcknowledged(prack.Request.Request);
        if (was.Answer is { } answer && !was.Waiting.Any(waiting => waiting.IsDescribed))
            return Go(AwaitingAck.First(answer), accept, new Respond(answer), new StartTimer(SipTimings.T1), tell);
        if (was.Waiting is not [var next, .. var rest]) return Go(Unanswered.It, StopTimer.It, accept, tell);
        return Go(Unacknowledged.First(next, rest, was.Answer), accept, new Respond(next.Response), new StartTimer(SipTimings.T1), tell);
    }

    private SessionStep<InviteUas> Repeat(AwaitingAck w)
    {
        var next = w.Later();
        return Go(next, new Respond(w.Success), new StartTimer(next.After));
    }

    private SessionStep<InviteUas> Go(InviteUasState next, params SessionEffect[] effects) =>
        new(ReferenceEquals(next, State) ? this : new(next), effects);
}

internal abstract record InviteUasState
{
    private InviteUasState() { }

    /// <summary>No final response has been sent.</summary>
    public sealed record Unanswered : InviteUasState { public static readonly Unanswered It = new(); }

    /// <summary>
    /// A reliable provisional response is out and repeated until its PRACK comes. <c>Waiting</c>: those behind it; <c>Answer</c>: the 2xx
    /// behind them all, if any.
    /// </summary>
    public sealed record Unacknowledged(SessionInput.Progress Sent, TimeSpan After, TimeSpan Left, SessionInput.Progress[] Waiting, SipResponse? Answer)
        : InviteUasState
    {
        /// <summary>An offer or answer is among what waits for a PRACK: no 2xx before it (RFC 3262 §3).</summary>
        public bool IsDescribed => Sent.IsDescribed || Waiting.Any(waiting => waiting.IsDescribed);

        public static Unacknowledged First(SessionInput.Progress sent, SessionInput.Progress[] waiting, SipResponse? answer) =>
            new(sent, SipTimings.T1, SipTimings.GiveUp - SipTimings.T1, waiting, answer);

        /// <summary>The wait after this one: twice as long, never past 64*T1 in all.</summary>
        public Unacknowledged Later()
        {
            var after = After * 2 < Left ? After * 2 : Left;
            return this with { After = after, Left = Left - after };
        }
    }

    /// <summary>Our 2xx is out and repeated until its ACK comes; <c>HangUp</c> is the hang-up that waits for it, if any.</summary>
    public sealed record AwaitingAck(SipResponse Success, TimeSpan After, TimeSpan Left, SessionHangup? HangUp) : InviteUasState
    {
        public static AwaitingAck First(SipResponse success) =>
            new(success, SipTimings.T1, SipTimings.GiveUp - SipTimings.T1, null);

        /// <summary>The wait after this one: twice as long, at most T2, never past 64*T1 in all.</summary>
        public AwaitingAck Later()
        {
            var after = After * 2 < SipTimings.T2 ? After * 2 : SipTimings.T2;
            after = after < Left ? after : Left;
            return this with { After = after, Left = Left - after };
        }
    }

    /// <summary>A final status of 300 or more is out after a hang-up; its ACK is awaited.</summary>
    public sealed record Refusing : InviteUasState { public static readonly Refusing It = new(); }

    /// <summary>The confirmed part has the session.</summary>
    public sealed record Acknowledged : InviteUasState { public static readonly Acknowledged It = new(); }

    public sealed record Ended : InviteUasState { public static readonly Ended It = new(); }
}
