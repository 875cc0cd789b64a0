namespace Switchhook.Media.Sdp;

/// <summary>Why an offer and answer came to no audio (RFC 3264 §6, §7). A refused offer is SIP 488.</summary>
public enum NegotiationError
{
    /// <summary>They agreed.</summary>
    None,

    /// <summary>No <c>m=audio</c> line, or only refused ones.</summary>
    NoAudio,

    /// <summary>Audio only over something that is not plain <c>RTP/AVP</c>.</summary>
    UnsupportedTransport,

    /// <summary>No codec in common.</summary>
    NoCommonCodec,

    /// <summary>No address, or one that is a host name.</summary>
    NoAddress,

    /// <summary>The answer has other media lines than the offer.</summary>
    MediaMismatch,
}
