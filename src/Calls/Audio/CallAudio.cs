using System.Collections.Immutable;

namespace Switchhook.Calls.Audio;

/// <summary>What is done with a call's audio beyond joining its legs. Lives as long as the program: a call taken up after a crash has none.</summary>
public sealed record CallAudio
{
    /// <summary>Nothing is done.</summary>
    public static readonly CallAudio None = new();

    /// <summary>What is being played, at most one on a leg.</summary>
    public ImmutableArray<Playback> Playbacks { get; init; } = [];

    /// <summary>The keys being gathered; one gather a call.</summary>
    public Gathering? Gather { get; init; }

    /// <summary>Recordings whose file is not closed yet; at most one on a leg goes on, and one beside it.</summary>
    public ImmutableArray<Recording> Recordings { get; init; } = [];

    /// <summary>Legs whose party is not heard.</summary>
    public ImmutableArray<int> Muted { get; init; } = [];

    /// <summary>The conference the call is in.</summary>
    public Place? Seat { get; init; }

    /// <summary>What the party hears that a script has rung, before it is joined.</summary>
    public Whispering? Whisper { get; init; }

    /// <summary>Number of the last playback, from 1.</summary>
    public int LastPlayback { get; init; }

    /// <summary>Number of the last gather, from 1.</summary>
    public int LastGather { get; init; }

    /// <summary>Number of the last recording, from 1.</summary>
    public int LastRecording { get; init; }

    /// <summary>True while the leg is recorded.</summary>
    /// <param name="leg">Which.</param>
    /// <param name="beside">Of the recordings that go on beside others.</param>
    public bool IsRecording(int leg, bool beside = false) => Recordings.Any(r => r.Leg == leg && !r.IsStopping && r.Terms.Beside == beside);

    /// <param name="Leg">Who hears it.</param>
    /// <param name="Number">Its number in the call.</param>
    /// <param name="Tag">The asker's own word for it.</param>
    /// <param name="IsSpeech">A text that is spoken.</param>
    /// <param name="HasStarted">It is heard.</param>
    public sealed record Playback(int Leg, int Number, string? Tag, bool IsSpeech = false, bool HasStarted = false);

    /// <param name="Leg">Whose keys.</param>
    /// <param name="Terms">Which.</param>
    /// <param name="Digits">The keys so far.</param>
    /// <param name="Attempt">How often the prompt was offered, this time included.</param>
    /// <param name="Prompt">The playback of its prompt; null once that is over.</param>
    public sealed record Gathering(int Leg, GatherTerms Terms, string Digits = "", int Attempt = 1, int? Prompt = null)
    {
        /// <summary>Its number in the call.</summary>
        public int Number { get; init; }
    }

    /// <param name="Number">Its number in the call.</param>
    /// <param name="Leg">Whose.</param>
    /// <param name="Terms">What and until when.</param>
    /// <param name="IsPaused">Nothing is written at the moment.</param>
    /// <param name="IsStopping">It was told to end, and its file is being closed.</param>
    /// <param name="IsHungUp">It was, because the leg is gone.</param>
    public sealed record Recording(int Number, int Leg, RecordingTerms Terms, bool IsPaused = false, bool IsStopping = false, bool IsHungUp = false);

    /// <param name="Left">What is still to be played.</param>
    /// <param name="Leg">Who hears it; null while nobody has answered.</param>
    /// <param name="Playback">Number of the one that is played now.</param>
    public sealed record Whispering(ImmutableArray<AudioSource> Left, int? Leg = null, int Playback = 0);

    /// <param name="Room">Where.</param>
    /// <param name="Leg">The leg that sits there.</param>
    /// <param name="Terms">How.</param>
    /// <param name="IsHeld">It neither hears nor is heard.</param>
    public sealed record Place(RoomName Room, int Leg, SeatTerms Terms, bool IsHeld = false);
}
