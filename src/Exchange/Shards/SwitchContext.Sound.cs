using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Prompts;
using Switchhook.Exchange.Running;
using Switchhook.Media.Recording;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>Prompts that are loaded and files of recordings that are made for commands, off the shard's thread.</summary>
internal sealed partial class SwitchContext
{
    /// <summary>Loads what a command wants played; comes back as <see cref="ShardInput.SoundReady"/>.</summary>
    public void LoadSound(CallId call, CallEffect.PlayAudio play) => Begin(async () =>
    {
        var reply = await AudioAsync(() => Prompts.LoadAsync(play.Source, CancellationToken.None)).ConfigureAwait(false);
        Post(new ShardInput.SoundReady(call, play, reply));
    });

    /// <summary>Makes the file of a recording and begins it; comes back as <see cref="ShardInput.RecordingOpened"/>.</summary>
    public void OpenRecording(CallId call, CallEffect.StartRecording start, MediaSession? session) => Begin(() =>
    {
        MediaRecording? recording = null;
        try
        {
            recording = session?.StartRecording(SettingsOf(call, start));
        }
        finally
        {
            // Without a file there is an error to name, unless the leg has gone meanwhile.
            Post(new ShardInput.RecordingOpened(
                call, start.Recording, recording, recording is null && session is { IsClosed: false } ? Media.LastRecordingFailure ?? "the recording could not be made" : null));
        }
        return Task.CompletedTask;
    });

    /// <summary>Completes what is left of a recording; comes back as <see cref="ShardInput.RecordingOver"/>.</summary>
    public void CloseRecording(CallId call, LeftRecording left) => Begin(async () =>
    {
        var outcome = left.Close();
        if (left.Recording.Terms.Folder is { } folder && FolderOf(call, folder) is { } path && left.CopyTo(path, outcome.File!) is { } failure)
            NotCopied(call, failure);
        // What is told of it names the address it is fetched from.
        await Listening.ConfigureAwait(false);
        Post(new ShardInput.RecordingOver(new RecordingKey(call, left.Recording.Number), outcome));
    });

    /// <summary>Looks in the log for what was not told of recordings of calls that were over before this process began; each comes back as <see cref="ShardInput.Recover"/>.</summary>
    public void FindEnded(IReadOnlyList<CallId> calls, ICallLog log)
    {
        if (calls.Count == 0)
            return;
        Begin(async () =>
        {
            foreach (var id in calls)
            {
                if (await LeftRecordings.OfEndedAsync(RecordingsDirectory, log, id, CancellationToken.None).ConfigureAwait(false) is var (call, recordings))
                    Post(new ShardInput.Recover(call, recordings));
            }
        });
    }

    private RecordingSettings SettingsOf(CallId call, CallEffect.StartRecording start) => new()
    {
        Path = Path.Combine(RecordingsDirectory, call.ToString(), KeptAudio.FileOf(call, start.Recording, "wav")),
        Call = call.ToString(),
        Leg = start.Leg,
        Accounts = Live.TryGetValue(call, out var live) ? live.Accounts : [],
        Owner = new RecordingKey(call, start.Recording),
        Sides = start.Terms.Sides switch
        {
            RecordedSides.Both => RecordingSides.Both,
            RecordedSides.Party => RecordingSides.Heard,
            RecordedSides.Other => RecordingSides.Sent,
        },
        Stereo = start.Terms.Stereo,
        Beside = start.Terms.Beside,
        SilenceLevel = start.Terms.SilenceLevel ?? 0,
        EndSilence = start.Terms.EndSilence ?? TimeSpan.Zero,
        MostLength = start.Terms.MostLength ?? TimeSpan.Zero,
        EndKeys = start.Terms.EndKeys,
        Mp3 = start.Terms.Format == RecordingFormat.Mp3,
        AlsoIn = start.Terms.Folder is { } folder ? FolderOf(call, folder) : null,
        Note = LeftRecordings.NoteOf(start.Terms),
    };

    /// <summary>A folder below the recordings; null for a name or a link that leads out of them.</summary>
    private string? FolderOf(CallId call, string folder)
    {
        var root = ConfinedPath.Root(RecordingsDirectory);
        if (ConfinedPath.Below(root, folder) is { } path && ConfinedPath.IsReallyBelow(root, path))
            return path;
        NotCopied(call, $"'{folder}' is outside the recordings");
        return null;
    }

    /// <summary>A recording stands, and the copy of it that was asked for does not: an operator finds it in the log, and whoever asks about the call in its trace.</summary>
    public void NotCopied(CallId call, string failure)
    {
        Traces.Add(call, new(Now(), "note", $"the recording was not copied: {failure}", null));
        LogNotCopied(call, failure);
    }

    [LoggerMessage(EventName = "RecordingNotCopied", Level = LogLevel.Warning, Message = "a recording of call {Call} was not copied to the folder it was asked for: {Reason}")]
    private partial void LogNotCopied(CallId call, string reason);
}
