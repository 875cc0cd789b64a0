using Switchhook.Calls.Audio;
using Switchhook.Dialects.Catapult.Wire;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>What an application is told when it is asked for a document, or of what became of one: the vendor's events, field by field.</summary>
internal sealed class BxmlEvents(CatapultOptions options, TimeProvider time)
{
    private const string Active = "active";

    public CatapultMembers Of(BxmlCall call, ScriptRequest request) => request.Occasion switch
    {
        ScriptOccasion.IncomingCall => Call(call, "incomingcall", call.From, call.To, null, ("applicationId", call.Application)),
        ScriptOccasion.DtmfEntered => Gathered(call, request),
        ScriptOccasion.RecordCompleted => Recorded(call, request.Recording!, request.Verb?.Tag),
        ScriptOccasion.TransferEnded => Call(call, "transferComplete", (request.Verb as Verb.Transfer)?.Shown is { } shown ? Shown(shown) : call.From, DialedBy(request), request.Verb?.Tag),
        ScriptOccasion.GoTo when request.Verb is { Name: not BxmlScripts.AnswerStep } verb => Call(call, "redirect", call.From, call.To, verb.Tag ?? call.Tag),
        _ => Call(call, "answer", call.From, call.To, call.Tag),
    };

    private CatapultMembers Call(BxmlCall call, string type, string from, string to, string? tag, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var members = new CatapultMembers
        {
            { "eventType", type },
            { "callState", Active },
            { "from", from },
            { "to", to },
            { "callId", CatapultId.Of(call.Leg) },
            { "callUri", UriOf(call) },
            { "tag", tag },
            { "time", CatapultWords.Time(time.GetUtcNow()) },
        };
        foreach (var (name, value) in more)
            members.Add(name, value);
        if (type is "incomingcall" or "answer")
            call.Caller?.AddTo(members);
        return members;
    }

    private CatapultMembers Gathered(BxmlCall call, ScriptRequest request)
    {
        var entry = request.Entry ?? new ScriptEntry("", GatherEnding.Timeout);
        return new CatapultMembers
        {
            { "eventType", "gather" },
            { "state", "completed" },
            { "reason", Reason(entry.Ending) },
            { "digits", entry.Digits },
            { "terminatingDigit", entry.EndKey?.ToString() ?? "" },
            { "tag", request.Verb?.Tag },
            { "gatherId", CatapultId.New(CatapultId.Gather) },
            { "callId", CatapultId.Of(call.Leg) },
            { "callUri", UriOf(call) },
            { "time", CatapultWords.Time(time.GetUtcNow()) },
        };
    }

    private CatapultMembers Recorded(BxmlCall call, ScriptInput.RecordingEnded recording, string? tag)
    {
        var id = CatapultId.Of(CatapultId.Recording, new(call.Leg.Call, recording.Number));
        return new CatapultMembers
        {
            { "eventType", "recording" },
            { "callId", CatapultId.Of(call.Leg) },
            { "recordingId", id },
            { "recordingUri", options.Url(call.User, $"recordings/{id}") },
            { "status", recording.Url is null ? "error" : "complete" },
            { "startTime", CatapultWords.Time(recording.At - recording.Length) },
            { "endTime", CatapultWords.Time(recording.At) },
            { "tag", tag },
        };
    }

    private string UriOf(BxmlCall call) => options.Url(call.User, $"calls/{CatapultId.Of(call.Leg)}");

    private static string Shown(Switchhook.Calls.Party party) => party.IsWithheld ? "private" : party.Number;

    /// <summary>Whom the new leg was rung for: of several the one that answered.</summary>
    private static string DialedBy(ScriptRequest request) =>
        request.Call.FindLeg(request.Call.Far)?.Party.Number ?? (request.Verb as Verb.Transfer)?.Targets.FirstOrDefault() ?? "";

    private static string Reason(GatherEnding ending) => ending switch
    {
        GatherEnding.MaxDigits => "max-digits",
        GatherEnding.EndKey => "terminating-digit",
        GatherEnding.Timeout => "inter-digit-timeout",
        GatherEnding.HungUp => "hung-up",
        GatherEnding.Cancelled => "cancelled",
    };
}
