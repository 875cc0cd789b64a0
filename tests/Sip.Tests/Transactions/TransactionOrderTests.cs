using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>Whatever comes to a transaction in whatever order: what it tells its user makes sense, it ends, and then it is silent.</summary>
public sealed class TransactionOrderTests
{
    private static readonly TransactionInput[] Inputs = [.. MachineTable.Inputs().Select(static i => i.Input)];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_INVITE_client_has_one_outcome_and_ends(bool reliable) => Orders.Play(
        nameof(An_INVITE_client_has_one_outcome_and_ends), Inputs,
        (random, order) => Run(
            random, order, InviteClient.Start(MachineTable.Request, reliable), static (m, i) => m.On(i), static m => m.HasEnded,
            new TransactionInput.Received(MachineTable.Response(486))));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_client_has_one_outcome_and_ends(bool reliable) => Orders.Play(
        nameof(Another_client_has_one_outcome_and_ends), Inputs,
        (random, order) => Run(
            random, order, NonInviteClient.Start(MachineTable.Request, reliable), static (m, i) => m.On(i), static m => m.HasEnded, firstNeeded: null));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_INVITE_server_answers_once_and_ends(bool reliable) => Orders.Play(
        nameof(An_INVITE_server_answers_once_and_ends), Inputs,
        (random, order) => Run(
            random, order, InviteServer.Start(reliable), static (m, i) => m.On(i), static m => m.HasEnded, new TransactionInput.Respond(MachineTable.Response(486))));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_server_answers_once_and_ends(bool reliable) => Orders.Play(
        nameof(Another_server_answers_once_and_ends), Inputs,
        (random, order) => Run(random, order, NonInviteServer.Start(reliable), static (m, i) => m.On(i), static m => m.HasEnded, firstNeeded: null));

    /// <summary>Plays an order; timers fire only while they run. Then the one thing is given that the machine may wait for, and the timers end it.</summary>
    private static void Run<TMachine>(
        Random random, IEnumerable<TransactionInput> order, Step<TMachine> begun, Func<TMachine, TransactionInput, Step<TMachine>> on,
        Func<TMachine, bool> hasEnded, TransactionInput? firstNeeded)
    {
        var (machine, running, told) = (begun.Next, new HashSet<SipTimer>(), new Told());
        Note(begun.Effects);
        foreach (var input in order)
            Give(input);
        if (firstNeeded is not null)
            Give(firstNeeded);
        for (var i = 0; !hasEnded(machine); i++)
        {
            // A transaction that waits for nobody has a timer that ends it.
            Assert.True(i < 1_000 && running.Count > 0, $"{machine} does not end");
            Give(TransactionInput.TimerFired.Of(running.ElementAt(random.Next(running.Count))));
        }

        foreach (var input in Inputs)
            Assert.True(on(machine, input) is { IsIgnored: true, Effects: [] }, $"{input} after the end");

        void Give(TransactionInput input)
        {
            if (input is TransactionInput.TimerFired timer && !running.Remove(timer.Timer))
                return;
            var step = on(machine, input);
            Assert.True(!step.IsIgnored || step.Effects.Length == 0);
            machine = step.Next;
            Note(step.Effects);
            if (hasEnded(machine))
                running.Clear();
        }

        void Note(TransactionEffect[] effects)
        {
            foreach (var effect in effects)
            {
                switch (effect)
                {
                    case TransactionEffect.StartTimer start: running.Add(start.Timer); break;
                    case TransactionEffect.StopTimers: running.Clear(); break;
                    default: told.Take(effect); break;
                }
            }
        }
    }

    /// <summary>What a user was told and the wire was given: a final response after which only its like comes, and one failure at most.</summary>
    private sealed class Told
    {
        private int _final;
        private int _answered;
        private bool _failed;

        public void Take(TransactionEffect effect)
        {
            switch (effect)
            {
                case TransactionEffect.PassUp { Response.Status: var status }:
                    Assert.True(!_failed && (_final == 0 || (_final is >= 200 and < 300 && status is >= 200 and < 300)), $"{status} after {_final}");
                    _final = status >= 200 ? status : 0;
                    break;
                case TransactionEffect.Send { Message: SipResponse { Status: var status } }:
                    Assert.True(_answered < 200 || Class(status) == Class(_answered), $"answered {status} after {_answered}");
                    _answered = status;
                    break;
                case TransactionEffect.Fail:
                    // A 2xx that cannot be sent is told each time: its user repeats it (RFC 3261 §13.3.1.4).
                    Assert.True(!_failed || _answered is >= 200 and < 300, "failed twice");
                    _failed = true;
                    break;
            }
        }

        private static int Class(int status) => status is >= 200 and < 300 ? 2 : 3;
    }
}
