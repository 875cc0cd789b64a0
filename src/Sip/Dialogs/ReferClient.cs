using static Switchhook.Sip.Dialogs.ReferClientState;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Dialogs.SessionInput;

namespace Switchhook.Sip.Dialogs;

/// <summary>A REFER of ours and what its NOTIFYs tell (RFC 3515 §2.4), one at a time.</summary>
internal sealed record ReferClient(ReferClientState State)
{
    public static readonly ReferClient Start = new(Idle.It);

    public SessionStep<ReferClient> On(SessionInput input) => (State, input) switch
    {
        (Idle, Refer r) => Go(new Referring(false), new SendRefer(r.Request)),
        (Referring { Repeated: false }, ReferChallenged c) => Go(new Referring(true), new RepeatRefer(c.Response)),
        (Referring, ReferAccepted { Subscribes: true }) => Go(Subscribed.It),
        (Referring, ReferAccepted a) => Go(Idle.It, new TellReferFinished(a.Response.Status)),
        // RFC 3261 §12.2.1.2: 481, 408 and silence end the dialog.
        (Referring, ReferRefused { Response.Status: 481 or 408 } r) => Go(Idle.It, new TellReferFinished(r.Response.Status), new LoseDialog(r.Response)),
        (Referring, ReferRefused r) => Go(Idle.It, new TellReferFinished(r.Response.Status)),
        (Referring, ReferChallenged c) => Go(Idle.It, new TellReferFinished(c.Response.Status)),
        (Referring, ReferTimedOut) => Go(Idle.It, new TellReferFinished(408), new LoseDialog(null)),
        (Referring, ReferTransportFailed) => Go(Idle.It, new TellReferFinished(503)),

        // A NOTIFY can overtake the 202.
        (Referring or Subscribed, NotifyReceived { IsLast: true } n) => Go(Idle.It, new Reply(n.Request, 200), new TellReferFinished(n.Status)),
        (Referring or Subscribed, NotifyReceived n) => Go(Subscribed.It, new Reply(n.Request, 200), new TellReferProgress(n.Status)),
        (_, NotifyReceived n) => Go(State, new Reply(n.Request, 481)),

        (_, SessionOver) => Go(Closed.It),
        _ => new(this, [], Ignored: true),
    };

    private SessionStep<ReferClient> Go(ReferClientState next, params SessionEffect[] effects) =>
        new(ReferenceEquals(next, State) ? this : new(next), effects);
}

internal abstract record ReferClientState
{
    private ReferClientState() { }

    public sealed record Idle : ReferClientState { public static readonly Idle It = new(); }

    /// <summary>The REFER awaits its final response.</summary>
    public sealed record Referring(bool Repeated) : ReferClientState;

    /// <summary>The far side tells how it fares until it says that it has done.</summary>
    public sealed record Subscribed : ReferClientState { public static readonly Subscribed It = new(); }

    /// <summary>The session is over.</summary>
    public sealed record Closed : ReferClientState { public static readonly Closed It = new(); }
}
