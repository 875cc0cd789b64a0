namespace Switchhook.Calls.Ports;

/// <summary>How the trunks stand right now; for listings, routing and metrics. Safe from any thread.</summary>
public interface ITrunkStates
{
    /// <summary>Every trunk, by name.</summary>
    IReadOnlyList<TrunkStatus> All();

    /// <summary>One trunk, by name in any letter case; null when it is unknown.</summary>
    TrunkStatus? Of(string trunk);
}

/// <summary>One trunk at one moment.</summary>
public sealed record TrunkStatus
{
    public required string Name { get; init; }

    /// <summary>False when it is known not to work: not registered although it should be, or no host of it answers its probes.</summary>
    public required bool IsUp { get; init; }

    /// <summary>Our registration there.</summary>
    public TrunkRegistrationPhase Registration { get; init; }

    /// <summary>What went wrong last, in words; null while all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>The addresses that were probed.</summary>
    public IReadOnlyList<TrunkPlace> Places { get; init; } = [];
}

/// <summary>One address of a trunk.</summary>
/// <param name="Address">Address and port.</param>
/// <param name="IsUp">Whether it answered the last probe.</param>
public sealed record TrunkPlace(string Address, bool IsUp);

/// <summary>Where a registration of ours stands.</summary>
public enum TrunkRegistrationPhase
{
    /// <summary>The trunk asks for none.</summary>
    None,
    /// <summary>Not registered, and not trying: before the start and after the stop.</summary>
    Unregistered,
    /// <summary>Asked for, not granted yet.</summary>
    Registering,
    /// <summary>Granted; calls can come in.</summary>
    Registered,
    /// <summary>The registrar could not be reached or could not serve us; tried again soon.</summary>
    Waiting,
    /// <summary>The registrar said no, for example to the password; tried again rarely.</summary>
    Refused,
}
