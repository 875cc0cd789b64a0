using Switchhook.Sip.Dialogs;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>Whatever comes to a session's machines in whatever order: it ends once, its requests are answered, and nothing follows the end.</summary>
public sealed class SessionOrderTests
{
    /// <summary>What brings any session to its end, whatever it waited for.</summary>
    private static readonly SessionInput[] End =
    [
        new SessionInput.HangUp(new SessionHangup()), SessionInput.RefusalAcknowledged.It, new SessionInput.AckReceived(SessionSamples.Request("ACK")),
        SessionInput.InviteTimedOut.It, new SessionInput.ByeAnswered(200),
    ];

    [Fact]
    public void A_caller_ends_once_and_answers_every_BYE() => Orders.Play<SessionInput>(
        nameof(A_caller_ends_once_and_answers_every_BYE), [.. SessionSamples.Inputs],
        (_, order) => Run(order, InviteUac.Start, static (m, i) => m.On(i), static m => m.IsOver, takesCancel: false));

    [Fact]
    public void A_callee_ends_once_and_answers_every_BYE_and_CANCEL() => Orders.Play<SessionInput>(
        nameof(A_callee_ends_once_and_answers_every_BYE_and_CANCEL), [.. SessionSamples.Inputs],
        (_, order) => Run(order, InviteUas.Start, static (m, i) => m.On(i), static m => m.IsOver, takesCancel: true));

    [Fact]
    public void An_update_is_answered_once_either_way_and_nothing_follows_the_session() => Orders.Play<SessionInput>(
        nameof(An_update_is_answered_once_either_way_and_nothing_follows_the_session), [.. SessionSamples.Inputs],
        (_, order) =>
        {
            var (machine, sent, answered, theirs, over) = (DialogUpdate.Start, 0, 0, false, false);
            foreach (var input in order.Append(SessionInput.SessionOver.It).Concat(SessionSamples.Inputs))
            {
                var (was, step) = (theirs, machine.On(input));
                machine = step.Next;
                sent += step.Effects.Count(static e => e is SessionEffect.SendUpdate);
                answered += step.Effects.Count(static e => e is SessionEffect.TellReofferAnswered);
                Assert.True(answered <= sent, "told of an answer to nothing");
                var replies = step.Effects.Count(static e => e is SessionEffect.Reply or SessionEffect.AcceptUpdate or SessionEffect.RespondUpdate);
                if (input is SessionInput.UpdateReceived)
                {
                    theirs |= step.Effects.Any(static e => e is SessionEffect.TellReoffer);
                    Assert.Equal(theirs && !was ? 0 : 1, replies);
                }
                else if (replies > 0 || input is SessionInput.UpdateAbandoned)
                {
                    Assert.True(replies <= 1 && (was || replies == 0));
                    theirs = false;
                }
                Assert.True(!over || step.Effects.All(static e => e is SessionEffect.Reply { Status: 481 }), $"{input} after the end");
                over |= input is SessionInput.SessionOver;
            }
            Assert.False(theirs, "an UPDATE without an answer");
        });

    [Fact]
    public void A_refer_of_ours_finishes_once_and_every_NOTIFY_is_answered() => Orders.Play<SessionInput>(
        nameof(A_refer_of_ours_finishes_once_and_every_NOTIFY_is_answered), [.. SessionSamples.Inputs],
        (_, order) =>
        {
            var (machine, sent, finished, over) = (ReferClient.Start, 0, 0, false);
            foreach (var input in order.Append(SessionInput.SessionOver.It).Concat(SessionSamples.Inputs))
            {
                var step = machine.On(input);
                machine = step.Next;
                sent += step.Effects.Count(static e => e is SessionEffect.SendRefer);
                finished += step.Effects.Count(static e => e is SessionEffect.TellReferFinished);
                Assert.True(finished <= sent, "finished what was never begun");
                Assert.Equal(input is SessionInput.NotifyReceived ? 1 : 0, step.Effects.Count(static e => e is SessionEffect.Reply));
                Assert.True(!over || step.Effects.All(static e => e is SessionEffect.Reply { Status: 481 }), $"{input} after the end");
                over |= input is SessionInput.SessionOver;
            }
        });

    [Fact]
    public void A_refer_of_theirs_is_answered_once_and_one_NOTIFY_is_out_at_most() => Orders.Play<SessionInput>(
        nameof(A_refer_of_theirs_is_answered_once_and_one_NOTIFY_is_out_at_most), [.. SessionSamples.Inputs],
        (_, order) =>
        {
            var (machine, responses, isOut, last) = (ReferServer.Start, 0, false, false);
            foreach (var input in order.Append(SessionInput.SessionOver.It).Concat(SessionSamples.Inputs))
            {
                var step = machine.On(input);
                if (input is SessionInput.NotifyAnswered && !step.Ignored)
                    isOut = false;
                foreach (var effect in step.Effects)
                {
                    if (effect is SessionEffect.RespondRefer)
                        Assert.Equal(1, ++responses);
                    if (effect is not SessionEffect.SendNotify notify)
                        continue;
                    Assert.False(isOut || last || machine.IsOver, "a NOTIFY too many");
                    (isOut, last) = (true, notify.Report.IsLast);
                }
                machine = step.Next;
            }
            Assert.True(machine.IsOver);
        });

    [Fact]
    public void A_session_timer_runs_while_there_is_an_interval_and_expires_once() => Orders.Play<SessionInput>(
        nameof(A_session_timer_runs_while_there_is_an_interval_and_expires_once), [.. SessionSamples.Inputs],
        (_, order) =>
        {
            var (machine, runs) = (SessionTimer.Start, false);
            foreach (var input in order.Append(SessionInput.SessionOver.It))
            {
                if (input is SessionInput.SessionTimerFired)
                {
                    if (!runs)
                        continue;
                    runs = false;
                }
                var step = machine.On(input);
                machine = step.Next;
                foreach (var effect in step.Effects)
                {
                    switch (effect)
                    {
                        case SessionEffect.StartSessionTimer start:
                            Assert.True(start.After > TimeSpan.Zero);
                            runs = true;
                            break;
                        case SessionEffect.StopSessionTimer: runs = false; break;
                        case SessionEffect.Expire: Assert.IsType<SessionTimerState.Off>(machine.State); break;
                    }
                }
                Assert.Equal(machine.State is SessionTimerState.Running, runs);
            }
            Assert.IsType<SessionTimerState.Off>(machine.State);
        });

    /// <summary>Plays an order as a session does: to the part before the answer, then to the part behind it too.</summary>
    private static void Run<TMachine>(
        IEnumerable<SessionInput> order, TMachine start, Func<TMachine, SessionInput, SessionStep<TMachine>> on, Func<TMachine, bool> isOver, bool takesCancel)
    {
        var (machine, confirmed, ends, hangups, confirmations) = (start, (ConfirmedSession?)null, 0, 0, 0);
        foreach (var input in order.Concat(End))
            Give(input);

        Assert.True(isOver(machine) && confirmed is null or { IsOver: true }, $"{machine} {confirmed} does not end");
        Assert.Equal(1, ends + hangups);
        Assert.Equal(hangups, confirmations);
        foreach (var input in SessionSamples.Inputs)
            Give(input);
        Assert.Equal((1, hangups), (ends + hangups, confirmations));

        void Give(SessionInput input)
        {
            if (confirmed is null)
            {
                var step = on(machine, input);
                machine = step.Next;
                Note(input, step.Effects, takesCancel);
                return;
            }
            var after = confirmed.On(input);
            confirmed = after.Next;
            Note(input, after.Effects, cancels: true);
        }

        void Note(SessionInput input, SessionEffect[] effects, bool cancels)
        {
            foreach (var effect in effects)
            {
                switch (effect)
                {
                    case SessionEffect.Enter enter: confirmed = enter.Confirmed; break;
                    case SessionEffect.TellEnded: ends++; break;
                    case SessionEffect.TellHangupSent: hangups++; break;
                    case SessionEffect.TellConfirmed:
                        confirmations++;
                        Assert.True(hangups == 1, "confirmed what was not sent");
                        break;
                }
            }
            Assert.True(ends + hangups <= 1, "ended twice");
            if (input is SessionInput.ByeReceived bye)
                Assert.Single(effects, e => e is SessionEffect.Reply { Status: 200 } r && r.Request == bye.Request);
            if (input is SessionInput.CancelReceived cancel && cancels)
                Assert.Single(effects, e => e is SessionEffect.Reply { Status: 200 } r && r.Request == cancel.Request);
        }
    }
}
