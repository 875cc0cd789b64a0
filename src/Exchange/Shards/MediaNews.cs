using Switchhook.Calls.Audio;
using Switchhook.Exchange.Running;
using Switchhook.Media.Recording;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>Brings news from media threads to the shard of the leg they are about.</summary>
internal sealed class MediaNews : IMediaSink
{
    /// <summary>Set once the shard exists; news before that concern nobody.</summary>
    public Action<ShardInput>? Post { get; set; }

    /// <summary>A call has its key when it goes down, not when it is let go: a script answers a tenth of a second earlier.</summary>
    public void OnDigitBegan(MediaSession session, char digit)
    {
        if (session.Owner is LegAddress leg)
            Post?.Invoke(new ShardInput.Digit(leg, digit));
    }

    public void OnDigit(MediaSession session, char digit, int durationMs)
    {
        if (session.Owner is LegAddress leg)
            Post?.Invoke(new ShardInput.DigitOver(leg, digit));
    }

    public void OnTone(MediaSession session, double frequencyHz, int durationMs)
    {
        if (session.Owner is LegAddress leg)
            Post?.Invoke(new ShardInput.Tone(leg, frequencyHz, durationMs));
    }

    public void OnPlaybackEnded(MediaSession session, long playback, PlaybackEnd why, TimeSpan position)
    {
        if (session.Owner is LegAddress leg)
            Post?.Invoke(new ShardInput.PlaybackEnded(leg, playback, why));
    }

    public void OnRecordingEnded(MediaRecording recording)
    {
        if (!recording.Settings.Mp3)
            Tell(recording, null);
    }

    public void OnRecordingConverted(MediaRecording recording, string? failure) => Tell(recording, failure);

    public void OnRecordingNotCopied(MediaRecording recording, string failure)
    {
        if (recording.Settings.Owner is RecordingKey key)
            Post?.Invoke(new ShardInput.RecordingNotCopied(key, failure));
    }

    private void Tell(MediaRecording recording, string? failure)
    {
        if (recording.Settings.Owner is not RecordingKey key)
            return;
        var file = recording.Settings.Mp3 && failure is null ? recording.Mp3Path : recording.Path;
        var ending = recording.End switch
        {
            RecordingEnd.None or RecordingEnd.Stopped or RecordingEnd.Replaced => RecordingEnding.Stopped,
            RecordingEnd.Closed => RecordingEnding.HungUp,
            RecordingEnd.Key => RecordingEnding.Key,
            RecordingEnd.Silence => RecordingEnding.Silence,
            RecordingEnd.Length => RecordingEnding.Length,
            RecordingEnd.WriteFailed => RecordingEnding.Failed,
        };
        Post?.Invoke(new ShardInput.RecordingOver(key, new RecordingOutcome(ending, recording.Length, Path.GetFileName(file), failure) { StartedAt = recording.StartedAt }));
    }

    public void OnSilence(MediaSession session, TimeSpan since)
    {
        if (session.Owner is LegAddress leg)
            Post?.Invoke(new ShardInput.Silence(leg));
    }
}
