using Switchhook.Sip.Messages;
using static Switchhook.Sip.Transactions.NonInviteClientState;
using static Switchhook.Sip.Transactions.SipTimings;
using static Switchhook.Sip.Transactions.TransactionEffect;
using static Switchhook.Sip.Transactions.TransactionInput;

namespace Switchhook.Sip.Transactions;

/// <summary>Non-INVITE client transaction: RFC 3261 §17.1.2.</summary>
internal sealed record NonInviteClient(bool Reliable, NonInviteClientState State)
{
    /// <summary>The transaction as it begins: the request leaves.</summary>
    public static Step<NonInviteClient> Start(SipRequest request, bool reliable)
    {
        var begun = new NonInviteClient(reliable, new Trying(request, T1));
        return new(begun, reliable
            ? [new StartTimer(SipTimer.F, GiveUp), new Send(request)]
            : [new StartTimer(SipTimer.E, T1), new StartTimer(SipTimer.F, GiveUp), new Send(request)]);
    }

    public bool HasEnded => State is Terminated;

    public Step<NonInviteClient> On(TransactionInput input) => (State, input) switch
    {
        (Trying s, TimerFired(SipTimer.E)) => Resend(s.Request, s.ResendAfter * 2),
        (Proceeding s, TimerFired(SipTimer.E)) => Stay(new StartTimer(SipTimer.E, T2), new Send(s.Request)),
        (Trying or Proceeding, TimerFired(SipTimer.F)) => End(new Fail(TransactionFailure.TimedOut)),
        (Trying or Proceeding, TransportFailed) => End(new Fail(TransactionFailure.Transport)),
        (Trying s, Received({ Status: < 200 } r)) => Go(new Proceeding(s.Request), new PassUp(r)),
        (Proceeding, Received({ Status: < 200 } r)) => Stay(new PassUp(r)),
        (Trying or Proceeding, Received(var r)) => Complete(r),
        (Completed, TimerFired(SipTimer.K)) => End(),
        (Trying or Proceeding or Completed, Abandoned) => End(),
        _ => new(this, [], IsIgnored: true),
    };

    private Step<NonInviteClient> Resend(SipRequest request, TimeSpan doubled)
    {
        var after = doubled < T2 ? doubled : T2;
        return Go(new Trying(request, after), new StartTimer(SipTimer.E, after), new Send(request));
    }

    /// <summary>Repeats of the answer are absorbed until timer K, which is 0 when nothing repeats.</summary>
    private Step<NonInviteClient> Complete(SipResponse response) => Reliable
        ? End(new PassUp(response))
        : Go(Completed.It, StopTimers.It, new StartTimer(SipTimer.K, T4), new PassUp(response));

    private Step<NonInviteClient> Go(NonInviteClientState next, params TransactionEffect[] effects) =>
        new(this with { State = next }, effects);

    private Step<NonInviteClient> Stay(params TransactionEffect[] effects) => new(this, effects);

    private Step<NonInviteClient> End(params TransactionEffect[] effects) => Go(Terminated.It, effects);
}

/// <summary>States of <see cref="NonInviteClient"/>.</summary>
internal abstract record NonInviteClientState
{
    private NonInviteClientState()
    {
    }

    /// <summary>Nothing has come back; the request is repeated after the interval given.</summary>
    public sealed record Trying(SipRequest Request, TimeSpan ResendAfter) : NonInviteClientState;

    /// <summary>A provisional response has come; the request is repeated every T2.</summary>
    public sealed record Proceeding(SipRequest Request) : NonInviteClientState;

    /// <summary>Answered; repeats of the answer are absorbed.</summary>
    public sealed record Completed : NonInviteClientState { public static readonly Completed It = new(); }

    /// <summary>Over.</summary>
    public sealed record Terminated : NonInviteClientState { public static readonly Terminated It = new(); }
}
