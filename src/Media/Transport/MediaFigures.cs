using System.Net;

namespace Switchhook.Media.Transport;

/// <summary>The figures of one media session. Each is exact; they may be a packet apart from each other while media flows.</summary>
public sealed record MediaFigures
{
    /// <summary>Valid RTP packets received.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Their payload, octets without RTP headers (RFC 3550 §6.4.1).</summary>
    public long OctetsReceived { get; init; }

    /// <summary>RTP packets sent.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Their payload, octets.</summary>
    public long OctetsSent { get; init; }

    /// <summary>Packets that never came, by sequence number; late duplicates can make it negative (RFC 3550 §6.4.1).</summary>
    public long PacketsLost { get; init; }

    /// <summary>Interarrival jitter, milliseconds (RFC 3550 §6.4.1).</summary>
    public double JitterMs { get; init; }

    /// <summary>Packets the far side says it lost, from its last RTCP report; null without one.</summary>
    public long? RemoteLost { get; init; }

    /// <summary>Jitter the far side reports, milliseconds; null without a report.</summary>
    public double? RemoteJitterMs { get; init; }

    /// <summary>Datagrams refused: other sources, unknown payload types, not RTP.</summary>
    public long Rejected { get; init; }

    /// <summary>When the last valid packet came; null = none.</summary>
    public DateTimeOffset? LastReceived { get; init; }

    /// <summary>When the last packet was sent; null = none.</summary>
    public DateTimeOffset? LastSent { get; init; }

    /// <summary>The source media is accepted from; null before the first valid packet.</summary>
    public IPEndPoint? Latched { get; init; }

    /// <summary>Name of the prompt being played, or being played when the session was closed; else null.</summary>
    public string? Prompt { get; init; }

    /// <summary>How far into <see cref="Prompt"/>.</summary>
    public TimeSpan PromptPosition { get; init; }
}
