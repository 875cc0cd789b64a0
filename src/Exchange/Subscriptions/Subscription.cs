using static Switchhook.Exchange.Subscriptions.SubscriptionEffect;
using static Switchhook.Exchange.Subscriptions.SubscriptionInput;
using static Switchhook.Exchange.Subscriptions.SubscriptionState;

namespace Switchhook.Exchange.Subscriptions;

/// <summary>
/// One phone's subscription as its notifier keeps it: RFC 6665 §4.2. At most one NOTIFY is out, and what happens meanwhile is told by the one
/// that follows; a NOTIFY that fails is the end.
/// </summary>
internal sealed record Subscription(SubscriptionState State)
{
    public static readonly Subscription Start = new(Asked.It);

    public SubscriptionStep On(SubscriptionInput input) => (State, input) switch
    {
        // §4.4.3: with no time left it is a question, answered by one NOTIFY.
        (Asked, Subscribe { Seconds: 0 }) => Go(Closing.It, new Accept(0), new Notify(EndReason.Timeout)),
        (Asked, Subscribe s) => Go(new Notifying(false), new Accept(s.Seconds), new StartTimer(s.Seconds), new Notify(null)),

        // §4.2.1.3: every SUBSCRIBE is followed by a NOTIFY, changed or not.
        (Quiet, Subscribe { Seconds: 0 }) => Go(Closing.It, new Accept(0), StopTimer.It, new Notify(EndReason.Timeout)),
        (Quiet, Subscribe s) => Go(new Notifying(false), new Accept(s.Seconds), new StartTimer(s.Seconds), new Notify(null)),
        (Notifying, Subscribe { Seconds: 0 }) => Go(new Ending(EndReason.Timeout), new Accept(0), StopTimer.It),
        (Notifying, Subscribe s) => Go(new Notifying(true), new Accept(s.Seconds), new StartTimer(s.Seconds)),

        (Quiet, Changed) => Go(new Notifying(false), new Notify(null)),
        (Notifying { Again: false }, Changed) => Go(new Notifying(true)),

        (Notifying { Again: true }, Delivered) => Go(new Notifying(false), new Notify(null)),
        // §4.2.2: with a Retry-After it has not failed; the next change or refresh tells everything anyhow.
        (Notifying, Delivered or Deferred) => Go(Quiet.It),
        (Notifying, Failed) => Go(Over.It, StopTimer.It, Release.It),

        (Quiet, Expired) => Go(Closing.It, new Notify(EndReason.Timeout)),
        (Notifying, Expired) => Go(new Ending(EndReason.Timeout)),
        (Quiet, Stop s) => Go(Closing.It, StopTimer.It, new Notify(s.Reason)),
        (Notifying, Stop s) => Go(new Ending(s.Reason), StopTimer.It),

        (Ending e, Delivered or Deferred) => Go(Closing.It, new Notify(e.Reason)),
        (Ending, Failed) => Go(Over.It, Release.It),
        (Closing, Delivered or Deferred or Failed) => Go(Over.It, Release.It),
        // It is over for us already: whoever still wants to know subscribes anew.
        (Ending or Closing, Subscribe) => Stay(new Refuse(481)),

        _ => new(this, [], IsIgnored: true),
    };

    private SubscriptionStep Stay(params SubscriptionEffect[] effects) => new(this, effects);

    private static SubscriptionStep Go(SubscriptionState next, params SubscriptionEffect[] effects) => new(new(next), effects);
}

/// <summary>What the machine has decided: its next state and what the outside is asked to do, in this order.</summary>
internal readonly record struct SubscriptionStep(Subscription Next, SubscriptionEffect[] Effects, bool IsIgnored = false);

/// <summary>Why a subscription ends, as Subscription-State says it (RFC 6665 §4.1.3).</summary>
internal enum EndReason
{
    /// <summary>Its time is over, or it was ended by its subscriber.</summary>
    Timeout,

    /// <summary>The server stops: subscribe again, elsewhere or later.</summary>
    Deactivated,

    /// <summary>What is watched exists no longer.</summary>
    NoResource,
}

/// <summary>States of <see cref="Subscription"/>.</summary>
internal abstract record SubscriptionState
{
    private SubscriptionState() { }

    /// <summary>The SUBSCRIBE that makes it awaits its answer.</summary>
    public sealed record Asked : SubscriptionState { public static readonly Asked It = new(); }

    /// <summary>It lives, and everything has been told.</summary>
    public sealed record Quiet : SubscriptionState { public static readonly Quiet It = new(); }

    /// <summary>It lives, and a NOTIFY is out.</summary>
    /// <param name="Again">True when there is more to tell since.</param>
    public sealed record Notifying(bool Again) : SubscriptionState;

    /// <summary>It is to end once the NOTIFY that is out has been answered.</summary>
    public sealed record Ending(EndReason Reason) : SubscriptionState;

    /// <summary>The last NOTIFY is out.</summary>
    public sealed record Closing : SubscriptionState { public static readonly Closing It = new(); }

    public sealed record Over : SubscriptionState { public static readonly Over It = new(); }
}

/// <summary>What reaches the machine.</summary>
internal abstract record SubscriptionInput
{
    private SubscriptionInput() { }

    /// <summary>A SUBSCRIBE that may be granted so many seconds.</summary>
    public sealed record Subscribe(uint Seconds) : SubscriptionInput;

    /// <summary>What is watched is no longer what was told.</summary>
    public sealed record Changed : SubscriptionInput { public static readonly Changed It = new(); }

    /// <summary>2xx to the NOTIFY.</summary>
    public sealed record Delivered : SubscriptionInput { public static readonly Delivered It = new(); }

    /// <summary>A refusal of the NOTIFY with a Retry-After.</summary>
    public sealed record Deferred : SubscriptionInput { public static readonly Deferred It = new(); }

    /// <summary>Any other refusal of the NOTIFY, or no answer to it.</summary>
    public sealed record Failed : SubscriptionInput { public static readonly Failed It = new(); }

    /// <summary>The time granted is over.</summary>
    public sealed record Expired : SubscriptionInput { public static readonly Expired It = new(); }

    /// <summary>We end it.</summary>
    public sealed record Stop(EndReason Reason) : SubscriptionInput;
}

/// <summary>What the machine asks for.</summary>
internal abstract record SubscriptionEffect
{
    private SubscriptionEffect() { }

    /// <summary>Answer 200 to the SUBSCRIBE.</summary>
    public sealed record Accept(uint Seconds) : SubscriptionEffect;

    /// <summary>Refuse the SUBSCRIBE.</summary>
    public sealed record Refuse(int Status) : SubscriptionEffect;

    /// <summary>Send a NOTIFY with the state as it is now; the last one when there is a reason.</summary>
    public sealed record Notify(EndReason? End) : SubscriptionEffect;

    /// <summary>Start the timer anew.</summary>
    public sealed record StartTimer(uint Seconds) : SubscriptionEffect;

    public sealed record StopTimer : SubscriptionEffect { public static readonly StopTimer It = new(); }

    /// <summary>Give everything back.</summary>
    public sealed record Release : SubscriptionEffect { public static readonly Release It = new(); }
}
