namespace Switchhook.Media.Sdp;

/// <summary>Which way media flows, seen from the describing side (RFC 8866 §6.7, RFC 3264 §5.1).</summary>
[Flags]
public enum MediaDirection
{
    /// <summary>No media either way; reports still flow.</summary>
    Inactive = 0,

    /// <summary>The describing side sends and does not want to receive.</summary>
    SendOnly = 1,

    /// <summary>The describing side receives and does not send.</summary>
    RecvOnly = 2,

    /// <summary>Both ways; what a description without the attribute means.</summary>
    SendRecv = SendOnly | RecvOnly,
}

/// <summary>The arithmetic of directions in offers and answers (RFC 3264 §6.1).</summary>
public static class MediaDirections
{
    /// <summary>The same direction seen from the other side: sending becomes receiving.</summary>
    public static MediaDirection Reversed(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => MediaDirection.RecvOnly,
        MediaDirection.RecvOnly => MediaDirection.SendOnly,
        MediaDirection.SendRecv => MediaDirection.SendRecv,
        MediaDirection.Inactive => MediaDirection.Inactive,
    };

    /// <summary>True when the describing side may send.</summary>
    public static bool MaySend(this MediaDirection direction) => (direction & MediaDirection.SendOnly) != 0;

    /// <summary>True when the describing side wants to receive.</summary>
    public static bool MayReceive(this MediaDirection direction) => (direction & MediaDirection.RecvOnly) != 0;

    internal static string Word(this MediaDirection direction) => direction switch
    {
        MediaDirection.SendOnly => "sendonly",
        MediaDirection.RecvOnly => "recvonly",
        MediaDirection.SendRecv => "sendrecv",
        MediaDirection.Inactive => "inactive",
    };
}
