using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Switchhook.Calls;
using Switchhook.Calls.Scripts;
using Switchhook.Ivr;
using Switchhook.Ivr.Simulation;

namespace Switchhook.Benchmarks;

/// <summary>How long a script of 50 steps takes from its first request to its hang-up, with time itself taken out: a second over the mean is scripts a second.</summary>
[MemoryDiagnoser]
public class ScriptSpeed : IScriptSource
{
    private static readonly ScriptRef Ref = new("bench", "http://localhost/script");

    private readonly ScriptFetch _script;
    private readonly ScriptSimulation _simulation;

    public ScriptSpeed()
    {
        // 8 × 5, a list of two gone through (4), a menu with its prompt and the two steps of its choice (4), a variable and the end.
        var block = (Verb[])
        [
            new Verb.Set("who", "Alex", 1), new Verb.Speak("Hello", null, null, 2), new Verb.Delay(TimeSpan.FromSeconds(1), 3),
            new Verb.Beep(4), new Verb.Play("hello.wav", false, TimeSpan.FromSeconds(10), 5),
        ];
        var verbs = Enumerable.Repeat(block, 8).SelectMany(b => b).ToImmutableArray().AddRange(
            new Verb.SetList("days", [new("Monday"), new("Thursday")], 6),
            new Verb.ForEach("days", [new Verb.Speak("day", null, null, 7)], 7),
            new Verb.Gather("UserInput", [new Verb.Speak("One or two?", null, null, 8)], 8)
            {
                FirstDigit = TimeSpan.FromHours(1),
                Choices = [new("1", [new Verb.Speak("One", null, null, 9), new Verb.Delay(TimeSpan.FromSeconds(1), 9)])],
            },
            new Verb.Set("end", "x", 10),
            new Verb.HangUp(null, 10));
        _script = new ScriptFetch.Loaded(new Script(verbs));
        var call = new Call
        {
            Id = new CallId(1),
            Origin = new CallOrigin { Kind = CallOriginKind.Api },
            Plan = new CallPlan.Scripted(Ref, TimeSpan.FromSeconds(10)),
            Caller = new Party("100"),
            Dialed = "900",
            CalleeDialed = "900",
            State = new CallState.Talking(),
            StartedAt = DateTimeOffset.UnixEpoch,
        };
        _simulation = new ScriptSimulation(this, call, null, new SimulationOptions { Incoming = false, Keys = [new SimulatedKey('1', TimeSpan.FromMinutes(5))] });
        var steps = Story().Lines.Count(l => l.Kind == SimulationKind.Step && l.Text.Contains(", line", StringComparison.Ordinal));
        if (steps != 50)
            throw new InvalidOperationException($"{steps} steps");
    }

    public string Dialect => "bench";

    public ValueTask<ScriptFetch> FetchAsync(ScriptRequest request, CancellationToken cancellation) => new(_script);

    [Benchmark]
    public SimulationEnd FiftySteps() => Story().End;

    /// <summary>Nothing in it waits, so it is done when it returns.</summary>
    private SimulationResult Story()
    {
        var story = _simulation.RunAsync(Ref);
        return story.IsCompletedSuccessfully ? story.GetAwaiter().GetResult() : throw new InvalidOperationException("the simulation waits");
    }
}
