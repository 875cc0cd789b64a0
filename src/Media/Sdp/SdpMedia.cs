using System.Collections.Immutable;

namespace Switchhook.Media.Sdp;

/// <summary>One <c>m=</c> line and what follows it (RFC 8866 §5.14).</summary>
public sealed record SdpMedia
{
    /// <summary><c>audio</c>, <c>video</c>, <c>image</c> …</summary>
    public required string Kind { get; init; }

    /// <summary>Where media is wanted; 0 refuses or ends this media line (RFC 3264 §6).</summary>
    public required int Port { get; init; }

    /// <summary><c>RTP/AVP</c> for plain RTP.</summary>
    public required string Protocol { get; init; }

    /// <summary>The formats, the most wanted first.</summary>
    public required ImmutableArray<SdpFormat> Formats { get; init; }

    /// <summary>Its own address; else the session's counts.</summary>
    public SdpConnection? Connection { get; init; }

    /// <summary>Its own direction; else the session's counts, else both ways.</summary>
    public MediaDirection? Direction { get; init; }

    /// <summary>Milliseconds of audio wanted in a packet (RFC 8866 §6.4).</summary>
    public int? PacketTimeMs { get; init; }

    /// <summary>Port for RTCP when it is not the next one (RFC 3605).</summary>
    public int? RtcpPort { get; init; }

    /// <summary>Address for RTCP when it is another one (RFC 3605).</summary>
    public SdpConnection? RtcpConnection { get; init; }
}

/// <summary>One format of a media line with its <c>rtpmap</c> and <c>fmtp</c>.</summary>
/// <param name="Token">As written in the <c>m=</c> line.</param>
/// <param name="PayloadType">The token as an RTP payload type; null when it is none.</param>
/// <param name="Encoding">Encoding name; filled in for the static types 0, 8 and 9, null when unknown.</param>
/// <param name="ClockRateHz">RTP clock rate; 0 when unknown.</param>
/// <param name="Parameters">The <c>fmtp</c> value, or null.</param>
public sealed record SdpFormat(string Token, byte? PayloadType, string? Encoding, int ClockRateHz, string? Parameters)
{
    /// <summary>Channels named in the <c>rtpmap</c>; 1 when it says nothing.</summary>
    public int Channels { get; init; } = 1;

    internal bool Is(string encoding, int clockRateHz) =>
        PayloadType is not null && ClockRateHz == clockRateHz && encoding.Equals(Encoding, StringComparison.OrdinalIgnoreCase);
}
