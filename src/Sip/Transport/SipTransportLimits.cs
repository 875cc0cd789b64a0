namespace Switchhook.Sip.Transport;

/// <summary>Bounds of one transport; every one of them is there so that a remote cannot make the process grow.</summary>
public sealed record SipTransportLimits
{
    /// <summary>Datagrams taken from one socket before timers and other sockets get their turn.</summary>
    public int DatagramsPerWake { get; init; } = 128;

    /// <summary>Bytes asked of the kernel for each UDP socket's receive and send buffers.</summary>
    public int SocketBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Open stream connections, accepted and made; a further one is closed at once.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Bytes waiting for a slow stream peer; beyond it the connection is dropped.</summary>
    public int MaxSendQueueBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an accepted connection may take for its first whole message, and any for a message it has begun.</summary>
    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>How long a connection may be silent: longer than the usual hour between two REGISTERs.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(70);
}
