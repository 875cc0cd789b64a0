using System.Globalization;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;

namespace Switchhook.Server.Native;

/// <summary>Calls, records and events in the native API's words.</summary>
internal static class NativeProjection
{
    public static CallDocument ToDocument(this Call call) => new(
        call.Id.ToString(),
        WordOf(call.State),
        new OriginDocument(WordOf(call.Origin.Kind), call.Origin.Dialect, call.Origin.Account, call.Origin.ApiExtension),
        ToDocument(call.Caller),
        call.Dialed,
        call.CalleeDialed,
        Time(call.StartedAt),
        Time(call.RingingAt),
        Time(call.AnsweredAt),
        Time(call.EndedAt),
        (int?)call.Cause,
        call.Cause is { } cause ? HangupCauses.NameOf(cause) : null,
        call.By?.Word,
        call.By?.Detail,
        call.Callbacks.Tag,
        [.. call.Legs.Select(ToDocument)]);

    public static EventDocument ToDocument(this CallEvent happened) => new(
        happened.Id,
        happened.Name,
        happened.Sequence,
        Time(happened.At),
        happened switch
        {
            LegAnswered e => e.Leg.ToString(),
            LegEnded e => e.Record.Leg.ToString(),
            LegMoved e => e.Leg.ToString(),
            LegNoted e => e.Leg.ToString(),
            HangupConfirmed e => e.Leg.ToString(),
            DigitHeard e => e.Leg.ToString(),
            PlaybackStarted e => e.Leg.ToString(),
            PlaybackEnded e => e.Leg.ToString(),
            GatherStarted e => e.Leg.ToString(),
            GatherEnded e => e.Leg.ToString(),
            RecordingStarted e => e.Leg.ToString(),
            RecordingEnded e => e.Leg.ToString(),
            ConferenceJoined e => e.Leg.ToString(),
            ConferenceLeft e => e.Leg.ToString(),
            _ => null,
        },
        happened is LegEnded ended ? ToDocument(ended.Record) : null,
        SoundProjection.ToDocument(happened),
        ToDocument(happened.Call));

    public static TraceEntryDocument ToDocument(this TraceEntry entry) => new(Time(entry.At), entry.Kind, entry.Summary, entry.Detail);

    public static WebhookDocument ToDocument(this OutboxEntry entry, bool withBody) => new(
        entry.Notification.Id,
        WordOf(entry.State),
        entry.Notification.Call.ToString(),
        entry.Notification.Dialect,
        entry.Notification.Request.Method,
        entry.Notification.Request.Url,
        Time(entry.CreatedAt),
        entry.Attempts,
        Time(entry.LastAttemptAt),
        Time(entry.NextAttemptAt),
        entry.LastOutcome,
        withBody ? Encoding.UTF8.GetString(entry.Notification.Request.Body.Span) : null);

    private static LegDocument ToDocument(Leg leg) => new(
        leg.Id.ToString(),
        WordOf(leg.State),
        leg.Direction == LegDirection.Inbound ? "inbound" : "outbound",
        leg.Role == LegRole.Caller ? "caller" : "callee",
        ToDocument(leg.Party),
        leg.Extension,
        leg.Trunk,
        leg.SipCallId,
        Time(leg.StartedAt),
        Time(leg.RingingAt),
        Time(leg.AnsweredAt),
        leg.Record is { } record ? ToDocument(record) : null);

    private static HangupDocument ToDocument(HangupRecord record) => new(
        record.Leg.Call.ToString(),
        record.Leg.ToString(),
        record.By.Word,
        record.By.Detail,
        (int)record.Cause,
        HangupCauses.NameOf(record.Cause),
        record.Received is { } received ? new ReceivedDocument(received.Message, received.Status, received.Reasons) : null,
        record.Sent is { } sent ? new SentDocument(sent.Message, sent.Reason) : null,
        WordOf(record.Phase),
        Time(record.StartedAt),
        Time(record.RingingAt),
        Time(record.AnsweredAt),
        Time(record.EndedAt),
        record.Confirmed is { } confirmation ? WordOf(confirmation) : null,
        record.Media is { } media ? ToDocument(media) : null);

    private static MediaDocument ToDocument(LegMedia media) => new(
        media.PacketsReceived,
        media.PacketsSent,
        media.OctetsReceived,
        media.OctetsSent,
        media.PacketsLost,
        Math.Round(media.JitterMs, 3),
        Time(media.LastPacketReceivedAt),
        Time(media.LastPacketSentAt),
        media.Codec,
        media.Prompt,
        media.PromptPosition?.TotalSeconds);

    private static PartyDocument ToDocument(Party party) => new(party.Number, party.DisplayName);

    private static string WordOf(CallState state) => state switch
    {
        CallState.Trying => "trying",
        CallState.Ringing => "ringing",
        CallState.Talking => "talking",
        CallState.Held => "held",
        CallState.Transferring => "transferring",
        CallState.Ending => "ending",
        CallState.Ended => "ended",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string WordOf(LegState state) => state switch
    {
        LegState.Trying => "trying",
        LegState.Ringing => "ringing",
        LegState.Early => "early",
        LegState.Answered => "answered",
        LegState.Bridged => "bridged",
        LegState.Held => "held",
        LegState.Transferring => "transferring",
        LegState.Ending => "ending",
        LegState.Ended => "ended",
        LegState.Moved => "moved",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string WordOf(OutboxState state) => state switch
    {
        OutboxState.Pending => "pending",
        OutboxState.Delivered => "delivered",
        OutboxState.Failed => "failed",
    };

    private static string WordOf(HangupConfirmation confirmation) => confirmation switch
    {
        HangupConfirmation.Yes => "yes",
        HangupConfirmation.Timeout => "timeout",
        HangupConfirmation.Unreachable => "unreachable",
    };

    private static string WordOf(CallOriginKind kind) => kind switch
    {
        CallOriginKind.Extension => "extension",
        CallOriginKind.Trunk => "trunk",
        CallOriginKind.Api => "api",
    };

    private static string WordOf(LegPhase phase) => phase switch
    {
        LegPhase.Trying => "trying",
        LegPhase.Ringing => "ringing",
        LegPhase.Early => "early",
        LegPhase.Answered => "answered",
        LegPhase.Held => "held",
        LegPhase.Bridged => "bridged",
        LegPhase.Transferring => "transferring",
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? at) => at is { } time ? Time(time) : null;
}
