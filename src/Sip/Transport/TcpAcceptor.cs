using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport.Layers;
using Switchhook.Sip.Transport.Linux;

namespace Switchhook.Sip.Transport;

/// <summary>One listening TCP socket.</summary>
/// <param name="layer">Makes what lies between a connection's bytes and SIP; null for nothing.</param>
internal sealed unsafe class TcpAcceptor(
    int fd, SipListener listener, Epoll epoll, TimerWheel timers, TcpConnections connections, Func<IStreamLayer>? layer)
    : ITimed, IDisposable
{
    private const int AcceptsPerWake = 64;
    private TimerHandle _rest;

    public int Descriptor => fd;

    /// <summary>Accepts what waits. Connections over the bound are closed at once, so that the peer learns it.</summary>
    public int Accept(ISipTransportSink sink)
    {
        var address = stackalloc byte[SocketAddress.MaxLength];
        var handled = 0;
        for (; handled < AcceptsPerWake; handled++)
        {
            var length = SocketAddress.MaxLength;
            var accepted = LibC.Accept4(fd, address, &length, Constants.SockNonBlocking | Constants.SockCloseOnExec);
            if (accepted < 0)
            {
                if (LibC.Errno is Constants.TooManyFiles or Constants.TooManyFilesSystem or Constants.NoMemory or Constants.NoBuffers) Rest(sink);
                else if (LibC.Errno != Constants.TryAgain) continue; // that peer went away before it was accepted
                break;
            }

            if (connections.IsFull)
            {
                _ = LibC.Close(accepted);
                sink.OnDropped(TransportDrop.TooManyConnections);
                continue;
            }

            connections.Accept(accepted, SocketAddress.Read(new ReadOnlySpan<byte>(address, SocketAddress.MaxLength)), listener, layer?.Invoke());
        }

        return handled;
    }

    public void OnTimer(int timer) => epoll.Modify(fd, Constants.EpollIn, listener.Index + 1);

    public void Dispose()
    {
        _ = timers.Cancel(ref _rest);
        _ = LibC.Close(fd);
    }

    /// <summary>Without a file descriptor left the peer cannot even be refused: look away for a second instead of spinning.</summary>
    private void Rest(ISipTransportSink sink)
    {
        sink.OnDropped(TransportDrop.TooManyConnections);
        _ = epoll.Modify(fd, 0, listener.Index + 1);
        timers.Restart(ref _rest, TimeSpan.FromSeconds(1), this, 0);
    }
}
