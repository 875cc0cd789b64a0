using Switchhook.Media.Sdp;

namespace Switchhook.Media.Transport;

internal enum MediaCommandKind
{
    Attach,
    Configure,
    Bridge,
    Unbridge,
    Play,
    StopPlaying,
    SendDigits,
    SetEcho,
    SetHold,
    SetMute,
    Close,
    Record,
    Conference,
    Listen,
}

/// <summary>Something a session's or a conference's owner asks of its media thread; without a session the argument is the conference.</summary>
internal readonly record struct MediaCommand(
    MediaCommandKind Kind, MediaSession? Session, object? Argument = null, bool Flag = false, long Number = 0, MediaFlow Flow = default, Action? Action = null)
{
    /// <summary>
    /// False for what makes no difference before the next packet or tick, by which the thread is awake and takes its commands first. Most calls
    /// need nothing else, and waking a thread costs more than the commands do.
    /// </summary>
    public bool Wakes => Kind switch
    {
        MediaCommandKind.Play or MediaCommandKind.SendDigits or MediaCommandKind.Record or MediaCommandKind.Conference => true,
        MediaCommandKind.Attach => Flag,                    // its sockets wake another thread until this one has them
        _ => false,
    };
}
