namespace Switchhook.Media.Recording;

/// <summary>Whom a recording hears.</summary>
public enum RecordingSides
{
    /// <summary>The far side of the leg.</summary>
    Heard,

    /// <summary>What the far side is played.</summary>
    Sent,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>Why a recording ended.</summary>
public enum RecordingEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>The leg or conference was closed.</summary>
    Closed,

    /// <summary>Another recording of the same leg began.</summary>
    Replaced,

    /// <summary>A key of <see cref="RecordingSettings.EndKeys"/> was pressed.</summary>
    Key,

    /// <summary>The far side was silent for <see cref="RecordingSettings.EndSilence"/>.</summary>
    Silence,

    /// <summary><see cref="RecordingSettings.MostLength"/> was reached.</summary>
    Length,

    /// <summary>The file could not be written on: disk full, say.</summary>
    WriteFailed,
}

/// <summary>What to record, where to, and until when.</summary>
public sealed record RecordingSettings
{
    /// <summary>The file, ending in <c>.wav</c>; its directory is made. A file of that name is replaced. A description of the same name ending in <c>.json</c> goes with it.</summary>
    public required string Path { get; init; }

    /// <summary>Kept in the description.</summary>
    public string? Call { get; init; }

    /// <summary>The accounts that may have it, kept in the description.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Number of the leg in its call; kept in the description unless it is zero.</summary>
    public int Leg { get; init; }

    /// <summary>The words of whoever asked for it, kept in the description for whoever finds it after a crash.</summary>
    public string? Note { get; init; }

    /// <summary>Whatever whoever asked for it wants to find again when it is over.</summary>
    public object? Owner { get; init; }

    /// <summary>Whom to record.</summary>
    public RecordingSides Sides { get; init; } = RecordingSides.Both;

    /// <summary>Far side left, what it is played right; else one channel with both. Only with <see cref="RecordingSides.Both"/>.</summary>
    public bool Stereo { get; init; }

    /// <summary>Samples a second: 8,000 or 16,000; 0: 8,000 for a leg, 16,000 for a conference.</summary>
    public int SampleRateHz { get; init; }

    /// <summary>True for one that goes on beside another of the same leg; each replaces only its like.</summary>
    public bool Beside { get; init; }

    /// <summary>Ends the recording after so much silence of the far side; zero = never.</summary>
    public TimeSpan EndSilence { get; init; }

    /// <summary>Mean magnitude of 16-bit samples under which a frame is silence; 0: what the ear does not hear.</summary>
    public int SilenceLevel { get; init; }

    /// <summary>Longest recording, pauses not counted; zero = four hours.</summary>
    public TimeSpan MostLength { get; init; }

    /// <summary>Keys that end it.</summary>
    public string EndKeys { get; init; } = "";

    /// <summary>
    /// A directory that gets a copy of the finished file: the MP3 where one is wanted and could be made, else the WAV. It is made when it is not
    /// there; the copy comes after the end was told. Null: none.
    /// </summary>
    public string? AlsoIn { get; init; }

    /// <summary>Also makes an MP3 of it at the end, by <c>ffmpeg</c>; the WAV file stays.</summary>
    public bool Mp3 { get; init; }
}
