using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Native;

/// <summary><c>GET /switchhook/v1/recordings</c> and its like: recordings as they are on disk, those of a call under way included.</summary>
internal sealed class RecordingsEndpoints(NativePorts ports)
{
    private const int StandardPageSize = 50;
    private const int LargestPageSize = 500;
    private const int MostCallsLookedAt = 5_000;

    /// <param name="call">Only those of this call.</param>
    /// <param name="before">Only those of calls older than this one: the next page.</param>
    public async Task<IResult> ListAsync(HttpContext context, string? call, string? before, string? pageSize)
    {
        var mistakes = new List<string>();
        var size = QueryWords.Number("pageSize", pageSize, StandardPageSize, 1, LargestPageSize, mistakes);
        if (before is not null && !CallId.TryParse(before, out _))
            mistakes.Add("before: must be the id of a call");
        if (mistakes.Count > 0)
            return Problem.BadRequest(mistakes).AsResult();
        if (call is not null)
        {
            return await ports.FindAsync(call, context.Account(), context.RequestAborted) is { } one
                ? Shown(Of(one.Id), null) : Problem.NoSuchCall.AsResult();
        }
        var found = new List<RecordingDocument>();
        string? next = null;
        var older = before is not null && CallId.TryParse(before, out var given) ? given : (CallId?)null;
        foreach (var id in ports.Recordings.Calls(older, MostCallsLookedAt))
        {
            if (await ports.FindAsync(id.ToString(), context.Account(), context.RequestAborted) is null)
                continue;
            found.AddRange(Of(id));
            if (found.Count < size)
                continue;
            next = id.ToString();
            break;
        }
        return Shown(found, next);
    }

    public async Task<IResult> ShowAsync(HttpContext context, string id) =>
        await FindAsync(id, context.Account(), context.RequestAborted) is { } found
            ? TypedResults.Json(found, NativeJson.Shown.RecordingDocument) : NoSuchRecording.AsResult();

    /// <param name="format">wav or mp3; what there is, MP3 first, when left out.</param>
    public async Task<IResult> DownloadAsync(HttpContext context, string id, string? format)
    {
        if (format is not (null or "wav" or "mp3"))
            return Problem.BadRequest("format: must be wav or mp3").AsResult();
        if (await FindAsync(id, context.Account(), context.RequestAborted) is not { } found || !TryRead(id, out var call, out var number))
            return NoSuchRecording.AsResult();
        var wanted = format ?? (found.Formats.Contains("mp3") ? "mp3" : "wav");
        return ports.Recordings.Open(call, number, wanted) is { } file
            ? TypedResults.Stream(file, wanted == "mp3" ? "audio/mpeg" : "audio/wav", $"{id}.{wanted}", enableRangeProcessing: true)
            : NoSuchRecording.AsResult();
    }

    private static Problem NoSuchRecording { get; } = new(404, "no-such-recording", "There is no such recording");

    private static JsonHttpResult<RecordingListDocument> Shown(IReadOnlyList<RecordingDocument> found, string? next) =>
        TypedResults.Json(new RecordingListDocument(found, next), NativeJson.Shown.RecordingListDocument);

    private async Task<RecordingDocument?> FindAsync(string id, Account account, CancellationToken cancellation) =>
        TryRead(id, out var call, out var number) && await ports.FindAsync(call.ToString(), account, cancellation) is not null
            ? Of(call).Find(r => r.Number == number) : null;

    private static bool TryRead(string id, out CallId call, out int number)
    {
        (call, number) = (default, 0);
        var dash = id.LastIndexOf('-');
        return dash > 0 && CallId.TryParse(id[..dash], out call) && int.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && id == $"{call}-{number}";
    }

    private List<RecordingDocument> Of(CallId call) => [.. ports.Recordings.Of(call).Select(static r => new RecordingDocument(
        IdOf(r), r.Call.ToString(), r.Number, r.State, r.StartedAt?.ToString("O", CultureInfo.InvariantCulture), r.Length.TotalSeconds, r.Sides?.ToLowerInvariant(),
        r.Channels, r.SampleRateHz, r.Ending?.ToLowerInvariant(), [.. r.Formats], $"{NativeApi.Root}/recordings/{IdOf(r)}/audio"))];

    private static string IdOf(KeptRecording recording) => string.Create(CultureInfo.InvariantCulture, $"{recording.Call}-{recording.Number}");
}
