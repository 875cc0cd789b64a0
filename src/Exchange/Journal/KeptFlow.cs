using System.Net;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Journal;

/// <summary>Where the far side of a kept dialog or INVITE is.</summary>
internal static class KeptFlow
{
    public static string TransportOf(in SipFlow flow) => flow.Kind.ToString();

    public static string RemoteOf(in SipFlow flow) => flow.Remote.ToIPEndPoint().ToString();

    /// <summary>The flow, without a connection: none outlives its process.</summary>
    public static SipFlow? Read(string transport, string remote, int listener) =>
        Enum.TryParse<SipTransportKind>(transport, out var kind) && Enum.IsDefined(kind) && IPEndPoint.TryParse(remote, out var there)
            ? new SipFlow(kind, SipEndpoint.From(there), listener, 0) : null;
}
