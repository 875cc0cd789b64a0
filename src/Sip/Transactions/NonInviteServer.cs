using Switchhook.Sip.Messages;
using static Switchhook.Sip.Transactions.NonInviteServerState;
using static Switchhook.Sip.Transactions.SipTimings;
using static Switchhook.Sip.Transactions.TransactionEffect;
using static Switchhook.Sip.Transactions.TransactionInput;

namespace Switchhook.Sip.Transactions;

/// <summary>
/// Non-INVITE server transaction: RFC 3261 §17.2.2. Timer J also bounds the time the user may take: after 64*T1 the client has
/// given up and an answer would only do harm (RFC 4320 §4.2).
/// </summary>
internal sealed record NonInviteServer(bool Reliable, NonInviteServerState State)
{
    /// <summary>The transaction as it begins: the user has the request.</summary>
    public static Step<NonInviteServer> Start(bool reliable) =>
        new(new NonInviteServer(reliable, Trying.It), [new StartTimer(SipTimer.J, GiveUp)]);

    public bool HasEnded => State is Terminated;

    public Step<NonInviteServer> On(TransactionInput input) => (State, input) switch
    {
        (Trying, Repeated) => Stay(),
        (Proceeding s, Repeated) => Stay(new Send(s.Last)),
        (Completed s, Repeated) => Stay(new Send(s.Final)),
        (Trying or Proceeding, Respond({ Status: < 200 } r)) => Go(new Proceeding(r), new Send(r)),
        (Trying or Proceeding, Respond(var r)) => Complete(r),
        (Trying or Proceeding, TimerFired(SipTimer.J)) => End(new Fail(TransactionFailure.TimedOut)),
        (Completed, TimerFired(SipTimer.J)) => End(),
        (Trying or Proceeding or Completed, TransportFailed) => End(new Fail(TransactionFailure.Transport)),
        _ => new(this, [], IsIgnored: true),
    };

    /// <summary>Repeats of the request get the same answer until timer J, which is 0 when nothing repeats.</summary>
    private Step<NonInviteServer> Complete(SipResponse response) => Reliable
        ? End(new Send(response))
        : Go(new Completed(response), StopTimers.It, new StartTimer(SipTimer.J, GiveUp), new Send(response));

    private Step<NonInviteServer> Go(NonInviteServerState next, params TransactionEffect[] effects) =>
        new(this with { State = next }, effects);

    private Step<NonInviteServer> Stay(params TransactionEffect[] effects) => new(this, effects);

    private Step<NonInviteServer> End(params TransactionEffect[] effects) => Go(Terminated.It, effects);
}

/// <summary>States of <see cref="NonInviteServer"/>.</summary>
internal abstract record NonInviteServerState
{
    private NonInviteServerState()
    {
    }

    /// <summary>The user has the request and has said nothing.</summary>
    public sealed record Trying : NonInviteServerState { public static readonly Trying It = new(); }

    /// <summary>Answered provisionally; repeats of the request get that answer.</summary>
    public sealed record Proceeding(SipResponse Last) : NonInviteServerState;

    /// <summary>Answered; repeats of the request get the answer again.</summary>
    public sealed record Completed(SipResponse Final) : NonInviteServerState;

    /// <summary>Over.</summary>
    public sealed record Terminated : NonInviteServerState { public static readonly Terminated It = new(); }
}
