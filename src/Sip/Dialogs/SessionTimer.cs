using static Switchhook.Sip.Dialogs.SessionEffect;
using static Switchhook.Sip.Dialogs.SessionInput;
using static Switchhook.Sip.Dialogs.SessionTimerState;

namespace Switchhook.Sip.Dialogs;

/// <summary>Keeps a session alive, or ends one that nobody keeps alive: RFC 4028 §10.</summary>
internal sealed record SessionTimer(SessionTimerState State)
{
    public static readonly SessionTimer Start = new(Off.It);

    public SessionStep<SessionTimer> On(SessionInput input) => (State, input) switch
    {
        // The one who refreshes begins at half the interval; the other only waits for the end.
        (_, TermsAgreed { Terms: { } t }) => Wait(t, TimeSpan.Zero, t.WeRefresh ? t.Interval / 2 : t.End),
        (Running, TermsAgreed or SessionOver) => new(Start, [StopSessionTimer.It]),
        (Off, TermsAgreed or SessionOver) => new(this, []),
        (Running r, SessionTimerFired) when r.Passed >= r.Terms.End => new(Start, [Expire.It]),
        // A refresh that comes to nothing is repeated until the end.
        (Running r, SessionTimerFired) => Wait(r.Terms, r.Passed, r.Passed + (r.Terms.Interval / 12), Refresh.It),
        _ => new(this, [], Ignored: true),
    };

    private static SessionStep<SessionTimer> Wait(SessionTerms terms, TimeSpan from, TimeSpan until, params SessionEffect[] then)
    {
        until = until < terms.End ? until : terms.End;
        return new(new(new Running(terms, until)), [new StartSessionTimer(until - from), .. then]);
    }
}

internal abstract record SessionTimerState
{
    private SessionTimerState() { }

    /// <summary>No interval is agreed.</summary>
    public sealed record Off : SessionTimerState { public static readonly Off It = new(); }

    /// <summary>The timer runs. <c>Passed</c>: how much of the interval has gone when it fires.</summary>
    public sealed record Running(SessionTerms Terms, TimeSpan Passed) : SessionTimerState;
}
