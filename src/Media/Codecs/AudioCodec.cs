namespace Switchhook.Media.Codecs;

/// <summary>The audio codecs a media session speaks, both 8 kHz, one octet a sample (ITU-T G.711, RFC 3551 §4.5.14).</summary>
public enum AudioCodec
{
    /// <summary>G.711 µ-law, static payload type 0.</summary>
    Pcmu,

    /// <summary>G.711 A-law, static payload type 8.</summary>
    Pcma,
}
