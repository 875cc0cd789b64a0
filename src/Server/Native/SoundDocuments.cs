namespace Switchhook.Server.Native;

/// <summary>What an event about audio has to say; members without a value are null.</summary>
/// <param name="Digits">The key, or the keys gathered.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="Recording">The recording's id.</param>
internal sealed record SoundDocument(
    string? Digits, string? Reason, string? Error, string? Tag, string? Recording, string? File, double? LengthSeconds, string? Room, string? Role);

/// <param name="State">recording, finished, or recovered when it was put right after a crash.</param>
/// <param name="End">Why it ended.</param>
/// <param name="Url">Its audio.</param>
internal sealed record RecordingDocument(
    string Id, string Call, int Number, string State, string? StartedAt, double LengthSeconds, string? Sides, int Channels, int SampleRateHz, string? End,
    IReadOnlyList<string> Formats, string Url);

/// <param name="Next">What to give as <c>before</c> for the next page; null on the last.</param>
internal sealed record RecordingListDocument(IReadOnlyList<RecordingDocument> Recordings, string? Next);

/// <summary>Body of a play request.</summary>
/// <param name="Action">start or stop; start when left out.</param>
/// <param name="File">A file of the prompt directory.</param>
/// <param name="Tone">In its place: ringing, busy, congestion or beep.</param>
/// <param name="Leg">The leg's id; every party when left out.</param>
internal sealed record PlayBody(string? Action, string? File, string? Tone, string? Leg, bool? Loop, string? Tag);

/// <summary>Body of a speak request.</summary>
internal sealed record SpeakBody(string? Action, string? Text, string? Language, string? Voice, string? Leg, bool? Loop, string? Tag);

/// <summary>Body of a gather request.</summary>
/// <param name="OneTimeout">All keys together have the first time-out.</param>
internal sealed record GatherBody(
    string? Action, string? Leg, int? MaxDigits, int? FirstTimeoutSeconds, int? DigitTimeoutSeconds, bool? OneTimeout, string? EndKeys, PromptBody? Prompt, int? Attempts,
    string? Tag);

/// <summary>Either a file or a text.</summary>
internal sealed record PromptBody(string? File, string? Text, string? Language, string? Voice);

internal sealed record DigitsBody(string Keys, string? Leg);

internal sealed record MuteBody(bool? On, string? Leg);

/// <summary>Body of a record request.</summary>
/// <param name="Action">start, pause, resume or stop.</param>
/// <param name="Recording">The number of one; every one of the call when left out. Not with start.</param>
/// <param name="Sides">both, party or other.</param>
/// <param name="Format">wav or mp3.</param>
internal sealed record RecordBody(
    string? Action, string? Leg, int? Recording, string? Sides, bool? Stereo, string? Format, int? EndSilenceSeconds, int? MaxSeconds, string? EndKeys, string? Tag);

/// <summary>Body of a conference request.</summary>
/// <param name="Action">join, leave, hold or unhold.</param>
/// <param name="Role">member, listener or coach.</param>
/// <param name="CoachOf">The leg that hears the coach.</param>
internal sealed record ConferenceBody(string? Action, string? Room, string? Role, string? CoachOf, bool? Muted, bool? Signals);

/// <summary>The rooms that have members now.</summary>
internal sealed record ConferenceListDocument(IReadOnlyList<ConferenceDocument> Conferences);

/// <summary>A room with its members, in the order of their calls.</summary>
internal sealed record ConferenceDocument(string Room, IReadOnlyList<ConferenceMemberDocument> Members);

/// <param name="Number">The party as the call has it.</param>
/// <param name="Role">member, listener or coach.</param>
/// <param name="Muted">Heard by nobody.</param>
/// <param name="Held">Neither hears nor is heard.</param>
internal sealed record ConferenceMemberDocument(string Call, string Leg, string Number, string Role, bool Muted, bool Held);

/// <summary>Body of a supervise request.</summary>
/// <param name="Call">The live call to listen in on.</param>
/// <param name="Mode">listen, whisper or barge.</param>
/// <param name="Leg">Who hears the whisper; the calling side when left out.</param>
internal sealed record SuperviseBody(string Call, string? Mode, string? Leg);
