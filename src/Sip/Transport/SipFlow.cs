using System.Net;

namespace Switchhook.Sip.Transport;

/// <summary>
/// Where messages go to and come from: a transport, the remote endpoint, the listener of ours and, over a stream, the connection
/// (RFC 5626 §3.2 calls this a flow). Sending on the flow of a received message answers the way it came.
/// </summary>
/// <param name="Kind">The transport.</param>
/// <param name="Remote">The remote address and port.</param>
/// <param name="Listener">Index into <see cref="ISipTransport.Listeners"/>, or <see cref="AnyListener"/>: the first that fits.</param>
/// <param name="Connection">The stream connection, or 0: reuse one to this remote, else open one.</param>
public readonly record struct SipFlow(SipTransportKind Kind, SipEndpoint Remote, int Listener, long Connection)
{
    /// <summary>Lets the transport choose the first listener of the same transport and address family.</summary>
    public const int AnyListener = -1;

    /// <summary>A flow toward a destination not heard from yet.</summary>
    public static SipFlow Toward(SipTransportKind kind, IPEndPoint remote) => new(kind, SipEndpoint.From(remote), AnyListener, 0);

    /// <summary>A flow toward a destination not heard from yet.</summary>
    public static SipFlow Toward(SipTransportKind kind, SipEndpoint remote) => new(kind, remote, AnyListener, 0);

    /// <summary>True when the transport delivers or reports failure by itself.</summary>
    public bool IsReliable => Kind.IsReliable();
}
