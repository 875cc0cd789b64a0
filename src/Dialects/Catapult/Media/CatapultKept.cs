using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Catapult.Media;

/// <summary>An account's own audio: files it has uploaded, and its recordings, which are files like them under names of their own.</summary>
internal sealed class CatapultKept(IMediaStore media, IRecordingShelf shelf)
{
    private const string Users = CatapultApi.Root + "/users/";

    public IMediaStore Media => media;

    public IRecordingShelf Shelf => shelf;

    /// <summary>The media name of a recording: its call's id, its number in the call, and the format.</summary>
    public static string NameOf(KeptRecording recording, string format) =>
        string.Create(CultureInfo.InvariantCulture, $"{CatapultId.Of(new LegId(recording.Call, recording.Leg))}-{recording.Number}.{format}");

    /// <summary>The recording of that media name, when it is one of the account's; null for any other name.</summary>
    public (KeptRecording Recording, string Format)? FindRecording(string account, string name)
    {
        var (dot, dash) = (name.LastIndexOf('.'), name.LastIndexOf('-'));
        if (dash < 1 || dot < dash || !CatapultId.TryParse(CatapultId.Call, name[..dash], out var leg)
            || !int.TryParse(name.AsSpan(dash + 1, dot - dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        var recording = shelf.Of(leg.Call).FirstOrDefault(r => r.Number == number && r.Leg == leg.Number && IsOf(r, account));
        var format = name[(dot + 1)..];
        return recording is not null && recording.Formats.Contains(format) && NameOf(recording, format) == name ? (recording, format) : null;
    }

    /// <summary>True for a recording of a call of the account's.</summary>
    public static bool IsOf(KeptRecording recording, string account) => recording.Accounts.Contains(account, StringComparer.OrdinalIgnoreCase);

    /// <summary>What is played for an address of the account's own media, whatever the host in it; null for any other address.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="user">Its id in addresses.</param>
    /// <param name="url">The address.</param>
    public string? Playable(string account, string user, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            return null;
        var start = $"{Users}{user}/media/";
        if (!address.AbsolutePath.StartsWith(start, StringComparison.Ordinal))
            return null;
        var name = Uri.UnescapeDataString(address.AbsolutePath[start.Length..]);
        return media.Playable(account, name)
            ?? (FindRecording(account, name) is { } found ? shelf.Playable(found.Recording.Call, found.Recording.Number, found.Format) : null);
    }
}
