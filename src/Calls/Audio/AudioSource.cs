namespace Switchhook.Calls.Audio;

/// <summary>What can be played to a party.</summary>
public abstract record AudioSource
{
    /// <summary>A file of the prompt directory; what is wrong with it shows when it is to be played.</summary>
    public sealed record File(string Name) : AudioSource;

    /// <summary>A text spoken; null language or voice means the server's own.</summary>
    public sealed record Speech(string Text, string? Language = null, string? Voice = null) : AudioSource;

    private AudioSource() { }
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
