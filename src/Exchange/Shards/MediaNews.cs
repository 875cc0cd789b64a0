using Switchhook.Exchange.Running;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>Brings news from media threads to the shard of the leg they are about.</summary>
internal sealed class MediaNews : IMediaSink
{
    /// <summary>Set once the shard exists; news before that concern nobody.</summary>
    public Action<ShardInput>? Post { get; set; }

    public void OnDigit(MediaSession session, char digit, int durationMs)
    {
        if (session.Owner is LegAddress leg)
            Post?.Invoke(new ShardInput.Digit(leg, digit));
    }

    public void OnPlaybackEnded(MediaSession session, long playback, PlaybackEnd why, TimeSpan position)
    {
        if (session.Owner is LegAddress leg)
            Post?.Invoke(new ShardInput.PlaybackEnded(leg, playback, why));
    }

    public void OnSilence(MediaSession session, TimeSpan since)
    {
        if (session.Owner is LegAddress leg)
            Post?.Invoke(new ShardInput.Silence(leg));
    }
}
