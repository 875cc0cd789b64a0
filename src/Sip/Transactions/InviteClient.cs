using Switchhook.Sip.Messages;
using static Switchhook.Sip.Transactions.InviteClientState;
using static Switchhook.Sip.Transactions.SipTimings;
using static Switchhook.Sip.Transactions.TransactionEffect;
using static Switchhook.Sip.Transactions.TransactionInput;

namespace Switchhook.Sip.Transactions;

/// <summary>INVITE client transaction: RFC 3261 §17.1.1 as amended by RFC 6026 §7.2.</summary>
internal sealed record InviteClient(bool Reliable, InviteClientState State)
{
    /// <summary>The transaction as it begins: the INVITE leaves.</summary>
    public static Step<InviteClient> Start(SipRequest invite, bool reliable)
    {
        var begun = new InviteClient(reliable, new Calling(invite, T1));
        return new(begun, reliable
            ? [new StartTimer(SipTimer.B, GiveUp), new Send(invite)]
            : [new StartTimer(SipTimer.A, T1), new StartTimer(SipTimer.B, GiveUp), new Send(invite)]);
    }

    /// <summary>The transaction of another process, as it stood after a provisional response.</summary>
    public static InviteClient TakenUp(SipRequest invite, bool reliable) => new(reliable, new Proceeding(invite));

    public bool HasEnded => State is Terminated;

    public Step<InviteClient> On(TransactionInput input) => (State, input) switch
    {
        (Calling s, TimerFired(SipTimer.A)) => Resend(s.Invite, s.ResendAfter * 2),
        (Calling, TimerFired(SipTimer.B)) => End(new Fail(TransactionFailure.TimedOut)),
        (Calling s, Received({ Status: < 200 } r)) => Go(new Proceeding(s.Invite), StopTimers.It, new PassUp(r)),
        (Proceeding, Received({ Status: < 200 } r)) => Stay(new PassUp(r)),
        (Calling or Proceeding, Received({ Status: < 300 } r)) => Accept(r),
        (Calling s, Received(var r)) => Reject(s.Invite, r),
        (Proceeding s, Received(var r)) => Reject(s.Invite, r),
        (Accepted, Received({ Status: >= 200 and < 300 } r)) => Stay(new PassUp(r)),
        (Completed s, Received({ Status: >= 300 })) => Stay(new Send(s.Ack)),
        (Accepted, TimerFired(SipTimer.M)) or (Completed, TimerFired(SipTimer.D)) => End(),
        (Calling or Completed, TransportFailed) => End(new Fail(TransactionFailure.Transport)),
        (Calling or Proceeding or Accepted or Completed, Abandoned) => End(),
        _ => new(this, [], IsIgnored: true),
    };

    /// <summary>Timer B comes before the interval is that long; the bound keeps the machine whole whatever order timers fire in.</summary>
    private Step<InviteClient> Resend(SipRequest invite, TimeSpan doubled)
    {
        var after = doubled < GiveUp ? doubled : GiveUp;
        return Go(new Calling(invite, after), new StartTimer(SipTimer.A, after), new Send(invite));
    }

    private Step<InviteClient> Accept(SipResponse response) =>
        Go(Accepted.It, StopTimers.It, new StartTimer(SipTimer.M, GiveUp), new PassUp(response));

    /// <summary>A final response other than 2xx is acknowledged here, and repeats of it until timer D (0 when nothing repeats).</summary>
    private Step<InviteClient> Reject(SipRequest invite, SipResponse response)
    {
        var ack = NonSuccessAck.For(invite, response);
        return Reliable
            ? End(new Send(ack), new PassUp(response))
            : Go(new Completed(ack), StopTimers.It, new StartTimer(SipTimer.D, GiveUp), new Send(ack), new PassUp(response));
    }

    private Step<InviteClient> Go(InviteClientState next, params TransactionEffect[] effects) => new(this with { State = next }, effects);

    private Step<InviteClient> Stay(params TransactionEffect[] effects) => new(this, effects);

    private Step<InviteClient> End(params TransactionEffect[] effects) => Go(Terminated.It, effects);
}

/// <summary>States of <see cref="InviteClient"/>.</summary>
internal abstract record InviteClientState
{
    private InviteClientState()
    {
    }

    /// <summary>Nothing has come back; the INVITE is repeated after the interval given.</summary>
    public sealed record Calling(SipRequest Invite, TimeSpan ResendAfter) : InviteClientState;

    /// <summary>A provisional response has come.</summary>
    public sealed record Proceeding(SipRequest Invite) : InviteClientState;

    /// <summary>A 2xx has come; repeated and forked ones are passed up.</summary>
    public sealed record Accepted : InviteClientState { public static readonly Accepted It = new(); }

    /// <summary>Another final response has come and was acknowledged; repeats are acknowledged again.</summary>
    public sealed record Completed(SipRequest Ack) : InviteClientState;

    /// <summary>Over.</summary>
    public sealed record Terminated : InviteClientState { public static readonly Terminated It = new(); }
}
