using System.Collections.Immutable;
using System.Net;

namespace Switchhook.Media.Sdp;

/// <summary>A session description (RFC 8866): the parts a telephone call needs. Other lines are skipped when read.</summary>
public sealed record SdpSession
{
    /// <summary>The <c>o=</c> line: who describes, and which version of which session.</summary>
    public required SdpOrigin Origin { get; init; }

    /// <summary>The <c>s=</c> line; a dash when there is nothing to say.</summary>
    public string Name { get; init; } = "-";

    /// <summary>The address of every media line that has none of its own.</summary>
    public SdpConnection? Connection { get; init; }

    /// <summary>The direction of every media line that has none of its own.</summary>
    public MediaDirection? Direction { get; init; }

    /// <summary>The <c>m=</c> lines in order; an answer has as many as its offer.</summary>
    public ImmutableArray<SdpMedia> Media { get; init; } = [];

    /// <summary>Reads a description. Bare line feeds, missing <c>s=</c> and <c>t=</c>, and unknown lines are tolerated.</summary>
    /// <returns>The first mistake found, or <see cref="SdpError.None"/>; never throws, whatever the octets.</returns>
    public static SdpError TryParse(ReadOnlySpan<byte> text, out SdpSession? session) => SdpParser.TryParse(text, out session);

    /// <summary>The description as octets for a message body, lines ended by CR LF.</summary>
    public byte[] ToBytes() => SdpWriter.Write(this);

    /// <summary>The description as text.</summary>
    public override string ToString() => System.Text.Encoding.UTF8.GetString(ToBytes());
}

/// <summary>The <c>o=</c> line (RFC 8866 §5.2). The numbers are kept as written: some phones use more than 64 bits.</summary>
/// <param name="User">Login of the describing side, or a dash.</param>
/// <param name="SessionId">The same for every version of one session.</param>
/// <param name="Version">One more for each changed description (RFC 3264 §8).</param>
/// <param name="Address">Address of the machine that made it.</param>
public sealed record SdpOrigin(string User, string SessionId, string Version, string Address);

/// <summary>A <c>c=</c> line (RFC 8866 §5.7).</summary>
/// <param name="Text">The address as written.</param>
/// <param name="Address">The address; null when a host name was given, which is never looked up.</param>
public sealed record SdpConnection(string Text, IPAddress? Address)
{
    /// <summary>True for 0.0.0.0 and ::, which ask not to be sent anything (RFC 3264 §8.4).</summary>
    public bool IsNowhere => Address is not null && (Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any));

    internal static SdpConnection Of(IPAddress address) => new(address.ToString(), address);
}
