using System.Net;

namespace Switchhook.Media.Transport;

/// <summary>The media threads and their ports.</summary>
public sealed class MediaEngine : IDisposable
{
    private readonly MediaOptions _options;

    private MediaEngine(MediaOptions options) => _options = options;

    /// <summary>Starts the media threads.</summary>
    public static MediaEngine Start(MediaOptions options, IMediaSink sink, TimeProvider time)
    {
        _ = (sink, time);
        return new MediaEngine(options);
    }

    /// <summary>Opens a session on a free pair of ports: an even one for RTP and the next for RTCP (RFC 3550 §11).</summary>
    /// <param name="owner">Handed back as <see cref="MediaSession.Owner"/>.</param>
    /// <param name="near">A session this one may be bridged to: it gets the same media thread. Matters with several threads only.</param>
    /// <returns>Null when no port is free.</returns>
    public MediaSession? TryOpen(object? owner, MediaSession? near = null)
    {
        var port = near?.Local.Port + 2 ?? _options.FirstPort;
        return new MediaSession(new IPEndPoint(_options.Address, port), new IPEndPoint(_options.Advertise ?? _options.Address, port), owner);
    }

    /// <summary>Ports in use by open sessions, two each.</summary>
    public int LivePorts { get; }

    /// <summary>Valid RTP packets received by all sessions so far.</summary>
    public long PacketsReceived { get; }

    /// <summary>RTP packets sent by all sessions so far.</summary>
    public long PacketsSent { get; }

    /// <summary>Datagrams refused: other sources, unknown payload types, not RTP.</summary>
    public long Rejected { get; }

    /// <summary>20 ms ticks that came more than 10 ms late.</summary>
    public long LateTicks { get; }

    /// <summary>Packets the system would not send.</summary>
    public long SendFailures { get; }

    /// <summary>Sessions closed because of a mistake in this program; <see cref="LastFault"/> says which.</summary>
    public long Faults { get; }

    /// <summary>The last such mistake, for the log.</summary>
    public Exception? LastFault { get; }

    /// <summary>Stops the threads and closes every socket; open sessions fall silent.</summary>
    public void Dispose() { }
}
