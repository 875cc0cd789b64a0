namespace Switchhook.Calls.Audio;

/// <summary>Whom a recording hears.</summary>
public enum RecordedSides
{
    /// <summary>The leg's party and everything it hears.</summary>
    Both,
    /// <summary>The leg's party alone.</summary>
    Party,
    /// <summary>What the leg's party hears.</summary>
    Other,
}

/// <summary>The file a recording becomes.</summary>
public enum RecordingFormat
{
    /// <summary>16 bit linear.</summary>
    Wav,
    /// <summary>Made of the WAV file when the recording is over; that stays beside it.</summary>
    Mp3,
}

/// <summary>What to record, and until when.</summary>
public sealed record RecordingTerms
{
    public RecordedSides Sides { get; init; }

    /// <summary>The party left, what it hears right. Only with both sides; else one channel.</summary>
    public bool Stereo { get; init; }

    public RecordingFormat Format { get; init; }

    /// <summary>True for one that goes on beside another of the leg, of which there may be one as well: that of a whole call, say.</summary>
    public bool Beside { get; init; }

    /// <summary>The party being silent for so long ends it; null: never.</summary>
    public TimeSpan? EndSilence { get; init; }

    /// <summary>Mean magnitude of 16-bit samples under which the party counts as silent; null: 50, which the ear does not hear.</summary>
    public int? SilenceLevel { get; init; }

    /// <summary>The longest it may be, pauses not counted; null: four hours.</summary>
    public TimeSpan? MostLength { get; init; }

    /// <summary>Any of these keys of the party ends it.</summary>
    public string EndKeys { get; init; } = "";

    /// <summary>A folder below that of all recordings which gets a copy of the finished file; null: none.</summary>
    public string? Folder { get; init; }

    /// <summary>The asker's own word for it, told with its events.</summary>
    public string? Tag { get; init; }

    /// <summary>True for one a script made, which waits for its end.</summary>
    public bool ForScript { get; init; }

    /// <summary>Who is told of its end besides; null: nobody.</summary>
    public RecordingCallback? Callback { get; init; }

    /// <summary>Who is told of its end when a crash took the script that would have told them; null: nobody.</summary>
    public RecordingCallback? CallbackAfterCrash { get; init; }
}

/// <summary>Where the end of a recording is to be told.</summary>
/// <param name="Dialect">The dialect that tells it.</param>
/// <param name="Url">The address, in that dialect's own meaning.</param>
public sealed record RecordingCallback(string Dialect, string Url);

/// <summary>Why a recording ended.</summary>
public enum RecordingEnding
{
    /// <summary>A command, or the script.</summary>
    Stopped,
    /// <summary>The leg was hung up or left the call.</summary>
    HungUp,
    /// <summary>One of the keys that end it.</summary>
    Key,
    /// <summary>The party was silent for too long.</summary>
    Silence,
    /// <summary>The longest length was reached.</summary>
    Length,
    /// <summary>The file could not be made or written on.</summary>
    Failed,
}

/// <summary>A recording that is over.</summary>
/// <param name="Ending">Why.</param>
/// <param name="Length">How long, pauses not counted.</param>
/// <param name="File">The file's name in the recordings of its call; null when there is none.</param>
/// <param name="Error">What went wrong, if anything.</param>
public sealed record RecordingOutcome(RecordingEnding Ending, TimeSpan Length, string? File, string? Error = null)
{
    /// <summary>When it began; null when nothing was recorded.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}
