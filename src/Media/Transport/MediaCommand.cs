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
    MediaCommandKind Kind, MediaSession? Session, object? Argument = null, bool Flag = false, long Number = 0, MediaFlow Flow = default, Action? Action = null);
