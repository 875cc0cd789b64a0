using Switchhook.Sip.Messages;
using static Switchhook.Sip.Transactions.InviteServerState;
using static Switchhook.Sip.Transactions.SipTimings;
using static Switchhook.Sip.Transactions.TransactionEffect;
using static Switchhook.Sip.Transactions.TransactionInput;

namespace Switchhook.Sip.Transactions;

/// <summary>INVITE server transaction: RFC 3261 §17.2.1 as amended by RFC 6026 §7.1.</summary>
internal sealed record InviteServer(bool Reliable, InviteServerState State)
{
    /// <summary>The transaction as it begins: the user has 200 ms to answer before 100 Trying is sent for it.</summary>
    public static Step<InviteServer> Start(bool reliable) =>
        new(new InviteServer(reliable, Proceeding.Silent), [new StartTimer(SipTimer.Trying, AnswerGrace)]);

    public bool HasEnded => State is Terminated;

    public Step<InviteServer> On(TransactionInput input) => (State, input) switch
    {
        (Proceeding { Last: null }, TimerFired(SipTimer.Trying) or Repeated) => Stay(SendTrying.It),
        (Proceeding { Last: { } last }, Repeated) => Stay(new Send(last)),
        (Proceeding, Respond({ Status: < 200 } r)) => Go(new Proceeding(r), StopTimers.It, new Send(r)),
        (Proceeding, Respond({ Status: < 300 } r)) => Accept(r),
        (Proceeding, Respond(var r)) => Reject(r),
        (Accepted, Respond({ Status: >= 200 and < 300 } r)) => Stay(new Send(r)),
        (Accepted, Acknowledged(var ack)) => Stay(new PassUpAck(ack)),
        (Accepted, Repeated) => Stay(),
        (Accepted, TimerFired(SipTimer.L)) => End(),
        (Completed s, TimerFired(SipTimer.G)) => Resend(s.Final, s.ResendAfter * 2),
        (Completed s, Repeated) => Stay(new Send(s.Final)),
        (Completed, Acknowledged) => Confirm(),
        (Completed, TimerFired(SipTimer.H)) => End(new Fail(TransactionFailure.TimedOut)),
        (Confirmed, Acknowledged or Repeated) => Stay(),
        (Confirmed, TimerFired(SipTimer.I)) => End(),
        (Proceeding or Completed, TransportFailed) => End(new Fail(TransactionFailure.Transport)),
        (Accepted, TransportFailed) => Stay(new Fail(TransactionFailure.Transport)),
        _ => new(this, [], IsIgnored: true),
    };

    /// <summary>From here the user repeats the 2xx until its ACK; the transaction only absorbs repeats of the INVITE.</summary>
    private Step<InviteServer> Accept(SipResponse response) =>
        Go(Accepted.It, StopTimers.It, new StartTimer(SipTimer.L, GiveUp), new Send(response));

    private Step<InviteServer> Reject(SipResponse response)
    {
        var completed = new Completed(response, T1);
        return Reliable
            ? Go(completed, StopTimers.It, new StartTimer(SipTimer.H, GiveUp), new Send(response))
            : Go(completed, StopTimers.It, new StartTimer(SipTimer.G, T1), new StartTimer(SipTimer.H, GiveUp), new Send(response));
    }

    private Step<InviteServer> Resend(SipResponse final, TimeSpan doubled)
    {
        var after = doubled < T2 ? doubled : T2;
        return Go(new Completed(final, after), new StartTimer(SipTimer.G, after), new Send(final));
    }

    private Step<InviteServer> Confirm() => Reliable
        ? End(TellAcknowledged.It)
        : Go(Confirmed.It, StopTimers.It, new StartTimer(SipTimer.I, T4), TellAcknowledged.It);

    private Step<InviteServer> Go(InviteServerState next, params TransactionEffect[] effects) => new(this with { State = next }, effects);

    private Step<InviteServer> Stay(params TransactionEffect[] effects) => new(this, effects);

    private Step<InviteServer> End(params TransactionEffect[] effects) => Go(Terminated.It, effects);
}

/// <summary>States of <see cref="InviteServer"/>.</summary>
internal abstract record InviteServerState
{
    private InviteServerState()
    {
    }

    /// <summary>The user has the INVITE; its last provisional response answers repeats.</summary>
    public sealed record Proceeding(SipResponse? Last) : InviteServerState { public static readonly Proceeding Silent = new((SipResponse?)null); }

    /// <summary>Answered 2xx; repeats of the INVITE are absorbed.</summary>
    public sealed record Accepted : InviteServerState { public static readonly Accepted It = new(); }

    /// <summary>Answered otherwise; the answer is repeated until its ACK comes.</summary>
    public sealed record Completed(SipResponse Final, TimeSpan ResendAfter) : InviteServerState;

    /// <summary>The ACK has come; repeats of it are absorbed.</summary>
    public sealed record Confirmed : InviteServerState { public static readonly Confirmed It = new(); }

    /// <summary>Over.</summary>
    public sealed record Terminated : InviteServerState { public static readonly Terminated It = new(); }
}
