using System.Net;
using System.Net.Sockets;

namespace Switchhook.TestKit.Sip;

/// <summary>What a phone sends through and hears from.</summary>
internal interface ISipWire : IAsyncDisposable
{
    IPEndPoint Local { get; }
    Task SendAsync(ReadOnlyMemory<byte> bytes, IPEndPoint to);
    void Start(Action<byte[], IWirePath> received);
}

/// <summary>One UDP socket.</summary>
internal sealed class UdpWire : ISipWire
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;

    public UdpWire(IPEndPoint local)
    {
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.ReceiveBufferSize = 4 << 20;
        _socket.Bind(local);
    }

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, IPEndPoint to)
    {
        // A refused datagram of before is reported on the next send; the phone does not care.
        try
        {
            await _socket.SendToAsync(bytes, SocketFlags.None, to);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            await _socket.SendToAsync(bytes, SocketFlags.None, to);
        }
    }

    /// <summary>True for RTP and RTCP (RFC 3550 §5.1, §6.4): somebody's media whose far side is gone, or who has the port before this one.</summary>
    public static bool IsStray(ReadOnlySpan<byte> datagram) => !datagram.IsEmpty && datagram[0] >> 6 == 2;

    public void Start(Action<byte[], IWirePath> received) => _reading = ReadAsync(received);

    private async Task ReadAsync(Action<byte[], IWirePath> received)
    {
        var buffer = new byte[65536];
        var any = new IPEndPoint(Local.Address, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var result = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _stop.Token);
                if (!IsStray(buffer.AsSpan(0, result.ReceivedBytes)))
                    received(buffer[..result.ReceivedBytes], new UdpPath(this, (IPEndPoint)result.RemoteEndPoint));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // The other end's socket was closed; what was sent to it is lost, as on any network.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _reading;
        _stop.Dispose();
    }

    private sealed record UdpPath(UdpWire Wire, IPEndPoint Remote) : IWirePath
    {
        public Task SendAsync(ReadOnlyMemory<byte> bytes) => Wire.SendAsync(bytes, Remote);
    }
}
