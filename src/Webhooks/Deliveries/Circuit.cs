namespace Switchhook.Webhooks.Deliveries;

/// <summary>
/// Whether a target gets requests. After so many failures in a row it gets none for a while, then one as a probe, whose outcome decides.
/// The table is docs/machines/circuit.md.
/// </summary>
/// <param name="Failures">Failures in a row that open it.</param>
/// <param name="Pause">How long it stays open.</param>
/// <param name="State">Where it stands.</param>
internal sealed record Circuit(int Failures, TimeSpan Pause, CircuitState State)
{
    public Circuit(int failures, TimeSpan pause) : this(failures, pause, CircuitState.Closed.Clean) { }

    public CircuitStep On(CircuitInput input) => (State, input) switch
    {
        // A request that began before the circuit opened may still show that the target works.
        (_, CircuitInput.Succeeded) => Go(CircuitState.Closed.Clean),
        (CircuitState.Closed s, CircuitInput.Failed) when s.FailuresInARow + 1 < Failures => Go(new CircuitState.Closed(s.FailuresInARow + 1)),
        (CircuitState.Closed or CircuitState.HalfOpen, CircuitInput.Failed i) => Go(new CircuitState.Open(i.At + Pause)),
        (CircuitState.Open, CircuitInput.TimerFired) => Go(CircuitState.HalfOpen.It),
        _ => new CircuitStep(this, IsIgnored: true),
    };

    private CircuitStep Go(CircuitState next) => new(this with { State = next }, IsIgnored: false);
}

internal abstract record CircuitState
{
    /// <summary>Requests go out.</summary>
    public sealed record Closed(int FailuresInARow) : CircuitState
    {
        public static readonly Closed Clean = new(0);
    }

    /// <summary>None go out before that time.</summary>
    public sealed record Open(DateTimeOffset Until) : CircuitState;

    /// <summary>One may go out.</summary>
    public sealed record HalfOpen : CircuitState
    {
        public static readonly HalfOpen It = new();
    }

    private CircuitState() { }
}

internal abstract record CircuitInput
{
    /// <summary>The target answered, be it with a refusal.</summary>
    public sealed record Succeeded : CircuitInput
    {
        public static readonly Succeeded It = new();
    }

    /// <summary>No answer came, or one that says the target is broken or overrun.</summary>
    public sealed record Failed(DateTimeOffset At) : CircuitInput;

    /// <summary>The pause is over.</summary>
    public sealed record TimerFired : CircuitInput
    {
        public static readonly TimerFired It = new();
    }

    private CircuitInput() { }
}

internal readonly record struct CircuitStep(Circuit Next, bool IsIgnored);
