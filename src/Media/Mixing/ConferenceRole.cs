using Switchhook.Media.Prompts;

namespace Switchhook.Media.Mixing;

/// <summary>How a leg takes part in a conference; routes between two legs may say otherwise.</summary>
public enum ConferenceRole
{
    /// <summary>Hears everybody and is heard by everybody.</summary>
    Member,

    /// <summary>Hears everybody and is heard by nobody: listening in.</summary>
    Listener,

    /// <summary>Hears everybody and is heard only by those a route is set to: whispering.</summary>
    Coach,
}

/// <summary>What a conference is like.</summary>
public sealed record ConferenceOptions
{
    /// <summary>Seats; a leg too many is refused. 1–1,000.</summary>
    public int MostSeats { get; init; } = 200;

    /// <summary>Played to all when somebody comes; null = nothing.</summary>
    public Prompt? JoinTone { get; init; }

    /// <summary>Played to all when somebody goes; null = nothing.</summary>
    public Prompt? LeaveTone { get; init; }

    /// <summary>Played over and over to one who is alone; null = silence.</summary>
    public Prompt? WaitingMusic { get; init; }
}
