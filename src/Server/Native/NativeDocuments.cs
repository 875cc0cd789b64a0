using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Switchhook.Server.Native;

/// <summary>A call. Times are UTC with microseconds, as <c>2026-01-31T08:00:00.000000Z</c>; members without a value are null.</summary>
internal sealed record CallDocument(
    string Id,
    string State,
    OriginDocument Origin,
    PartyDocument Caller,
    string Dialed,
    string CalleeDialed,
    string StartedAt,
    string? RingingAt,
    string? AnsweredAt,
    string? EndedAt,
    int? Cause,
    string? CauseName,
    string? By,
    string? ByDetail,
    string? Tag,
    IReadOnlyList<LegDocument> Legs);

internal sealed record OriginDocument(string Kind, string? Dialect, string? Account, string? ApiExtension);

internal sealed record PartyDocument(string Number, string? Name);

/// <summary>One party's side of a call; <see cref="Hangup"/> is its hangup record once it has ended.</summary>
internal sealed record LegDocument(
    string Id,
    string State,
    string Direction,
    string Role,
    PartyDocument Party,
    string? Extension,
    string? Trunk,
    string? SipCallId,
    string StartedAt,
    string? RingingAt,
    string? AnsweredAt,
    HangupDocument? Hangup);

/// <summary>How one leg ended: written once, the moment it ended.</summary>
internal sealed record HangupDocument(
    string Call,
    string Leg,
    string By,
    string? ByDetail,
    int Cause,
    string CauseName,
    ReceivedDocument? Received,
    SentDocument? Sent,
    string Phase,
    string StartedAt,
    string? RingingAt,
    string? AnsweredAt,
    string EndedAt,
    string? Confirmed,
    MediaDocument? Media);

internal sealed record ReceivedDocument(string Message, int? Status, IReadOnlyList<string> Reasons);

internal sealed record SentDocument(string Message, string? Reason);

internal sealed record MediaDocument(
    long PacketsReceived,
    long PacketsSent,
    long OctetsReceived,
    long OctetsSent,
    long PacketsLost,
    double JitterMs,
    string? LastPacketReceivedAt,
    string? LastPacketSentAt,
    string? Codec,
    string? Prompt,
    double? PromptPositionSeconds);

/// <param name="Total">Calls that match, over all pages.</param>
internal sealed record CallListDocument(IReadOnlyList<CallDocument> Calls, int Page, int PageSize, long Total, string? Next);

internal sealed record TraceDocument(string Call, IReadOnlyList<TraceEntryDocument> Entries);

internal sealed record TraceEntryDocument(string At, string Kind, string Summary, string? Detail);

/// <param name="Id">Stays the same over replays.</param>
/// <param name="Sequence">Number of the event within its call, from 1.</param>
internal sealed record EventDocument(string Id, string Event, int Sequence, string At, string? Leg, HangupDocument? Hangup, SoundDocument? Sound, CallDocument Call);

/// <summary>A request to the account's own server, done or not.</summary>
/// <param name="Id">Stays the same over retries and replays.</param>
/// <param name="State">pending, delivered or failed.</param>
/// <param name="LastOutcome">A status, or the failure's name and detail.</param>
/// <param name="Body">What is sent; null in lists.</param>
internal sealed record WebhookDocument(
    string Id,
    string State,
    string Call,
    string Dialect,
    string Method,
    string Url,
    string CreatedAt,
    int Attempts,
    string? LastAttemptAt,
    string? NextAttemptAt,
    string? LastOutcome,
    string? Body);

/// <param name="Total">Webhooks that match, over all pages.</param>
internal sealed record WebhookListDocument(IReadOnlyList<WebhookDocument> Webhooks, int Page, int PageSize, long Total, string? Next);

/// <summary>RFC 9457, with the failure's name as <see cref="Code"/>.</summary>
internal sealed record ProblemDocument(
    string Type, string Title, int Status, string? Detail, string? Instance, string Code, string? Call, IReadOnlyList<string>? Mistakes);

/// <summary>Body of an originate request.</summary>
/// <param name="To">The number to ring first.</param>
/// <param name="From">The number shown to the called side; with a second number, the first one when left out.</param>
/// <param name="FromName">The name it is shown.</param>
/// <param name="Connect">A second number, rung and joined once the first answers.</param>
/// <param name="Script">A script to run once the first answers. Without script and second number the call stays up until someone acts.</param>
/// <param name="RingTimeSeconds">How long each side may ring; 90 when left out.</param>
/// <param name="MaxDurationSeconds">The longest the call may last.</param>
/// <param name="Tag">Kept with the call and shown with it.</param>
internal sealed record OriginateBody(
    string To,
    string? From,
    string? FromName,
    string? Connect,
    ScriptBody? Script,
    int? RingTimeSeconds,
    int? MaxDurationSeconds,
    string? Tag);

/// <param name="Dialect">The words it is written in; <c>ozeki</c> when left out.</param>
/// <param name="Url">The application's address …</param>
/// <param name="Document">… or the script itself.</param>
internal sealed record ScriptBody(string? Dialect, string? Url, string? Document);

/// <summary>Body of a hangup request; may be left out.</summary>
/// <param name="Cause">Q.850 number; what is normal for the call's state when left out.</param>
/// <param name="Leg">The leg's id; the whole call when left out.</param>
internal sealed record HangupBody(int? Cause, string? Leg);

/// <summary>What to send to whom.</summary>
internal sealed record MessageBody(string To, string Text, string? From);

/// <summary>What became of a message; <see cref="Status"/> is the SIP status of the phone that decided it.</summary>
internal sealed record MessageDocument(string From, string To, string Outcome, int? Status);

internal sealed record HealthDocument(string Status, IReadOnlyDictionary<string, string> Checks);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CallDocument))]
[JsonSerializable(typeof(CallListDocument))]
[JsonSerializable(typeof(TraceDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(MissedDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(MessageDocument))]
[JsonSerializable(typeof(WebhookDocument))]
[JsonSerializable(typeof(WebhookListDocument))]
[JsonSerializable(typeof(OriginateBody))]
[JsonSerializable(typeof(HangupBody))]
[JsonSerializable(typeof(RecordingDocument))]
[JsonSerializable(typeof(RecordingListDocument))]
[JsonSerializable(typeof(PlayBody))]
[JsonSerializable(typeof(SpeakBody))]
[JsonSerializable(typeof(GatherBody))]
[JsonSerializable(typeof(DigitsBody))]
[JsonSerializable(typeof(MuteBody))]
[JsonSerializable(typeof(RecordBody))]
[JsonSerializable(typeof(ConferenceBody))]
[JsonSerializable(typeof(ConferenceListDocument))]
[JsonSerializable(typeof(ConferenceDocument))]
[JsonSerializable(typeof(SuperviseBody))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(string))]
internal sealed partial class NativeJson : JsonSerializerContext
{
    /// <summary>SIP messages are full of quotes and brackets; they stay readable, since nothing here is pasted into HTML.</summary>
    public static NativeJson Shown { get; } =
        new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
