using Switchhook.Calls.Audio;
using Switchhook.Calls.Events;

namespace Switchhook.Server.Native;

/// <summary>Events about audio in the native API's words.</summary>
internal static class SoundProjection
{
    private static readonly SoundDocument Nothing = new(null, null, null, null, null, null, null, null, null);

    /// <summary>Null for an event that is about something else.</summary>
    public static SoundDocument? ToDocument(CallEvent happened) => happened switch
    {
        DigitHeard e => Nothing with { Digits = e.Key.ToString() },
        PlaybackStarted e => Nothing with { Tag = e.Tag },
        GatherStarted e => Nothing with { Tag = e.Tag },
        PlaybackEnded e => Nothing with { Reason = WordOf(e.Ending), Error = e.Error, Tag = e.Tag },
        GatherEnded e => Nothing with { Digits = e.Digits, Reason = WordOf(e.Ending), Tag = e.Tag },
        RecordingStarted e => Nothing with { Recording = $"{e.Call.Id}-{e.Recording}", Tag = e.Tag },
        RecordingEnded e => Nothing with
        {
            Recording = $"{e.Call.Id}-{e.Recording}",
            Reason = WordOf(e.Outcome.Ending),
            Error = e.Outcome.Error,
            File = e.Outcome.File,
            LengthSeconds = e.Outcome.Length.TotalSeconds,
            Tag = e.Tag,
        },
        ConferenceJoined e => Nothing with { Room = e.Room.Name, Role = WordOf(e.Role) },
        ConferenceLeft e => Nothing with { Room = e.Room.Name, Reason = WordOf(e.Why) },
        _ => null,
    };

    private static string WordOf(PlaybackEnding ending) => ending switch
    {
        PlaybackEnding.Finished => "finished",
        PlaybackEnding.Stopped => "stopped",
        PlaybackEnding.Replaced => "replaced",
        PlaybackEnding.HungUp => "hung-up",
        PlaybackEnding.Failed => "failed",
    };

    private static string WordOf(GatherEnding ending) => ending switch
    {
        GatherEnding.MaxDigits => "max-digits",
        GatherEnding.EndKey => "end-key",
        GatherEnding.Timeout => "timeout",
        GatherEnding.HungUp => "hung-up",
        GatherEnding.Cancelled => "cancelled",
    };

    private static string WordOf(RecordingEnding ending) => ending switch
    {
        RecordingEnding.Stopped => "stopped",
        RecordingEnding.HungUp => "hung-up",
        RecordingEnding.Key => "key",
        RecordingEnding.Silence => "silence",
        RecordingEnding.Length => "length",
        RecordingEnding.Failed => "failed",
    };

    private static string WordOf(MemberRole role) => role switch
    {
        MemberRole.Member => "member",
        MemberRole.Listener => "listener",
        MemberRole.Coach => "coach",
    };

    private static string WordOf(ConferenceLeaving why) => why switch
    {
        ConferenceLeaving.Left => "left",
        ConferenceLeaving.HungUp => "hung-up",
        ConferenceLeaving.Joined => "joined",
        ConferenceLeaving.Closed => "closed",
        ConferenceLeaving.Failed => "failed",
    };
}
