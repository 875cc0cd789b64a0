using System.Collections.Immutable;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Resolution;

/// <summary>What this element can send over.</summary>
public sealed record TargetPolicy
{
    /// <summary>Transports that are spoken, the preferred ones first: the order that counts when the far domain expresses none.</summary>
    public ImmutableArray<SipTransportKind> Transports { get; init; } = [SipTransportKind.Udp, SipTransportKind.Tcp];

    /// <summary>Whether IPv4 addresses are asked for.</summary>
    public bool IPv4 { get; init; } = true;

    /// <summary>Whether IPv6 addresses are asked for.</summary>
    public bool IPv6 { get; init; } = true;

    /// <summary>Of a host with both, IPv6 is tried first.</summary>
    public bool PreferIPv6 { get; init; }
}
