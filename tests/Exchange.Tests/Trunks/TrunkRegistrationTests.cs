using FsCheck;
using FsCheck.Fluent;
using Switchhook.Exchange.Trunks;

namespace Switchhook.Exchange.Tests.Trunks;

public sealed class TrunkRegistrationTests
{
    [Fact]
    public void It_behaves_as_its_table_says()
    {
        var path = Path.Combine(Root(), "docs", "machines", "trunk-registration.md");
        var table = RegistrationTable.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, File.ReadAllText(path).Split("| State |")[0] + table);

        Assert.EndsWith("\n\n" + table, File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_registration_is_challenged_granted_refreshed_and_given_back()
    {
        var asked = Run(
            RegistrationInput.Begin.It, new RegistrationInput.Challenged(RegistrationTable.Answer), new RegistrationInput.Granted(1000, 0),
            RegistrationInput.TimerFired.It, new RegistrationInput.Challenged(RegistrationTable.Answer), new RegistrationInput.Granted(60, 0),
            RegistrationInput.Stop.It, new RegistrationInput.Granted(0, 0)).Effects;

        Assert.Equal(
            [
                new RegistrationEffect.Register(3600), new RegistrationEffect.Register(3600, RegistrationTable.Answer),
                new RegistrationEffect.StartTimer(TimeSpan.FromSeconds(800)),
                new RegistrationEffect.Register(3600), new RegistrationEffect.Register(3600, RegistrationTable.Answer),
                new RegistrationEffect.StartTimer(TimeSpan.FromSeconds(48)),
                RegistrationEffect.StopTimer.It, new RegistrationEffect.Register(0),
            ],
            asked);
    }

    [Fact]
    public void A_longer_time_that_the_registrar_wants_is_asked_for_from_then_on()
    {
        var (machine, effects) = Run(RegistrationInput.Begin.It, new RegistrationInput.TooBrief(7200), new RegistrationInput.Granted(7200, 0), RegistrationInput.TimerFired.It);

        Assert.Equal(7200, machine.Expires);
        Assert.Equal(new RegistrationEffect.Register(7200), effects[^1]);
    }

    [Theory]
    [InlineData(1, 0.0, 2)]
    [InlineData(1, 0.5, 3)]
    [InlineData(2, 0.0, 4)]
    [InlineData(5, 0.0, 32)]
    [InlineData(8, 0.0, 150)]
    [InlineData(8, 0.5, 225)]
    [InlineData(int.MaxValue, 0.0, 150)]
    public void Waits_double_up_to_a_bound_and_are_spread_over_their_second_half(int failures, double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RegistrationWaits.AfterFailure(failures, chance));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(90, 90)]
    [InlineData(1_000_000, 3600)]
    public void A_wait_the_registrar_asks_for_is_kept_up_to_an_hour(int retryAfter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RegistrationWaits.AfterFailure(1, 0, TimeSpan.FromSeconds(retryAfter)));

    [Fact]
    public void Whatever_comes_in_whatever_order_every_state_has_a_way_on()
    {
        var input = Gen.Elements<RegistrationInput>(
            RegistrationInput.Begin.It, new RegistrationInput.Granted(300, 0.1), new RegistrationInput.Granted(0, 0.9), new RegistrationInput.Challenged(RegistrationTable.Answer),
            new RegistrationInput.TooBrief(4000), new RegistrationInput.TooBrief(9000), new RegistrationInput.Rejected(403, 0.5), new RegistrationInput.Unavailable(0.3),
            RegistrationInput.TimerFired.It, RegistrationInput.Stop.It);

        Prop.ForAll(Arb.From(Gen.ListOf(input, 40)), inputs =>
        {
            var (timer, sent, answers) = (false, false, 0);
            var machine = TrunkRegistration.Start;
            foreach (var next in inputs)
            {
                // Only what can happen: a timer that runs, an answer to what is out.
                if ((next is RegistrationInput.TimerFired && !timer) || (next is not (RegistrationInput.TimerFired or RegistrationInput.Begin or RegistrationInput.Stop) && !sent))
                    continue;
                if (next is RegistrationInput.TimerFired)
                    timer = false;
                var step = machine.On(next);
                if (step.IsIgnored)
                    continue;
                machine = step.Next;
                sent = false;
                foreach (var effect in step.Effects)
                {
                    timer = effect is RegistrationEffect.StartTimer || (timer && effect is not RegistrationEffect.StopTimer);
                    sent |= effect is RegistrationEffect.Register;
                    answers = effect is RegistrationEffect.Register { Answer: not null } ? answers + 1 : 0;
                }
                // Always exactly one thing is awaited, except at rest; and no two answers follow each other.
                if ((machine.State is RegistrationState.Unregistered ? timer || sent : timer == sent) || answers > 1)
                    return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }

    private static (TrunkRegistration Machine, List<RegistrationEffect> Effects) Run(params RegistrationInput[] inputs)
    {
        var machine = TrunkRegistration.Start;
        List<RegistrationEffect> effects = [];
        foreach (var input in inputs)
        {
            var step = machine.On(input);
            Assert.False(step.IsIgnored, input.ToString());
            machine = step.Next;
            effects.AddRange(step.Effects);
        }
        return (machine, effects);
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Switchhook.slnx")))
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException();
        return at;
    }
}
