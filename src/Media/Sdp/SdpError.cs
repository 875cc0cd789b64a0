namespace Switchhook.Media.Sdp;

/// <summary>Why a session description could not be read (RFC 8866 §5).</summary>
public enum SdpError
{
    /// <summary>It was read.</summary>
    None,

    /// <summary>Longer than <see cref="SdpLimits.Octets"/>, or more than <see cref="SdpLimits.Lines"/> lines, or one line too long.</summary>
    TooLong,

    /// <summary>A line is not of the form <c>letter=value</c>.</summary>
    BadLine,

    /// <summary>It does not begin with <c>v=0</c>.</summary>
    BadVersion,

    /// <summary>There is no <c>o=</c> line of six fields before the first <c>m=</c>.</summary>
    BadOrigin,

    /// <summary>A <c>c=</c> line is not <c>IN IP4</c> or <c>IN IP6</c> with an address.</summary>
    BadConnection,

    /// <summary>An <c>m=</c> line lacks a field, a port in range, or formats.</summary>
    BadMedia,

    /// <summary>More media lines or formats in one line than allowed.</summary>
    TooManyMedia,

    /// <summary>An <c>rtpmap</c>, <c>ptime</c> or <c>rtcp</c> attribute of an accepted kind cannot be read.</summary>
    BadAttribute,
}

/// <summary>What a description may cost at most. Ours are under 400 octets; phones rarely pass 3,000.</summary>
public static class SdpLimits
{
    /// <summary>Octets of a whole description.</summary>
    public const int Octets = 16_384;

    /// <summary>Octets of one line.</summary>
    public const int LineOctets = 1_024;

    /// <summary>Lines of a whole description.</summary>
    public const int Lines = 512;

    /// <summary>Media lines.</summary>
    public const int Media = 16;

    /// <summary>Formats in one media line.</summary>
    public const int Formats = 64;
}
