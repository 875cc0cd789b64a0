using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Recordings;

/// <summary>
/// Transcriptions of recordings. There is nothing here that transcribes: of a call that wants it each has failed as soon as its recording was
/// complete, and none can be asked for.
/// </summary>
internal static class CatapultTranscriptions
{
    /// <summary>The state of every one.</summary>
    public const string State = "error";

    private const string Resource = "transcription";

    public static readonly ImmutableArray<CatapultOperation> Operations =
    [
        new("GET", "recordings/{recordingId}/transcriptions", ListAsync),
        new("POST", "recordings/{recordingId}/transcriptions", CreateAsync),
        new("GET", "recordings/{recordingId}/transcriptions/{transcriptionId}", ShowAsync),
        new("GET", "calls/{callId}/transcriptions", OfCallAsync),
    ];

    public static string IdOf(CallId call, int recording) => CatapultId.Of(CatapultId.Transcription, new LegId(call, recording));

    /// <summary>True for the recordings of a call that wants them transcribed, where they are of the kind that can be.</summary>
    public static bool Wants(CatapultCall call, bool isMp3) => call[CatapultDetail.TranscriptionEnabled] == "true" && !isMp3;

    private static async ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (await CatapultRecordings.FindAsync(ask, ports, cancellation) is not { } recording)
            return Unknown(ask);
        return CatapultAnswer.Of(await IsTranscribedAsync(ports, recording, cancellation) ? [Show(recording)] : Array.Empty<CatapultMembers>());
    }

    private static async ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (await CatapultRecordings.FindAsync(ask, ports, cancellation) is not { } recording)
            return Unknown(ask);
        return IdOf(recording.Call, recording.Number) == ask["transcriptionId"] && await IsTranscribedAsync(ports, recording, cancellation)
            ? CatapultAnswer.Of(Show(recording)) : CatapultError.NotFound(Resource, ask["transcriptionId"]);
    }

    private static async ValueTask<CatapultAnswer> OfCallAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        if (missing is not null)
            return missing;
        return CatapultAnswer.Of(ports.Kept.Shelf.Of(call.Leg.Id.Call).Where(r => r.Leg == call.Leg.Id.Number && IsTranscribed(ports, call, r)).Select(Show));
    }

    private static async ValueTask<CatapultAnswer> CreateAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var id = ask["recordingId"];
        if (await CatapultRecordings.FindAsync(ask, ports, cancellation) is not { } recording)
            return Unknown(ask);
        if (CatapultRecordings.StateOf(recording, ports) != CatapultRecordings.Complete)
            return CatapultError.ForbiddenOf("invalid-recording-state", $"Cannot transcribe the recording '{id}'. The state must be complete", ("recordingId", id));
        return await IsTranscribedAsync(ports, recording, cancellation)
            ? CatapultError.ConflictOf("duplicate-transcription", $"Cannot create another instance of transcription for the recording '{id}'", ("recordingId", id))
            : CatapultError.UnavailableOf("gateway-unavailable", "There is nothing here that transcribes recordings", ("recordingId", id));
    }

    private static async ValueTask<bool> IsTranscribedAsync(CatapultPorts ports, KeptRecording recording, CancellationToken cancellation) =>
        (ports.Calls.Find(recording.Call) ?? await ports.History.FindAsync(recording.Call, cancellation)) is { } call && call.FindLeg(recording.Leg) is { } leg
        && IsTranscribed(ports, new CatapultCall(call, leg), recording);

    private static bool IsTranscribed(CatapultPorts ports, CatapultCall call, KeptRecording recording) =>
        Wants(call, recording.BecomesMp3) && CatapultRecordings.StateOf(recording, ports) == CatapultRecordings.Complete;

    private static CatapultMembers Show(KeptRecording recording) => new()
    {
        { "id", IdOf(recording.Call, recording.Number) },
        { "state", State },
        { "time", CatapultWords.Time(recording.StartedAt + recording.Length) },
    };

    private static CatapultError Unknown(CatapultAsk ask) => CatapultError.NotFound("recording", ask["recordingId"]);
}
