using System.Collections.Immutable;

namespace Switchhook.Calls.Audio;

/// <summary>What can be played to a party.</summary>
public abstract record AudioSource
{
    /// <summary>How much louder it is played than it was made, in decibels; negative for quieter.</summary>
    public int GainDb { get; init; }

    /// <summary>A file of the prompt directory; what is wrong with it shows when it is to be played.</summary>
    public sealed record File(string Name) : AudioSource;

    /// <summary>A text spoken; null language or voice means the server's own.</summary>
    public sealed record Speech(string Text, string? Language = null, string? Voice = null) : AudioSource;

    /// <summary>A sound of the exchange's own.</summary>
    public sealed record Builtin(BuiltinSound Sound) : AudioSource;

    /// <summary>Several, one after the other, as one; without one that can be played it cannot be played.</summary>
    public sealed record Sequence(ImmutableArray<AudioSource> Parts) : AudioSource;

    private AudioSource() { }
}

/// <summary>Sounds that need no file.</summary>
public enum BuiltinSound
{
    /// <summary>Half a second, before a recording.</summary>
    Beep,
    /// <summary>For those who wait; to be looped.</summary>
    WaitingMusic,
    /// <summary>Nothing, for a moment: its end is told like any other's.</summary>
    Silence,
    /// <summary>One period of what is heard while the far phone rings, in the configured country; to be looped.</summary>
    Ringing,
    /// <summary>The same when the far phone is busy.</summary>
    Busy,
    /// <summary>The same when the network has no way there.</summary>
    Congestion,
}

/// <summary>How a playback ended.</summary>
public enum PlaybackEnding
{
    /// <summary>It was played to its end.</summary>
    Finished,
    /// <summary>It was stopped, by a command, a key or because the leg was joined to somebody.</summary>
    Stopped,
    /// <summary>Another playback took its place.</summary>
    Replaced,
    /// <summary>The leg was hung up.</summary>
    HungUp,
    /// <summary>The audio could not be found, made or played.</summary>
    Failed,
}
