using Switchhook.Sip.Transport.Linux;

namespace Switchhook.Sip.Transport;

/// <summary>One bound UDP socket. ICMP errors come back through its error queue, each naming the remote it is about.</summary>
internal sealed unsafe class UdpSocket(int fd, SipListener listener, int datagramsPerWake) : IDisposable
{
    private const int SendAttempts = 8;
    private const int OriginIcmp = 2;
    private const int OriginIcmp6 = 3;

    public int Descriptor => fd;

    /// <summary>Hands the datagrams that wait to the sink, up to the bound; the rest stays for the next wake.</summary>
    public int Receive(Span<byte> buffer, ISipTransportSink sink)
    {
        var address = stackalloc byte[SocketAddress.MaxLength];
        var handled = 0;
        fixed (byte* bytes = buffer)
        {
            while (handled < datagramsPerWake)
            {
                var addressLength = SocketAddress.MaxLength;
                var length = (int)LibC.ReceiveFrom(fd, bytes, buffer.Length, Constants.MessageDontWait, address, &addressLength);
                if (length < 0)
                {
                    if (LibC.Errno is Constants.TryAgain) break;
                    handled++; // interrupted, or an ICMP error reported in place of a datagram: its details are in the error queue
                    continue;
                }

                handled++;
                var remote = SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.MaxLength));
                Deliver(buffer[..length], remote, sink);
            }
        }

        return handled;
    }

    public SendResult Send(SipEndpoint remote, ReadOnlySpan<byte> message)
    {
        var address = stackalloc byte[SocketAddress.MaxLength];
        var addressLength = SocketAddress.Write(remote, new Span<byte>(address, SocketAddress.MaxLength));
        fixed (byte* bytes = message)
        {
            // An ICMP error about an earlier datagram, perhaps to somebody else, is reported by failing this call; so ask again.
            for (var attempt = 0; attempt < SendAttempts; attempt++)
            {
                if (LibC.SendTo(fd, bytes, message.Length, Constants.MessageDontWait | Constants.MessageNoSignal, address, addressLength) >= 0)
                    return SendResult.Sent;

                switch (LibC.Errno)
                {
                    case Constants.TryAgain or Constants.NoBuffers or Constants.NoMemory:
                        return SendResult.Lost;
                    case Constants.MessageTooLong:
                        return SendResult.TooLarge;
                }
            }
        }

        return SendResult.Unreachable;
    }

    /// <summary>Empties the error queue and reports the remotes whose hosts or networks answered with an ICMP error.</summary>
    public int DrainErrors(ISipTransportSink sink)
    {
        const int ControlLength = 512;
        var address = stackalloc byte[SocketAddress.MaxLength];
        var control = stackalloc byte[ControlLength];
        var payload = stackalloc byte[1];
        var vector = new LibC.IoVector { Base = payload, Length = 1 };
        var reported = 0;
        for (var i = 0; i < datagramsPerWake; i++)
        {
            var header = new LibC.MessageHeader
            {
                Name = address,
                NameLength = SocketAddress.MaxLength,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlLength,
            };
            if (LibC.ReceiveMessage(fd, &header, Constants.MessageErrorQueue | Constants.MessageDontWait) < 0) break;

            var remote = SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.MaxLength));
            if (FaultOf(new ReadOnlySpan<byte>(control, (int)header.ControlLength)) is not { } fault) continue;

            sink.OnFailed(new SipFlow(listener.Kind, remote, listener.Index, 0), fault);
            reported++;
        }

        // Whatever is still pending without an entry in the queue would keep the socket "in error".
        _ = NativeSocket.TakeError(fd);
        return reported;
    }

    public void Dispose() => _ = LibC.Close(fd);

    private void Deliver(ReadOnlySpan<byte> datagram, SipEndpoint remote, ISipTransportSink sink)
    {
        // Phones behind NAT send CRLF, or a lone NUL, to keep their binding open.
        if (datagram.IndexOfAnyExcept((byte)'\r', (byte)'\n', (byte)0) < 0) sink.OnDropped(TransportDrop.KeepAlive);
        else sink.OnMessage(new SipFlow(listener.Kind, remote, listener.Index, 0), datagram);
    }

    /// <summary>Reads struct sock_extended_err out of the first control message; null for what is no verdict on the remote.</summary>
    private static TransportFault? FaultOf(ReadOnlySpan<byte> control)
    {
        const int HeaderLength = 16;
        if (control.Length < HeaderLength + 8) return null;

        var errno = BitConverter.ToInt32(control[HeaderLength..]);
        var origin = control[HeaderLength + 4];
        if (origin is not (OriginIcmp or OriginIcmp6)) return null;

        return errno switch
        {
            Constants.ConnectionRefused => TransportFault.Refused,
            Constants.MessageTooLong => null, // path MTU learned: the repeat is fragmented
            _ => TransportFault.Unreachable,
        };
    }
}
