using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Media;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Recordings;

/// <summary>The lines of the resource map about recordings. They are read off the disk, where they are for everybody else too.</summary>
internal static class CatapultRecordings
{
    public const string Complete = "complete";
    private const string UnderWay = "recording";
    private const string Saving = "saving";
    private const int CallsAtOnce = 5_000;

    public static readonly ImmutableArray<CatapultOperation> Operations =
    [
        new("GET", "recordings", ListAsync),
        new("GET", "recordings/{recordingId}", ShowAsync),
        new("GET", "calls/{callId}/recordings", OfCallAsync),
        .. CatapultTranscriptions.Operations,
    ];

    /// <summary>Where the recording stands, in the vendor's words.</summary>
    public static string StateOf(KeptRecording recording, CatapultPorts ports)
    {
        if (recording.State == UnderWay)
            return ports.Calls.Find(recording.Call)?.Audio.Recordings.FirstOrDefault(r => r.Number == recording.Number) is { IsStopping: false } ? UnderWay : Saving;
        if (recording.Formats.Contains(FormatOf(recording)))
            return Complete;
        // The MP3 is made of the finished WAV.
        return recording is { BecomesMp3: true, Formats: ["wav"] } ? Saving : "error";
    }

    /// <summary>Every recording of the account's, those of the newest calls first.</summary>
    public static async IAsyncEnumerable<KeptRecording> OfAccountAsync(CatapultAsk ask, CatapultPorts ports, [EnumeratorCancellation] CancellationToken cancellation)
    {
        IReadOnlyList<CallId> calls;
        for (CallId? before = null; (calls = ports.Kept.Shelf.Calls(before, CallsAtOnce)).Count > 0; before = calls[^1])
        {
            foreach (var call in calls)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var recording in ports.Kept.Shelf.Of(call).Reverse())
                {
                    if (await IsOwnAsync(ask, ports, recording, cancellation))
                        yield return recording;
                }
            }
        }
    }

    private static async ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (CatapultPage.Read(ask, "recording", out var page) is { } wrong)
            return wrong;
        List<CatapultMembers> found = [];
        var skip = page.Skip;
        await foreach (var recording in OfAccountAsync(ask, ports, cancellation))
        {
            if (skip-- > 0)
                continue;
            found.Add(Show(ask, ports, recording));
            // One more than the page tells that there is a next.
            if (found.Count > page.Size)
                break;
        }
        return page.Answer(ask, found);
    }

    private static async ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation) =>
        await FindAsync(ask, ports, cancellation) is { } recording ? CatapultAnswer.Of(Show(ask, ports, recording)) : CatapultError.NotFound("recording", ask["recordingId"]);

    private static async ValueTask<CatapultAnswer> OfCallAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        if (missing is not null)
            return missing;
        return CatapultAnswer.Of(ports.Kept.Shelf.Of(call.Leg.Id.Call).Where(r => r.Leg == call.Leg.Id.Number).Select(r => Show(ask, ports, r)));
    }

    /// <summary>The recording of the path, when it is one of the account's.</summary>
    public static async ValueTask<KeptRecording?> FindAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (!CatapultId.TryParse(CatapultId.Recording, ask["recordingId"], out var at))
            return null;
        var recording = ports.Kept.Shelf.Of(at.Call).FirstOrDefault(r => r.Number == at.Number);
        return recording is not null && await IsOwnAsync(ask, ports, recording, cancellation) ? recording : null;
    }

    /// <summary>Recordings say whose they are; of those of before only their calls know.</summary>
    private static async ValueTask<bool> IsOwnAsync(CatapultAsk ask, CatapultPorts ports, KeptRecording recording, CancellationToken cancellation)
    {
        if (!recording.Accounts.IsEmpty)
            return CatapultKept.IsOf(recording, ask.Account.Name);
        return (ports.Calls.Find(recording.Call) ?? await ports.History.FindAsync(recording.Call, cancellation)) is { } call && ask.Sees(call);
    }

    private static CatapultMembers Show(CatapultAsk ask, CatapultPorts ports, KeptRecording recording)
    {
        var state = StateOf(recording, ports);
        return new CatapultMembers
        {
            { "id", CatapultId.Of(CatapultId.Recording, new LegId(recording.Call, recording.Number)) },
            { "startTime", CatapultWords.Time(recording.StartedAt) },
            { "endTime", state is UnderWay or Saving ? null : CatapultWords.Time(recording.StartedAt + recording.Length) },
            { "call", ask.Url($"calls/{CatapultId.Of(new LegId(recording.Call, recording.Leg))}") },
            { "media", ask.Url($"media/{CatapultKept.NameOf(recording, FormatOf(recording))}") },
            { "state", state },
        };
    }

    private static string FormatOf(KeptRecording recording) => recording.BecomesMp3 ? "mp3" : "wav";
}
