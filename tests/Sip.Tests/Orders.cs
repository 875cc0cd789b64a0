using Switchhook.Sip.Tests.Dialogs;

namespace Switchhook.Sip.Tests;

/// <summary>
/// Random orders of inputs, each made of its seed alone: what failed is named by it and played again with it. As many as <see cref="CrossingTests"/>
/// plays schedules, by the same variables.
/// </summary>
internal static class Orders
{
    private const int Usual = 3_000;

    /// <summary>How many inputs an order has at most.</summary>
    private const int Length = 120;

    /// <summary>Plays every order; the machine's promises are checked as it goes.</summary>
    /// <param name="test">The test's name, for whoever plays one again.</param>
    /// <param name="inputs">What may come.</param>
    /// <param name="play">Takes one order to its end; throws when a promise is broken.</param>
    /// <param name="usual">How many orders when no variable says; fewer where one is costly.</param>
    public static void Play<TInput>(string test, IReadOnlyList<TInput> inputs, Action<Random, IEnumerable<TInput>> play, int usual = Usual)
    {
        var (first, count) = (Variable(CrossingTests.FirstVariable, 0), Variable(CrossingTests.CountVariable, usual));
        for (var seed = first; seed < first + count; seed++)
        {
            var random = new Random(seed);
            var taken = new List<TInput>();
            try
            {
                play(random, Draw(random, inputs, taken));
            }
            catch (Exception broken)
            {
                Assert.Fail(
                    $"Order {seed} (again: {CrossingTests.FirstVariable}={seed} {CrossingTests.CountVariable}=1 ./test {test}): {broken}\n{string.Join('\n', taken)}");
            }
        }
    }

    private static IEnumerable<TInput> Draw<TInput>(Random random, IReadOnlyList<TInput> inputs, List<TInput> taken)
    {
        // Each order knows some of the inputs only: one without hang-ups comes deep into the others.
        var (known, oneIn) = (new List<TInput>(), random.Next(1, 8));
        known.AddRange(inputs.Where(_ => random.Next(oneIn) == 0));
        for (var i = known.Count == 0 ? 0 : random.Next(1, Length); i > 0; i--)
        {
            taken.Add(known[random.Next(known.Count)]);
            yield return taken[^1];
        }
    }

    private static int Variable(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
}
