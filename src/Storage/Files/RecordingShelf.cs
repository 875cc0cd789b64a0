using System.Globalization;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Files;

/// <summary>A directory for each call; in it the files of each recording, and a description beside them.</summary>
public sealed class RecordingShelf(string directory) : IRecordingShelf
{
    private static readonly string[] Formats = ["wav", "mp3"];

    /// <inheritdoc/>
    public IReadOnlyList<KeptRecording> Of(CallId call)
    {
        var folder = Path.Combine(directory, call.ToString());
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFiles(folder, "*.json").Select(path => Read(call, path)).OfType<KeptRecording>().OrderBy(static r => r.Number)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<CallId> Calls(CallId? before, int most)
    {
        if (!Directory.Exists(directory))
            return [];
        return [.. Directory.EnumerateDirectories(directory)
            .Select(static d => CallId.TryParse(Path.GetFileName(d), out var id) ? id : (CallId?)null)
            .OfType<CallId>().Where(id => before is null || id.CompareTo(before.Value) < 0).OrderDescending().Take(most)];
    }

    /// <inheritdoc/>
    public Stream? Open(CallId call, int number, string format)
    {
        try
        {
            return IsFormat(format) ? new FileStream(PathOf(call, number, format), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool Delete(CallId call, int number, string format)
    {
        if (!IsFormat(format))
            return false;
        var path = PathOf(call, number, format);
        try
        {
            if (!File.Exists(path))
                return false;
            File.Delete(path);
            if (!Formats.Any(f => File.Exists(Path.ChangeExtension(path, f))))
                File.Delete(Path.ChangeExtension(path, "json"));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public string? Playable(CallId call, int number, string format) =>
        IsFormat(format) && File.Exists(PathOf(call, number, format)) ? $"{KeptAudio.Recordings}{call}/{KeptAudio.FileOf(call, number, format)}" : null;

    private static bool IsFormat(string format) => Formats.Contains(format, StringComparer.Ordinal);

    private string PathOf(CallId call, int number, string format) =>
        Path.Combine(directory, call.ToString(), KeptAudio.FileOf(call, number, format));

    private static KeptRecording? Read(CallId call, string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var prefix = $"{call}-";
        if (!name.StartsWith(prefix, StringComparison.Ordinal)
            || !int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || name != $"{prefix}{number}")
            return null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var r = json.RootElement;
            var files = Formats.Select(f => (Format: f, Info: new FileInfo(Path.ChangeExtension(path, f)))).Where(static f => f.Info.Exists).ToList();
            var startedAt = DateTimeOffset.TryParse(Word(r, "startedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : (DateTimeOffset?)null;
            return new KeptRecording(
                call, number, (int)(Number(r, "leg") ?? 1), Word(r, "state") ?? "", startedAt, TimeSpan.FromMilliseconds(Number(r, "lengthMs") ?? 0), [.. files.Select(static f => f.Format)])
            {
                Accounts = r.TryGetProperty("accounts", out var accounts) ? [.. accounts.EnumerateArray().Select(static a => a.GetString()!)] : [],
                Sides = Word(r, "sides"),
                Channels = (int)(Number(r, "channels") ?? 0),
                SampleRateHz = (int)(Number(r, "sampleRateHz") ?? 0),
                Ending = Word(r, "end"),
                BecomesMp3 = r.TryGetProperty("mp3", out var mp3) && mp3.ValueKind == JsonValueKind.True,
                Octets = files.ToDictionary(static f => f.Format, static f => f.Info.Length),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            // Being written, or damaged: not there for now.
            return null;
        }
    }

    private static string? Word(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? Number(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
