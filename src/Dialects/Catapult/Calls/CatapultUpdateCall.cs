using System.Collections.Immutable;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>POST calls/{id}: answers, rejects, hangs up, transfers; starts and ends recordings; changes what the call keeps.</summary>
internal static class CatapultUpdateCall
{
    public static async ValueTask<CatapultAnswer> RunAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        if (missing is not null)
            return missing;
        var fields = new CatapultFields("call", ask.Body);
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        var state = fields.Word("state", "active", "rejected", "completed", "transferring");
        CatapultTerms.ReadRecording(fields, details);
        if (state != "transferring")
            CatapultTerms.ReadTag(fields, details);
        var transfer = state == "transferring" ? CatapultTransfer.Read(ask, call, fields) : null;
        if (fields.Mistake is { } mistake)
            return mistake;
        if (call.HasEnded || !Allows(call, state))
            return call.WrongState;
        if (await RecordAsync(ports, call, details, cancellation) is { } refused)
            return refused;
        if (details.Count > 0)
        {
            var kept = await ports.Calls.AskAsync(
                new CallCommand.KeepDetails(call.Call.Id, call.Leg.Id.Number, details.ToImmutableDictionary(static d => d.Key, static d => (string?)d.Value)), cancellation);
            if (!kept.Done)
                return await CatapultRefusals.AnswerAsync(ask, ports, call, kept.Refusal, cancellation);
        }
        return state switch
        {
            "active" when call.State == "active" => CatapultAnswer.Done,
            "active" => await AskAsync(ask, ports, call, new CallCommand.Answer(call.Call.Id), cancellation),
            "rejected" => await HangUpAsync(ask, ports, call, HangupCause.CallRejected, cancellation),
            "completed" => await HangUpAsync(ask, ports, call, null, cancellation),
            "transferring" => await transfer!.RunAsync(ask, ports, cancellation),
            _ => CatapultAnswer.Done,
        };
    }

    /// <summary>The table of transitions: what may be asked of a call that lives, in each state of it.</summary>
    private static bool Allows(CatapultCall call, string? asked) => (call.State, asked) switch
    {
        (_, null or "completed") => true,
        ("started", "active" or "rejected") => call.IsInbound,
        ("active", "active" or "transferring") => true,
        _ => false,
    };

    private static async ValueTask<CatapultAnswer> HangUpAsync(
        CatapultAsk ask, CatapultPorts ports, CatapultCall call, HangupCause? cause, CancellationToken cancellation)
    {
        var reply = await ports.Calls.AskAsync(new CallCommand.HangUp(call.Call.Id, ask.By, cause, call.Leg.Id.Number), cancellation);
        // Another's hangup is under way: what was asked for comes about.
        return reply.Refusal == CallRefusal.HangupInProgress ? CatapultAnswer.Done : await CatapultRefusals.AnswerAsync(ask, ports, call, reply.Refusal, cancellation);
    }

    private static async ValueTask<CatapultAnswer> AskAsync(
        CatapultAsk ask, CatapultPorts ports, CatapultCall call, CallCommand command, CancellationToken cancellation) =>
        await CatapultRefusals.AnswerAsync(ask, ports, call, (await ports.Calls.AskAsync(command, cancellation)).Refusal, cancellation);

    /// <summary>Starts or ends the recording of the party, or has it start with the answer; the failure when that cannot be.</summary>
    private static async ValueTask<CatapultError?> RecordAsync(CatapultPorts ports, CatapultCall call, Dictionary<string, string> details, CancellationToken cancellation)
    {
        var leg = call.Leg.Id.Number;
        var isRecording = call.Call.Audio.IsRecording(leg);
        if (isRecording && details.ContainsKey(CatapultDetail.RecordingMaxDuration))
            return CatapultError.ConflictOf(
                "conflicted-recording-values-request", "Call recoding maximum duration time cannot be changed while recording is been executed!", ("callId", call.Id));
        if (call.State == "started")
            return await AwaitRecordingAsync(ports, call, details, cancellation) ? null : call.WrongState;
        if (!details.TryGetValue(CatapultDetail.RecordingEnabled, out var enabled))
            return null;
        if (enabled == "true")
        {
            var order = CatapultTerms.RecordingOf(leg, name => details.GetValueOrDefault(name) ?? call[name]);
            return (await ports.Calls.AskAsync(new CallCommand.Sound(call.Call.Id, order), cancellation)).Refusal switch
            {
                CallRefusal.None => null,
                CallRefusal.AlreadyRecording => CatapultError.ConflictOf(
                    "conflicted-recording-values-request", "Call recording is been executed already!", ("callId", call.Id)),
                _ => call.WrongState,
            };
        }
        if (call.Call.Audio.Recordings.FirstOrDefault(r => r.Leg == leg && !r.IsStopping) is { } recording)
            await ports.Calls.AskAsync(new CallCommand.Sound(call.Call.Id, new AudioOrder.StopRecording(recording.Number)), cancellation);
        return null;
    }

    /// <summary>The recording that begins with the answer, or none, as the call has it after these changes; false when the call has gone on meanwhile.</summary>
    private static async ValueTask<bool> AwaitRecordingAsync(CatapultPorts ports, CatapultCall call, Dictionary<string, string> details, CancellationToken cancellation)
    {
        if (!details.ContainsKey(CatapultDetail.RecordingEnabled) && (call[CatapultDetail.RecordingEnabled] != "true"
            || !(details.ContainsKey(CatapultDetail.RecordingFileFormat) || details.ContainsKey(CatapultDetail.RecordingMaxDuration))))
            return true;
        string? Detail(string name) => details.GetValueOrDefault(name) ?? call[name];
        AudioOrder order = Detail(CatapultDetail.RecordingEnabled) == "true" ? CatapultTerms.RecordingOf(call.Leg.Id.Number, Detail) : new AudioOrder.StopRecording(null);
        return (await ports.Calls.AskAsync(new CallCommand.AwaitAnswer(call.Call.Id, order), cancellation)).Done;
    }
}
