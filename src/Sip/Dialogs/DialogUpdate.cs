using static Switchhook.Sip.Dialogs.DialogUpdateState;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Dialogs.SessionInput;

namespace Switchhook.Sip.Dialogs;

/// <summary>UPDATE in one dialog, early or confirmed, one at a time in either direction: RFC 3311 §5.</summary>
internal sealed record DialogUpdate(DialogUpdateState State)
{
    public static readonly DialogUpdate Start = new(Idle.It);

    private const int MostCollisions = 3;

    /// <summary>No UPDATE of either side is under way.</summary>
    public bool IsIdle => State is Idle;

    public SessionStep<DialogUpdate> On(SessionInput input) => (State, input) switch
    {
        // §5.1: ours.
        (Idle, Update u) => Go(new Updating(false), new SendUpdate(u.Request)),
        (Updating, UpdateSucceeded r) => Go(Idle.It, new TellReofferAnswered(r.Response)),
        (Updating { Repeated: false } u, UpdateChallenged r) => Go(u with { Repeated = true }, new RepeatUpdate(r.Response)),
        (Updating, UpdateChallenged r) => Go(Idle.It, new TellReofferAnswered(r.Response)),
        (Updating { Collisions: < MostCollisions } u, UpdateCollided c) =>
            Go(new UpdateColliding(c.Response, u.Collisions + 1), new StartUpdateTimer(c.Wait)),
        (Updating, UpdateCollided c) => Go(Idle.It, new TellReofferAnswered(c.Response)),
        (UpdateColliding c, UpdateTimerFired) => Go(new Updating(false, c.Collisions), new RepeatUpdate(c.Refusal)),
        // RFC 3261 §12.2.1.2: 481, 408 and silence end the dialog.
        (Updating, UpdateRefused { Response.Status: 481 or 408 } r) => Go(Idle.It, new TellReofferAnswered(r.Response), new LoseDialog(r.Response)),
        (Updating, UpdateRefused r) => Go(Idle.It, new TellReofferAnswered(r.Response)),
        (Updating, UpdateTimedOut) => Go(Idle.It, new TellReofferAnswered(null), new LoseDialog(null)),
        (Updating, UpdateTransportFailed) => Go(Idle.It, new TellReofferAnswered(null)),

        // §5.2: theirs.
        (Closed, UpdateReceived r) => Go(State, new Reply(r.Request, 481)),
        (Updated, UpdateReceived r) => Go(State, new Reply(r.Request, 500)),
        (_, UpdateReceived { HasOffer: false } r) => Go(State, new AcceptUpdate(r.Request)),
        (Updating, UpdateReceived r) => Go(State, new Reply(r.Request, 491)),
        (_, UpdateReceived { Pending: OfferPending.Ours } r) => Go(State, new Reply(r.Request, 491)),
        (_, UpdateReceived { Pending: OfferPending.Theirs } r) => Go(State, new Reply(r.Request, 500)),
        (UpdateColliding c, UpdateReceived r) => Go(new Updated(r.Request), StopUpdateTimer.It,
            new TellReofferAnswered(c.Refusal), new TellReoffer(r.Request)),
        (Idle, UpdateReceived r) => Go(new Updated(r.Request), new TellReoffer(r.Request)),
        (Updated u, AnswerUpdate a) => Go(Idle.It, new RespondUpdate(u.Request, a.Response)),
        (Updated u, RejectUpdate r) => Go(Idle.It, new Reply(u.Request, r.Status)),
        (Updated, UpdateAbandoned) => Go(Idle.It),

        (Updated u, SessionOver) => Go(Closed.It, new Reply(u.Request, 487)),
        (UpdateColliding, SessionOver) => Go(Closed.It, StopUpdateTimer.It),
        (Idle or Updating, SessionOver) => Go(Closed.It),
        _ => new(this, [], Ignored: true),
    };

    private SessionStep<DialogUpdate> Go(DialogUpdateState next, params SessionEffect[] effects) =>
        new(ReferenceEquals(next, State) ? this : new(next), effects);
}

/// <summary>Whose offer lacks its answer (RFC 3264 §4) where the dialog's INVITE, PRACK or re-INVITE is concerned.</summary>
internal enum OfferPending
{
    None,
    Ours,
    Theirs,
}

internal abstract record DialogUpdateState
{
    private DialogUpdateState() { }

    public sealed record Idle : DialogUpdateState { public static readonly Idle It = new(); }

    /// <summary>Our UPDATE awaits its final response.</summary>
    public sealed record Updating(bool Repeated, int Collisions = 0) : DialogUpdateState;

    /// <summary>Our UPDATE met an offer of the far side (491) and is repeated after a while.</summary>
    public sealed record UpdateColliding(Messages.SipResponse Refusal, int Collisions) : DialogUpdateState;

    /// <summary>The far side's offer awaits our answer.</summary>
    public sealed record Updated(IncomingRequest Request) : DialogUpdateState;

    /// <summary>The session is over.</summary>
    public sealed record Closed : DialogUpdateState { public static readonly Closed It = new(); }
}
