using Switchhook.Sip.Dialogs;
using static Switchhook.Sip.Dialogs.SessionEffect;

namespace Switchhook.Sip.Tests.Dialogs;

public sealed class SessionTimerTests
{
    private static readonly SessionTimer Off = SessionTimer.Start;
    private static readonly SessionTimer Refreshing = Agree(1800, true);
    private static readonly SessionTimer Trying = Refreshing.On(SessionInput.SessionTimerFired.It).Next;
    private static readonly SessionTimer RefreshingLast = Exhaust(Refreshing);
    private static readonly SessionTimer Waiting = Agree(90, false);

    [Fact]
    public void Every_input_in_every_state_does_what_the_document_says()
    {
        (string, SessionTimer)[] states =
        [
            ("Off", Off), ("Running (we refresh, 1800 s)", Refreshing), ("Running (refresh asked for)", Trying),
            ("Running (last wait)", RefreshingLast), ("Running (they refresh, 90 s)", Waiting),
        ];

        var table = SessionTable.Write(
            "Session timer",
            "`SessionTimer`: refreshes and the end of a session nobody refreshes (RFC 4028 §10). A test writes and checks this table.",
            states, (machine, input) => machine.On(input), machine => machine.State.GetType().Name);

        SessionTable.AssertDocumented("session-timer.md", table);
    }

    [Theory]
    [InlineData(90, 60)]
    [InlineData(96, 64)]
    [InlineData(120, 88)]
    [InlineData(1800, 1768)]
    public void A_session_nobody_refreshes_ends_32_seconds_or_a_third_before_it_expires(int interval, int end)
    {
        var step = Off.On(new SessionInput.TermsAgreed(new(TimeSpan.FromSeconds(interval), WeRefresh: false)));

        Assert.Equal([new StartSessionTimer(TimeSpan.FromSeconds(end))], step.Effects);
        Assert.Equal([Expire.It], step.Next.On(SessionInput.SessionTimerFired.It).Effects);
    }

    [Fact]
    public void The_refresher_begins_at_half_the_interval_and_tries_until_the_end()
    {
        var machine = Refreshing;
        var passed = TimeSpan.FromSeconds(900);
        SessionStep<SessionTimer> step;
        var tries = 0;
        while ((step = machine.On(SessionInput.SessionTimerFired.It)).Effects is [StartSessionTimer next, SessionEffect.Refresh])
        {
            passed += next.After;
            machine = step.Next;
            tries++;
        }

        Assert.Equal(6, tries);
        Assert.Equal(1768, passed.TotalSeconds);
        Assert.Equal([Expire.It], step.Effects);
    }

    private static SessionTimer Agree(int seconds, bool weRefresh) =>
        Off.On(new SessionInput.TermsAgreed(new(TimeSpan.FromSeconds(seconds), weRefresh))).Next;

    private static SessionTimer Exhaust(SessionTimer machine)
    {
        while (machine.State is SessionTimerState.Running running && running.Passed < running.Terms.End)
            machine = machine.On(SessionInput.SessionTimerFired.It).Next;
        return machine;
    }
}
