using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>GET calls/{id}/events and one of them: what happened to the call's party, from the log.</summary>
internal static class CatapultCallLog
{
    /// <summary>Of one event of ours two lines may come: the beginning of a leg that is first seen in it, and what it tells itself.</summary>
    private const int LinesOfEvent = 2;

    public static async ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        return missing is null ? CatapultAnswer.Of((await LinesAsync(ports, call, cancellation)).Select(Show)) : missing;
    }

    public static async ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        if (missing is not null)
            return missing;
        var line = (await LinesAsync(ports, call, cancellation)).FirstOrDefault(l => l.Id == ask["eventId"]);
        return line is null ? CatapultError.NotFound("event", ask["eventId"], "call-event-not-found") : CatapultAnswer.Of(Show(line));
    }

    private static async ValueTask<List<Line>> LinesAsync(CatapultPorts ports, CatapultCall call, CancellationToken cancellation)
    {
        List<Line> lines = [];
        // A leg that an attended transfer brought here began in another call.
        foreach (var leg in call.Leg.From is { } from && from.Call != call.Call.Id ? [from, call.Leg.Id] : (LegId[])[call.Leg.Id])
        {
            var seen = false;
            await foreach (var happened in ports.EventsOfAsync(leg.Call, cancellation))
            {
                if (!seen && happened.Call.FindLeg(leg.Number) is { } first)
                {
                    seen = true;
                    if (first.From is null)
                        lines.Add(new Line(IdOf(happened, 0), first.StartedAt, "create", null));
                }
                if (seen && TextOf(happened, leg) is var (name, data))
                    lines.Add(new Line(IdOf(happened, 1), happened.At, name, data));
            }
        }
        return lines;
    }

    private static string IdOf(CallEvent happened, int line) => CatapultId.Of(CatapultId.Event, new LegId(happened.Call.Id, (happened.Sequence * LinesOfEvent) + line));

    private static CatapultMembers Show(Line line) => new()
    {
        { "id", line.Id },
        { "time", CatapultWords.Time(line.At) },
        { "name", line.Name },
        { "data", line.Data },
    };

    private static (string Name, string? Data)? TextOf(CallEvent happened, LegId leg) => happened switch
    {
        LegAnswered e when e.Leg == leg => ("answer", null),
        PlaybackStarted e when e.Leg == leg => (e.IsSpeech ? "speak" : "playback", "start"),
        PlaybackEnded e when e.Leg == leg && e.HasStarted => (e.IsSpeech ? "speak" : "playback", "done"),
        PlaybackEnded e when e.Leg == leg => ("error", e.Error),
        GatherStarted e when e.Leg == leg => ("gather", "start"),
        GatherEnded e when e.Leg == leg => ("gather", CatapultGather.ReasonOf(e.Ending)),
        RecordingStarted e when e.Leg == leg => ("recording", "start"),
        RecordingEnded e when e.Leg == leg => ("recording", e.Outcome.File is null ? "error" : "complete"),
        DigitHeard e when e.Leg == leg => ("dtmf", e.Key.ToString()),
        ConferenceJoined e when e.Leg == leg => ("bridge", "start"),
        ConferenceLeft e when e.Leg == leg => ("bridge", "done"),
        LegEnded e when e.Record.Leg == leg => ("hangup", HangupCauses.NameOf(e.Record.Cause)),
        _ => null,
    };

    private sealed record Line(string Id, DateTimeOffset At, string Name, string? Data);
}
