namespace Switchhook.Sip.Transport;

/// <summary>What carries a message between two SIP elements (RFC 3261 §18, RFC 7118 for WebSocket).</summary>
public enum SipTransportKind
{
    /// <summary>Datagrams: lossy, so the transactions repeat what is not answered.</summary>
    Udp,

    /// <summary>A stream framed by Content-Length (RFC 3261 §18.3).</summary>
    Tcp,

    /// <summary>TLS over TCP (RFC 3261 §26.2.1). Connections are accepted; none are made.</summary>
    Tls,

    /// <summary>WebSocket (RFC 7118). Connections are accepted; none are made.</summary>
    Ws,

    /// <summary>WebSocket over TLS. Connections are accepted; none are made.</summary>
    Wss,
}

/// <summary>Facts about transports that the transactions need.</summary>
public static class SipTransportKinds
{
    /// <summary>True when the transport itself delivers or reports failure, so nothing is repeated (RFC 3261 §17).</summary>
    public static bool IsReliable(this SipTransportKind kind) => kind != SipTransportKind.Udp;

    /// <summary>The port meant when none is written: 5061 over TLS, 5060 otherwise (RFC 3261 §19.1.2).</summary>
    public static int DefaultPort(this SipTransportKind kind) => kind is SipTransportKind.Tls or SipTransportKind.Wss ? 5061 : 5060;

    /// <summary>The name a Via writes: UDP, TCP, TLS, WS, WSS.</summary>
    public static ReadOnlySpan<byte> ViaName(this SipTransportKind kind) => kind switch
    {
        SipTransportKind.Udp => "UDP"u8,
        SipTransportKind.Tcp => "TCP"u8,
        SipTransportKind.Tls => "TLS"u8,
        SipTransportKind.Ws => "WS"u8,
        SipTransportKind.Wss => "WSS"u8,
    };
}
