namespace Switchhook.Media.Transport;

/// <summary>What a media session tells its owner. Called on a media thread: implementations only post the news somewhere.</summary>
public interface IMediaSink
{
    /// <summary>
    /// A key went down at the far side: once a press, at its first packet (RFC 4733 §2.5.2.2), or when it is known for one in the audio;
    /// before <see cref="OnDigit"/>.
    /// </summary>
    /// <param name="session">Where it was heard.</param>
    /// <param name="digit">0–9, *, #, A–D.</param>
    void OnDigitBegan(MediaSession session, char digit) { }

    /// <summary>A key was pressed at the far side: once a press, when it is over (RFC 4733).</summary>
    /// <param name="session">Where it was heard.</param>
    /// <param name="digit">0–9, *, #, A–D.</param>
    /// <param name="durationMs">How long it was held, milliseconds.</param>
    void OnDigit(MediaSession session, char digit, int durationMs);

    /// <summary>A playback is over: exactly once for each number <see cref="MediaSession.Play"/> returned, except 0.</summary>
    /// <param name="session">Where it was played.</param>
    /// <param name="playback">The number <see cref="MediaSession.Play"/> returned.</param>
    /// <param name="why">How it ended.</param>
    /// <param name="position">How far in, within the prompt.</param>
    void OnPlaybackEnded(MediaSession session, long playback, PlaybackEnd why, TimeSpan position);

    /// <summary>
    /// Nothing valid came for <see cref="MediaOptions.SilenceAfter"/> although the session expects to receive and is not on hold:
    /// once a silence. The clock starts anew with each packet and each <see cref="MediaSession.Configure"/>; an RTCP report
    /// of the far side counts as a sign of life. Checked about once a second.
    /// </summary>
    /// <param name="session">The silent one.</param>
    /// <param name="since">How long nothing came.</param>
    void OnSilence(MediaSession session, TimeSpan since);

    /// <summary>A tone asked for with <see cref="MediaSession.ListenForTones"/> ended at the far side.</summary>
    /// <param name="session">Where it was heard.</param>
    /// <param name="frequencyHz">Which.</param>
    /// <param name="durationMs">How long it was, milliseconds.</param>
    void OnTone(MediaSession session, double frequencyHz, int durationMs) { }

    /// <summary>A recording is over and its WAV file complete: once for each. Called on the thread that writes recordings.</summary>
    /// <param name="recording">Which; <see cref="MediaRecording.End"/> says why.</param>
    void OnRecordingEnded(MediaRecording recording) { }

    /// <summary>The MP3 of a recording that wanted one is made, or not. Called on a thread of its own.</summary>
    /// <param name="recording">Which.</param>
    /// <param name="failure">What went wrong, or null.</param>
    void OnRecordingConverted(MediaRecording recording, string? failure) { }

    /// <summary>The copy that <see cref="Recording.RecordingSettings.AlsoIn"/> asked for was not made; the recording itself stands. Called on a thread of its own.</summary>
    /// <param name="recording">Which.</param>
    /// <param name="failure">What went wrong.</param>
    void OnRecordingNotCopied(MediaRecording recording, string failure) { }
}

/// <summary>How a playback ended.</summary>
public enum PlaybackEnd
{
    /// <summary>The prompt was played to its end.</summary>
    Finished,

    /// <summary>Stopped, replaced by another prompt, or the session was closed.</summary>
    Stopped,

    /// <summary>It never began: the session was closed first.</summary>
    Failed,
}
