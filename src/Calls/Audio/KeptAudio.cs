namespace Switchhook.Calls.Audio;

/// <summary>
/// Names of audio that is kept for an account: uploaded files and recordings, by a word before the name below their directory. Only whoever has
/// checked whose they are may make such a name; one that an application sends is none (<see cref="IsOne"/>).
/// </summary>
public static class KeptAudio
{
    /// <summary>Before a file that an account has uploaded.</summary>
    public const string Media = "media:";

    /// <summary>Before a recording.</summary>
    public const string Recordings = "recordings:";

    /// <summary>True for a name that begins with one of the words.</summary>
    public static bool IsOne(string name) => name.StartsWith(Media, StringComparison.Ordinal) || name.StartsWith(Recordings, StringComparison.Ordinal);
}
