using System.Globalization;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Running;

/// <summary>A recording whose end the process before this one has not told.</summary>
/// <param name="Recording">As it was asked for.</param>
/// <param name="Path">Its WAV file, which can be read.</param>
/// <param name="Length">How long it became.</param>
internal sealed record LeftRecording(CallAudio.Recording Recording, string Path, TimeSpan Length)
{
    /// <summary>When it began, where that can be told.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Makes what it was to become; may take a while.</summary>
    public RecordingOutcome Close()
    {
        var isMp3 = Recording.Terms.Format == RecordingFormat.Mp3;
        var failure = isMp3 ? RecordingFiles.MakeMp3(Path) : null;
        var file = isMp3 && failure is null ? System.IO.Path.ChangeExtension(Path, ".mp3") : Path;
        return new RecordingOutcome(RecordingEnding.HungUp, Length, System.IO.Path.GetFileName(file), failure) { StartedAt = StartedAt };
    }

    /// <summary>Puts a copy of what it became into another folder.</summary>
    /// <returns>Null, or why there is none.</returns>
    public string? CopyTo(string folder, string name)
    {
        try
        {
            _ = Directory.CreateDirectory(folder);
            File.Copy(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, name), System.IO.Path.Combine(folder, name), overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{folder}: {e.Message}";
        }
    }
}

/// <summary>What was being recorded when the process before this one died, found again by the descriptions beside the files.</summary>
internal static class LeftRecordings
{
    /// <summary>A description is a few hundred octets.</summary>
    private const long MostOctets = 65_536;

    private const int MostCalls = 10_000, EventsOfPage = 500;

    /// <summary>What is kept of the terms with the file; null when there is nothing to tell anybody by.</summary>
    public static string? NoteOf(RecordingTerms terms) => terms is { Tag: null, Callback: null, CallbackAfterCrash: null, Beside: false, Folder: null } ? null
        : JsonSerializer.Serialize(new Note(terms.Tag, terms.Callback ?? terms.CallbackAfterCrash, terms.Beside, terms.Folder));

    /// <summary>The recordings of a live call whose end was not told: those that were under way, and those without the file they were to become.</summary>
    /// <param name="directory">Where recordings are; they are readable already.</param>
    /// <param name="call">The call as the log has it.</param>
    public static IReadOnlyList<LeftRecording> Of(string directory, Call call)
    {
        var folder = Path.Combine(directory, call.Id.ToString());
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFiles(folder, "*.json").Select(path => Read(call, path)).OfType<LeftRecording>().OrderBy(static r => r.Recording.Number)];
    }

    /// <summary>Calls with such a recording, the newest first, but those that are known to be up; a name that is no recording's is passed over.</summary>
    public static IReadOnlyList<CallId> CallsOf(IEnumerable<string> descriptions, IEnumerable<CallId> up) =>
        [.. descriptions.Select(static d => CallId.TryParse(Path.GetFileName(Path.GetDirectoryName(d)) ?? "", out var call) ? call : (CallId?)null)
            .OfType<CallId>().Distinct().Except(up).OrderDescending().Take(MostCalls)];

    /// <summary>
    /// A call that was over when the process before this one died, with the recordings whose end it did not come to tell; null when there are none,
    /// and when the log does not have the end of the call any more.
    /// </summary>
    public static async Task<(UnfinishedCall Call, IReadOnlyList<LeftRecording> Recordings)?> OfEndedAsync(string directory, ICallLog log, CallId id, CancellationToken cancellation)
    {
        var filter = new EventFilter { Call = id };
        HashSet<int> told = [];
        CallEvent? last = null;
        var hasEnd = false;
        for (var (after, end) = (0L, log.LastCursor()); after < end;)
        {
            var page = await log.ReadAsync(after, EventsOfPage, filter, cancellation).ConfigureAwait(false);
            foreach (var (_, happened) in page.Events)
            {
                last = happened;
                hasEnd |= happened is CallEnded;
                if (happened is RecordingEnded over)
                    told.Add(over.Recording);
            }
            if (page.Through <= after)
                break;
            after = page.Through;
        }
        if (!hasEnd || Of(directory, last!.Call).Where(r => !told.Contains(r.Recording.Number)).ToList() is not { Count: > 0 } left)
            return null;
        return (new UnfinishedCall(last.Call, last.Sequence, new Dictionary<LegId, string>()), left);
    }

    /// <summary>A call's audio with those recordings in it.</summary>
    public static CallAudio AudioOf(IReadOnlyList<LeftRecording> left) => left.Count == 0 ? CallAudio.None
        : new CallAudio { Recordings = [.. left.Select(static l => l.Recording)], LastRecording = left[^1].Recording.Number };

    private static LeftRecording? Read(Call call, string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostOctets
                || !int.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan($"{call.Id}-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return null;
            using var description = JsonDocument.Parse(File.ReadAllBytes(path));
            var r = description.RootElement;
            var (wav, isMp3) = (Path.ChangeExtension(path, ".wav"), r.TryGetProperty("mp3", out var mp3) && mp3.ValueKind == JsonValueKind.True);
            var wasOpen = r.GetProperty("state").GetString() == RecordingFiles.Recovered;
            var leg = r.TryGetProperty("leg", out var of) ? of.GetInt32() : 1;
            if (!File.Exists(wav) || call.FindLeg(leg) is null || !(wasOpen || (isMp3 && !File.Exists(Path.ChangeExtension(path, ".mp3")))))
                return null;
            var note = r.TryGetProperty("note", out var kept) ? JsonSerializer.Deserialize<Note>(kept.GetString()!) : null;
            var terms = new RecordingTerms
            {
                Format = isMp3 ? RecordingFormat.Mp3 : RecordingFormat.Wav,
                Beside = note?.Beside ?? false,
                Tag = note?.Tag,
                Callback = note?.Callback,
                Folder = note?.Folder,
            };
            return new LeftRecording(new CallAudio.Recording(number, leg, terms), wav, TimeSpan.FromMilliseconds(r.GetProperty("lengthMs").GetInt64()))
            {
                StartedAt = r.TryGetProperty("startedAt", out var began) && began.TryGetDateTimeOffset(out var startedAt) ? startedAt : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException)
        {
            // Damaged: what can be heard of it is on the shelf all the same.
            return null;
        }
    }

    private sealed record Note(string? Tag, RecordingCallback? Callback, bool Beside, string? Folder = null);
}
