using System.Globalization;

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

    /// <summary>The name of a recording's file, below the directory of its call.</summary>
    /// <param name="call">Of which call.</param>
    /// <param name="number">The recording's number in the call.</param>
    /// <param name="suffix"><c>wav</c>, <c>mp3</c>, or <c>json</c> for its description.</param>
    public static string FileOf(CallId call, int number, string suffix) => string.Create(CultureInfo.InvariantCulture, $"{call}-{number}.{suffix}");

    /// <summary>True for a name that begins with one of the words.</summary>
    public static bool IsOne(string name) => name.StartsWith(Media, StringComparison.Ordinal) || name.StartsWith(Recordings, StringComparison.Ordinal);
}
