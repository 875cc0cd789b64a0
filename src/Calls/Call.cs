using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Calls;

/// <summary>
/// All that happens from the first INVITE or API request to the last hang-up. Immutable: a copy may be read from any thread. What it does
/// next is decided in <c>Call.On</c>.
/// </summary>
public sealed partial record Call
{
    public required CallId Id { get; init; }
    public required CallOrigin Origin { get; init; }

    /// <summary>What the call is to do.</summary>
    public required CallPlan Plan { get; init; }

    /// <summary>The calling party as shown to the called one.</summary>
    public required Party Caller { get; init; }

    /// <summary>The number as the caller or application dialled it.</summary>
    public required string Dialed { get; init; }

    /// <summary>What was dialled toward the callee after routing; the same as <see cref="Dialed"/> where nothing changed it.</summary>
    public required string CalleeDialed { get; init; }

    public ImmutableArray<Leg> Legs { get; init; } = [];
    public required CallState State { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? RingingAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The accounts that may see and command it: the ones its extensions, numbers or request belong to.</summary>
    public ImmutableArray<string> Accounts { get; init; } = [];

    public CallCallbacks Callbacks { get; init; } = CallCallbacks.None;

    /// <summary>What dialects want to be known of the call later, also after a restart: at most one note each.</summary>
    public ImmutableArray<CallNote> Notes { get => field.IsDefault ? [] : field; init; } = [];   // calls of before have none

    /// <summary>Number of the leg on the calling side.</summary>
    public int Near { get; init; } = 1;

    /// <summary>Number of the leg on the called side; 0 while nobody has answered there.</summary>
    public int Far { get; init; }

    /// <summary>The longest it may last once answered.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Set while an application decides the route; of no use once the call is up, so that it is not stored.</summary>
    [JsonIgnore]
    public CallRouting? Routing { get; init; }

    /// <summary>What is done with its audio beyond joining its legs; not kept over a restart.</summary>
    [JsonIgnore]
    public CallAudio Audio { get; init; } = CallAudio.None;

    /// <summary>What is done with its audio as soon as it is answered; what is not possible then is left. Of no use afterwards, so that it is not stored.</summary>
    [JsonIgnore]
    public ImmutableArray<AudioOrder> OnceAnswered { get; init; } = [];

    /// <summary>Number of the last event, from 1.</summary>
    public int Sequence { get; init; }

    /// <summary>True once every leg has ended.</summary>
    public bool HasEnded => State is CallState.Ended;

    /// <summary>Why it ended; null while it lives.</summary>
    public HangupCause? Cause => (State as CallState.Ended)?.Cause ?? (State as CallState.Ending)?.Cause;

    /// <summary>Who ended it; null while it lives.</summary>
    public HangupBy? By => (State as CallState.Ended)?.By ?? (State as CallState.Ending)?.By;

    /// <summary>The leg with that number, or null.</summary>
    public Leg? FindLeg(int number) => number >= 1 && number <= Legs.Length ? Legs[number - 1] : null;

    /// <summary>The note of that dialect, or null.</summary>
    public string? NoteOf(string dialect)
    {
        foreach (var note in Notes)
        {
            if (note.Dialect == dialect)
                return note.Text;
        }
        return null;
    }

    /// <summary>True when the account may see and command the call.</summary>
    public bool IsVisibleTo(string account) => Accounts.Contains(account, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A dialect's own words about a call. They are stored with it and mean nothing to anybody else.</summary>
/// <param name="Dialect">Whose.</param>
/// <param name="Text">Theirs.</param>
public sealed record CallNote(string Dialect, string Text);

/// <summary>Where a call came from.</summary>
public sealed record CallOrigin
{
    public required CallOriginKind Kind { get; init; }

    /// <summary>The dialect that asked for it, when <see cref="Kind"/> is <see cref="CallOriginKind.Api"/>.</summary>
    public string? Dialect { get; init; }

    /// <summary>The account behind it.</summary>
    public string? Account { get; init; }

    /// <summary>The API extension it was placed for or arrived at.</summary>
    public string? ApiExtension { get; init; }
}

/// <summary>The kinds of beginning.</summary>
public enum CallOriginKind
{
    /// <summary>A phone of ours called.</summary>
    Extension,
    /// <summary>A call came over a trunk.</summary>
    Trunk,
    /// <summary>An application asked.</summary>
    Api,
}

/// <summary>Where a call stands.</summary>
public abstract record CallState
{
    /// <summary>Being set up, nobody rings yet.</summary>
    public sealed record Trying : CallState;

    /// <summary>The called side rings.</summary>
    public sealed record Ringing : CallState;

    /// <summary>The parties can talk, or a script or service talks to the one there is.</summary>
    public sealed record Talking : CallState;

    /// <summary>Both parties on hold.</summary>
    public sealed record Held : CallState;

    /// <summary>One party is to leave: its place is being rung elsewhere while the other hears ringing. Both go by their leg's number.</summary>
    public sealed record Transferring(int Transferor, int Remaining) : CallState
    {
        /// <summary>The service or API extension of ours that is to take the one who remains; null while somebody is rung. Of no use after a restart, so that it is not stored.</summary>
        [JsonIgnore]
        public RouteDecision.To? Into { get; init; }
    }

    /// <summary>A hangup is under way and a leg's last message has not left yet.</summary>
    public sealed record Ending(HangupBy By, HangupCause Cause) : CallState;

    /// <summary>Over.</summary>
    public sealed record Ended(HangupBy By, HangupCause Cause) : CallState;

    private CallState() { }
}
