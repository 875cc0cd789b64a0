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
    Close,
}

/// <summary>Something a session's owner asks of its media thread.</summary>
internal readonly record struct MediaCommand(
    MediaCommandKind Kind, MediaSession Session, object? Argument = null, bool Flag = false, long Number = 0, MediaFlow Flow = default);
