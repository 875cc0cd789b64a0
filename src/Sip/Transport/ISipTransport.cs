namespace Switchhook.Sip.Transport;

/// <summary>Moves whole SIP messages; everything but <see cref="Wake"/> belongs to the one thread that polls.</summary>
public interface ISipTransport
{
    /// <summary>The open listening addresses, in the order they were asked for.</summary>
    IReadOnlyList<SipListener> Listeners { get; }

    /// <summary>
    /// Waits for messages, <see cref="Wake"/> or the deadline, hands what arrived to the sink, and returns how much that was.
    /// </summary>
    /// <param name="deadline">A timestamp of the time provider; one in the past does not wait, <see cref="long.MaxValue"/> waits on.</param>
    /// <param name="sink">Receives messages and failures on this thread, before the method returns.</param>
    int Poll(long deadline, ISipTransportSink sink);

    /// <summary>Ends a waiting <see cref="Poll"/>, or the next one. From any thread.</summary>
    void Wake();

    /// <summary>Sends one message, never waiting for the network.</summary>
    SendResult Send(in SipFlow flow, ReadOnlySpan<byte> message);

    /// <summary>
    /// From now on sends CRLF CRLF on a stream connection in this interval, and closes it when no CRLF comes back within 10 s (RFC 5626 §4.4.1).
    /// For connections whose far side is known to answer. False when the flow is no open connection; a zero interval ends it.
    /// </summary>
    bool KeepAlive(in SipFlow flow, TimeSpan interval) => false;

    /// <summary>The listener whose address a message on this flow must name in Via, or null when no listener can carry it.</summary>
    SipListener? ListenerFor(in SipFlow flow);
}

/// <summary>Receives what a transport has to say, on the thread that polls.</summary>
public interface ISipTransportSink
{
    /// <summary>A datagram, or one message of a stream. The bytes are only valid during the call.</summary>
    void OnMessage(in SipFlow flow, ReadOnlySpan<byte> message);

    /// <summary>
    /// The head of a message in a stream whose length is missing, contradictory or too large: what follows cannot be framed and the
    /// connection is about to be closed. It may be refused, never handled (RFC 4475 §3.1.2.3, §3.3.9).
    /// </summary>
    void OnUnframed(in SipFlow flow, ReadOnlySpan<byte> head)
    {
    }

    /// <summary>The remote of this flow cannot be reached, or its connection is gone; messages sent to it may be lost.</summary>
    void OnFailed(in SipFlow flow, TransportFault fault);

    /// <summary>Something was thrown away or refused below the message level.</summary>
    void OnDropped(TransportDrop drop);
}

/// <summary>What became of a message handed to <see cref="ISipTransport.Send"/>.</summary>
public enum SendResult
{
    /// <summary>The kernel has it.</summary>
    Sent,

    /// <summary>It waits for a connection being made or for a slow peer; failure will be reported to the sink.</summary>
    Queued,

    /// <summary>A datagram the kernel had no room for: lost, as if on the way.</summary>
    Lost,

    /// <summary>The network refused at once (no route, refused before, queue over its bound).</summary>
    Unreachable,

    /// <summary>The flow names a connection that no longer exists.</summary>
    ConnectionGone,

    /// <summary>More bytes than a datagram can hold.</summary>
    TooLarge,

    /// <summary>No listener has this transport and address family.</summary>
    NoListener,
}

/// <summary>Why a remote counts as unreachable.</summary>
public enum TransportFault
{
    /// <summary>An ICMP error came back for a datagram, or the network refused a connection.</summary>
    Unreachable,

    /// <summary>Nobody listens there: ICMP port unreachable, or a reset while connecting.</summary>
    Refused,

    /// <summary>A connection was not made in time.</summary>
    ConnectTimedOut,

    /// <summary>The peer closed or reset the connection.</summary>
    ConnectionClosed,

    /// <summary>The peer sent a stream that cannot be framed (RFC 3261 §18.3), so the connection was closed.</summary>
    BadFraming,

    /// <summary>The peer does not read; its connection was closed.</summary>
    QueueOverflow,

    /// <summary>Nothing was heard for too long, or a message was begun and not ended.</summary>
    Idle,
}

/// <summary>What a transport throws away, each for its own counter.</summary>
public enum TransportDrop
{
    /// <summary>CRLF alone, sent to keep a NAT binding open or in answer to our ping: expected, answered where RFC 5626 §4.4.1 asks.</summary>
    KeepAlive,

    /// <summary>A connection beyond <see cref="SipTransportLimits.MaxConnections"/> or without a file descriptor left.</summary>
    TooManyConnections,

    /// <summary>A stream that could not be framed.</summary>
    BadFraming,
}
