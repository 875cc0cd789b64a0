using static Switchhook.Sip.Dialogs.ReferServerState;
using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Dialogs.SessionInput;

namespace Switchhook.Sip.Dialogs;

/// <summary>A REFER of the far side and the NOTIFYs about it (RFC 3515 §2.4), one at a time so that none overtakes another.</summary>
internal sealed record ReferServer(ReferServerState State)
{
    public static readonly ReferServer Start = new(Offered.It);

    /// <summary>Nothing more is owed.</summary>
    public bool IsOver => State is Done;

    public SessionStep<ReferServer> On(SessionInput input) => (State, input) switch
    {
        // RFC 4488 §4: no subscription where the far side wants none.
        (Offered, AcceptRefer { Subscribes: false } a) => Go(Done.It, new RespondRefer(a.Status)),
        (Offered, AcceptRefer a) => Go(new Notifying(ReferReport.Trying, null, false), new RespondRefer(a.Status), new SendNotify(ReferReport.Trying)),
        (Offered, RejectRefer r) => Go(Done.It, new RespondRefer(r.Status)),
        (Offered, ReferAbandoned) => Go(Done.It),
        (Offered, SessionOver) => Go(Done.It, new RespondRefer(487)),

        // RFC 6665 §4.2.1.2: whoever subscribes anew, or no more, is told at once how it stands.
        (Quiet q, SubscribeReceived i) => Go(new Notifying(Told(q.Last, i), null, false), Grant(i), new SendNotify(Told(q.Last, i))),
        (Notifying { Sent.IsLast: false, Next.IsLast: true }, SubscribeReceived i) => Go(State, Grant(i)),
        (Notifying { Sent.IsLast: false } s, SubscribeReceived i) => Go(s with { Next = Told(s.Next ?? s.Sent, i) }, Grant(i)),
        (_, SubscribeReceived i) => Go(State, new Reply(i.Request, 481)),

        (Quiet, NotifyRefer n) => Go(new Notifying(n.Report, null, false), new SendNotify(n.Report)),
        // The last report counts; those it overtakes are not worth sending.
        (Notifying { Sent.IsLast: false, Next: not { IsLast: true } } s, NotifyRefer n) => Go(s with { Next = n.Report }),
        (Notifying { Repeated: false } s, NotifyChallenged c) => Go(s with { Repeated = true }, new RepeatNotify(c.Response)),
        (Notifying { Sent.IsLast: true }, NotifyAnswered) => Go(Done.It),
        (Notifying { Next: { } next }, NotifyAnswered { Status: < 300 }) => Go(new Notifying(next, null, false), new SendNotify(next)),
        (Notifying s, NotifyAnswered { Status: < 300 }) => Go(new Quiet(s.Sent)),
        // RFC 6665 §4.2.2: any failure ends the subscription.
        (Notifying, NotifyAnswered or NotifyChallenged) => Go(Done.It),

        (_, SessionOver) => Go(Done.It),
        _ => new(this, [], Ignored: true),
    };

    private static GrantSubscribe Grant(SubscribeReceived input) => new(input.Request, input.Seconds);

    private static ReferReport Told(ReferReport report, SubscribeReceived input) =>
        input.Seconds == 0 ? report with { IsLast = true, IsUnwanted = true } : report;

    private SessionStep<ReferServer> Go(ReferServerState next, params SessionEffect[] effects) =>
        new(ReferenceEquals(next, State) ? this : new(next), effects);
}

/// <summary>What a NOTIFY tells about a reference.</summary>
/// <param name="Status">The status of the referred request.</param>
/// <param name="IsLast">True when nothing follows.</param>
/// <param name="IsUnwanted">True when nothing follows because the far side wants to hear no more.</param>
internal sealed record ReferReport(int Status, bool IsLast, bool IsUnwanted = false)
{
    public static readonly ReferReport Trying = new(100, false);
}

internal abstract record ReferServerState
{
    private ReferServerState() { }

    /// <summary>The REFER awaits our answer.</summary>
    public sealed record Offered : ReferServerState { public static readonly Offered It = new(); }

    /// <summary>Accepted; no NOTIFY is under way.</summary>
    /// <param name="Last">What was told last.</param>
    public sealed record Quiet(ReferReport Last) : ReferServerState;

    /// <summary>A NOTIFY awaits its response, perhaps another behind it.</summary>
    public sealed record Notifying(ReferReport Sent, ReferReport? Next, bool Repeated) : ReferServerState;

    public sealed record Done : ReferServerState { public static readonly Done It = new(); }
}
