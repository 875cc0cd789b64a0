using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchhook.Calls;
using Switchhook.Calls.Directory;

namespace Switchhook.Server.Native;

/// <summary><c>GET /switchhook/v1/recordings</c> and its like: recordings as they are on disk, those of a call under way included.</summary>
internal sealed class RecordingsEndpoints(NativePorts ports)
{
    private static readonly string[] Formats = ["wav", "mp3"];

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
        foreach (var id in Calls(before))
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
        if (await FindAsync(id, context.Account(), context.RequestAborted) is not { } found || !TryRead(id, out var call, out _))
            return NoSuchRecording.AsResult();
        var wanted = format ?? (found.Formats.Contains("mp3") ? "mp3" : "wav");
        var path = Path.Combine(ports.RecordingsDirectory, call.ToString(), $"{id}.{wanted}");
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return TypedResults.Stream(file, wanted == "mp3" ? "audio/mpeg" : "audio/wav", $"{id}.{wanted}", enableRangeProcessing: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NoSuchRecording.AsResult();
        }
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

    /// <summary>Calls with recordings, newest first.</summary>
    private List<CallId> Calls(string? before)
    {
        var last = before is not null && CallId.TryParse(before, out var given) ? given : (CallId?)null;
        if (!Directory.Exists(ports.RecordingsDirectory))
            return [];
        return [.. Directory.EnumerateDirectories(ports.RecordingsDirectory)
            .Select(static d => CallId.TryParse(Path.GetFileName(d), out var id) ? id : (CallId?)null)
            .OfType<CallId>().Where(id => last is null || id.CompareTo(last.Value) < 0).OrderDescending().Take(MostCallsLookedAt)];
    }

    private List<RecordingDocument> Of(CallId call)
    {
        var directory = Path.Combine(ports.RecordingsDirectory, call.ToString());
        if (!Directory.Exists(directory))
            return [];
        return [.. Directory.EnumerateFiles(directory, "*.json").Select(path => Read(call, path)).OfType<RecordingDocument>().OrderBy(static r => r.Number)];
    }

    private static RecordingDocument? Read(CallId call, string path)
    {
        var id = Path.GetFileNameWithoutExtension(path);
        if (!TryRead(id, out var of, out var number) || of != call)
            return null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var r = json.RootElement;
            var formats = Formats.Where(f => File.Exists(Path.ChangeExtension(path, f))).ToList();
            return new RecordingDocument(
                id, call.ToString(), number, Word(r, "state") ?? "", Word(r, "startedAt"), Number(r, "lengthMs") / 1000d, Word(r, "sides")?.ToLowerInvariant(),
                (int)Number(r, "channels"), (int)Number(r, "sampleRateHz"), Word(r, "end")?.ToLowerInvariant(), formats, $"{NativeApi.Root}/recordings/{id}/audio");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // Being written, or damaged: not there for now.
            return null;
        }
    }

    private static string? Word(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Number(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
