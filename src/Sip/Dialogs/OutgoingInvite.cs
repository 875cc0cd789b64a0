using System.Text;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>One side's address as From and To write it (RFC 3261 §20.20, §20.39).</summary>
/// <param name="Uri">The URI without angle brackets, for example <c>sip:1001@pbx.example</c>.</param>
/// <param name="DisplayName">The name without quotes; null for none.</param>
public sealed record SipAddress(string Uri, string? DisplayName = null);

/// <summary>A call to make (RFC 3261 §13.2.1).</summary>
public sealed record OutgoingInvite
{
    /// <summary>Whom to call; becomes the Request-URI.</summary>
    public required string RequestUri { get; init; }

    /// <summary>Who calls.</summary>
    public required SipAddress From { get; init; }

    /// <summary>Whom the caller means to reach.</summary>
    public required SipAddress To { get; init; }

    /// <summary>The transport and address the INVITE is sent to.</summary>
    public required SipFlow Flow { get; init; }

    /// <summary>
    /// Where it goes next, in order, when it cannot be sent to <see cref="Flow"/>, is not answered there, or is answered 503 before anybody was
    /// reached (RFC 3263 §4.3). Places of another transport or address family are left out.
    /// </summary>
    public IReadOnlyList<SipFlow> Elsewhere { get; init; } = [];

    /// <summary>The user part of our Contact; empty for none.</summary>
    public string ContactUser { get; init; } = "";

    /// <summary>The preloaded Route set (RFC 3261 §8.1.1.1), each with angle brackets: <c>&lt;sip:proxy.example;lr&gt;</c>.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>How far it may go; less than usual when it goes on from an INVITE that came to us (RFC 3261 §16.6 step 3).</summary>
    public int MaxForwards { get; init; } = SipUserAgent.UsualHops;

    /// <summary>Further rows: P-Asserted-Identity, Privacy, Diversion, Alert-Info …</summary>
    public IReadOnlyList<SipHeaderLine> Headers { get; init; } = [];

    /// <summary>The SDP offer; copied. Empty: the far side is to make it, in its 2xx (<see cref="ISessionUser.OnOffer"/>) or before in a reliable response.</summary>
    public ReadOnlyMemory<byte> Offer { get; init; }

    /// <summary>Answers a challenge of the far side, once; null for none.</summary>
    public DigestLogin? Credentials { get; init; }

    /// <summary>The Call-ID to use; null for a new one.</summary>
    public string? CallId { get; init; }

    /// <summary>The session interval to ask for (RFC 4028 §7.1); null for that of <see cref="SipUserAgentOptions"/>, zero for none.</summary>
    public TimeSpan? SessionInterval { get; init; }

    /// <summary>
    /// True when requests inside the call go where the INVITE went, whatever the far side's Contact says: right for phones behind NAT
    /// whose Contact is an address of their own network.
    /// </summary>
    public bool StayOnFlow { get; init; }

    /// <summary>True when Request-URI, From and To can be read as URIs; nothing else can be invited.</summary>
    public bool IsReadable => IsUri(RequestUri) && IsUri(From.Uri) && IsUri(To.Uri);

    private static bool IsUri(string text) => SipUri.TryParse(Encoding.UTF8.GetBytes(text), out _);
}
