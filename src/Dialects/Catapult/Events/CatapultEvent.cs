using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Recordings;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Events;

/// <summary>The vendor's events about a call, member by member.</summary>
internal sealed class CatapultEvent(CatapultOptions options)
{
    private const string Active = "active";

    public CatapultMembers IncomingCall(CatapultCall call, DateTimeOffset at) => Call(
        "incomingcall", call, Active, at, withTag: false, [("applicationId", call[CatapultDetail.ApplicationId])]);

    public CatapultMembers Answer(CatapultCall call, DateTimeOffset at) => Call("answer", call, Active, at);

    public CatapultMembers Timeout(CatapultCall call, DateTimeOffset at) => Call("timeout", call, null, at);

    public CatapultMembers Hangup(CatapultCall call, HangupCause cause, DateTimeOffset at) =>
        Call("hangup", call, "completed", at, withTag: true, [("cause", HangupCauses.NameOf(cause))]);

    public CatapultMembers Playback(CatapultCall call, bool isSpeech, bool isOver, string? tag, DateTimeOffset at) => new()
    {
        { "eventType", isSpeech ? "speak" : "playback" },
        { "callId", call.Id },
        { "callUri", UriOf(call) },
        { "status", isOver ? "done" : "started" },
        { "state", !isSpeech ? null : isOver ? "PLAYBACK_STOP" : "PLAYBACK_START" },
        { "tag", tag },
        { "time", CatapultWords.Time(at) },
    };

    public CatapultMembers Dtmf(CatapultCall call, DigitHeard heard) => new()
    {
        { "eventType", "dtmf" },
        { "callId", call.Id },
        { "callUri", UriOf(call) },
        { "dtmfDigit", heard.Key.ToString() },
        { "tag", call[CatapultDetail.Tag] },
        { "time", CatapultWords.Time(heard.At) },
    };

    /// <param name="byGet">A GET tells the call's address too.</param>
    public CatapultMembers Gather(CatapultCall call, GatherEnded ended, bool byGet) => new()
    {
        { "eventType", "gather" },
        { "state", "completed" },
        { "reason", CatapultGather.ReasonOf(ended.Ending) },
        { "digits", ended.Digits },
        { "tag", ended.Tag },
        { "callId", call.Id },
        { "callUri", byGet ? UriOf(call) : null },
        { "gatherId", CatapultId.Of(CatapultId.Gather, new LegId(call.Call.Id, ended.Gather)) },
        { "time", CatapultWords.Time(ended.At) },
    };

    /// <param name="byDocument">A document's recording is told with less.</param>
    public CatapultMembers Recording(CatapultCall call, RecordingEnded ended, bool byDocument = false)
    {
        var startedAt = ended.Outcome.StartedAt ?? ended.At - ended.Outcome.Length;
        var id = CatapultId.Of(CatapultId.Recording, new LegId(call.Call.Id, ended.Recording));
        var state = ended.Outcome.File is null ? "error" : "complete";
        return new CatapultMembers
        {
            { "eventType", "recording" },
            { "callId", call.Id },
            { "recordingId", id },
            { "recordingUri", options.Url(UserOf(call), $"recordings/{id}") },
            { "state", byDocument ? null : state },
            { "status", state },
            { "startTime", CatapultWords.Time(startedAt) },
            { "endTime", CatapultWords.Time(startedAt + ended.Outcome.Length) },
            { "tag", byDocument ? ended.Tag : call[CatapultDetail.Tag] },
        };
    }

    /// <summary>Nothing transcribes here; a failure is told by ids and states alone.</summary>
    public CatapultMembers Transcription(CatapultCall call, RecordingEnded ended)
    {
        var (recording, id) = (CatapultId.Of(CatapultId.Recording, new LegId(call.Call.Id, ended.Recording)), CatapultTranscriptions.IdOf(call.Call.Id, ended.Recording));
        return new CatapultMembers
        {
            { "eventType", "transcription" },
            { "transcriptionId", id },
            { "transcriptionUri", options.Url(UserOf(call), $"recordings/{recording}/transcriptions/{id}") },
            { "recordingId", recording },
            { "state", CatapultTranscriptions.State },
            { "status", CatapultTranscriptions.State },
        };
    }

    private CatapultMembers Call(
        string type, CatapultCall call, string? state, DateTimeOffset at, bool withTag = true, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var members = new CatapultMembers
        {
            { "eventType", type },
            { "callState", state },
            { "from", call.From },
            { "to", call.To },
        };
        foreach (var (name, value) in more)
            members.Add(name, value);
        if (type is "incomingcall" or "answer")
            CatapultCaller.Of(call)?.AddTo(members);
        members.Add("callId", call.Id);
        members.Add("callUri", UriOf(call));
        members.Add("tag", withTag ? call[CatapultDetail.Tag] : null);
        members.Add("time", CatapultWords.Time(at));
        return members;
    }

    private string UriOf(CatapultCall call) => options.Url(UserOf(call), $"calls/{call.Id}");

    private static string UserOf(CatapultCall call) => call[CatapultDetail.User] ?? "";
}
