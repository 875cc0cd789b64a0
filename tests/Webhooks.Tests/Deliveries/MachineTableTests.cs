using System.Globalization;
using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Webhooks.Deliveries;

namespace Switchhook.Webhooks.Tests.Deliveries;

public sealed class MachineTableTests
{
    private static readonly DateTimeOffset Stored = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly (string Name, DeliveryPolicy Policy)[] Policies =
    [
        ("once", DeliveryPolicy.Once.Instance),
        ("fallback", new DeliveryPolicy.Fallback("http://other.example/", null)),
        ("until ok", new DeliveryPolicy.UntilOk(TimeSpan.FromSeconds(60), TimeSpan.FromHours(24))),
        ("back off", DeliveryPolicy.BackOff.Standard),
    ];

    private static readonly DeliveryState[] States =
    [
        new DeliveryState.Ready(0, false), new DeliveryState.Ready(1, true), new DeliveryState.Trying(1, false), new DeliveryState.Trying(2, true),
        new DeliveryState.Trying(9, false), new DeliveryState.Waiting(1, Stored.AddSeconds(5)), new DeliveryState.Delivered(1), new DeliveryState.Failed(1),
    ];

    private static readonly (string Name, DeliveryInput Input)[] Inputs =
    [
        ("begin", DeliveryInput.Begin.It),
        ("succeeded", DeliveryInput.Succeeded.It),
        ("failed at once", new DeliveryInput.Failed(Stored, 0)),
        ("failed after 23 h 59 min", new DeliveryInput.Failed(Stored.AddMinutes((24 * 60) - 1), 0.999)),
        ("failed after 24 h", new DeliveryInput.Failed(Stored.AddHours(24), 0)),
        ("timer", DeliveryInput.TimerFired.It),
        ("circuit open at once", new DeliveryInput.CircuitOpened(Stored)),
        ("circuit open after 1 min", new DeliveryInput.CircuitOpened(Stored.AddMinutes(1))),
        ("circuit open after 24 h", new DeliveryInput.CircuitOpened(Stored.AddHours(24))),
    ];

    private static readonly CircuitState[] CircuitStates =
        [CircuitState.Closed.Clean, new CircuitState.Closed(4), new CircuitState.Open(Stored.AddSeconds(30)), CircuitState.HalfOpen.It];

    private static readonly (string Name, CircuitInput Input)[] CircuitInputs =
        [("succeeded", CircuitInput.Succeeded.It), ("failed", new CircuitInput.Failed(Stored)), ("timer", CircuitInput.TimerFired.It)];

    [Fact]
    public void A_delivery_behaves_as_its_table_says()
    {
        var text = new StringBuilder("| Policy | State | Input | Next |\n|---|---|---|---|\n");
        foreach (var (policyName, policy) in Policies)
        {
            foreach (var state in States.Where(s => policy is DeliveryPolicy.Fallback || s is not (DeliveryState.Ready { AtFallback: true } or DeliveryState.Trying { AtFallback: true })))
            {
                foreach (var (name, input) in Inputs)
                {
                    var step = new Delivery(policy, Stored, state).On(input);
                    if (!step.IsIgnored)
                        text.Append(CultureInfo.InvariantCulture, $"| {policyName} | {Of(state)} | {name} | {Of(step.Next.State)} |\n");
                }
            }
        }

        CheckDocument("delivery.md", text.ToString());
    }

    [Fact]
    public void A_circuit_behaves_as_its_table_says()
    {
        var text = new StringBuilder("| State | Input | Next |\n|---|---|---|\n");
        foreach (var state in CircuitStates)
        {
            foreach (var (name, input) in CircuitInputs)
            {
                var step = new Circuit(5, TimeSpan.FromSeconds(30), state).On(input);
                text.Append(CultureInfo.InvariantCulture, $"| {Of(state)} | {name} | {(step.IsIgnored ? "ignored" : Of(step.Next.State))} |\n");
            }
        }

        CheckDocument("circuit.md", text.ToString());
    }

    [Theory]
    [InlineData(200, true, true)]
    [InlineData(204, true, false)]
    [InlineData(302, false, false)]
    [InlineData(0, false, false)]
    public void Until_ok_wants_200_and_everyone_else_any_2xx(int status, bool forOthers, bool untilOk) =>
        Assert.All(Policies, p => Assert.Equal(p.Name == "until ok" ? untilOk : forOthers, new Delivery(p.Policy, Stored, States[0]).IsSuccess(status)));

    [Fact]
    public void The_scatter_fills_its_range_evenly()
    {
        var places = Enumerable.Range(0, 10_000).Select(n => Scatter.Of($"0Nt3uhQ7.{n}.webhook.1", 1 + (n % 7))).ToList();

        Assert.All(places, p => Assert.InRange(p, 0, 0.9999999999999999));
        Assert.All(places.GroupBy(p => (int)(p * 10)), g => Assert.InRange(g.Count(), 850, 1150));
    }

    private static void CheckDocument(string name, string table)
    {
        var path = Path.Combine(Root(), "docs", "machines", name);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            var before = File.ReadAllText(path);
            File.WriteAllText(path, before[..before.IndexOf("| ", StringComparison.Ordinal)] + table);
        }

        Assert.EndsWith("\n\n" + table, File.ReadAllText(path), StringComparison.Ordinal);
    }

    private static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Ready s => $"Ready({s.Attempts} attempts{(s.AtFallback ? ", fallback" : "")})",
        DeliveryState.Trying s => $"Trying(attempt {s.Attempt}{(s.AtFallback ? ", fallback" : "")})",
        DeliveryState.Waiting s => $"Waiting({s.Attempts} attempts, until {Of(s.Until)})",
        DeliveryState.Delivered => "Delivered",
        DeliveryState.Failed => "Failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string Of(CircuitState state) => state switch
    {
        CircuitState.Closed s => $"Closed({s.FailuresInARow} failures)",
        CircuitState.Open s => $"Open(until {Of(s.Until)})",
        CircuitState.HalfOpen => "HalfOpen",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string Of(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round((at - Stored).TotalSeconds, 1)} s");

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Switchhook.slnx")))
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException();
        return at;
    }
}
