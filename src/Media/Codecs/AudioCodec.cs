namespace Switchhook.Media.Codecs;

/// <summary>The audio codecs a media session speaks. A frame is 20 ms of any of them.</summary>
public enum AudioCodec
{
    /// <summary>G.711 µ-law, 8 kHz, static payload type 0 (RFC 3551 §4.5.14).</summary>
    Pcmu,

    /// <summary>G.711 A-law, 8 kHz, static payload type 8 (RFC 3551 §4.5.14).</summary>
    Pcma,

    /// <summary>G.722 at 64 kbit/s, 16 kHz of audio under an RTP clock of 8 kHz, static payload type 9 (RFC 3551 §4.5.2).</summary>
    G722,

    /// <summary>Opus, RTP clock 48 kHz, dynamic payload type (RFC 6716, RFC 7587). Needs the library <c>libopus.so.0</c>.</summary>
    Opus,
}
