using System.Net;
using System.Net.WebSockets;

namespace Switchhook.TestKit.Sip;

/// <summary>One WebSocket to the server, opened with the first message (RFC 7118).</summary>
internal sealed class WebSocketWire(IPEndPoint local, bool tls) : ISipWire
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private Action<byte[], IWirePath> _received = (_, _) => { };
    private ClientWebSocket? _socket;
    private Task _reading = Task.CompletedTask;

    /// <summary>What it names itself; nobody can call there.</summary>
    public IPEndPoint Local { get; } = new(local.Address, 9);

    public void Start(Action<byte[], IWirePath> received) => _received = received;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, IPEndPoint to)
    {
        await _sending.WaitAsync();
        try
        {
            _socket ??= await OpenAsync(to);
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, true, _stop.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket?.Dispose();
        _sending.Dispose();
        _stop.Dispose();
    }

    private async Task<ClientWebSocket> OpenAsync(IPEndPoint to)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("sip");
        // A phone of a test trusts whom it has called.
        socket.Options.RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null;
        await socket.ConnectAsync(new Uri($"{(tls ? "wss" : "ws")}://{to}/"), _stop.Token);
        _reading = ReadAsync(socket, new Path(this, to));
        return socket;
    }

    private async Task ReadAsync(ClientWebSocket socket, IWirePath path)
    {
        var buffer = new byte[65536];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult read;
                do
                {
                    read = await socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                    length += read.Count;
                }
                while (!read.EndOfMessage);
                if (read.MessageType == WebSocketMessageType.Close)
                    return;
                _received(buffer[..length], path);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // Closed from one side or the other.
        }
    }

    private sealed record Path(WebSocketWire Wire, IPEndPoint Server) : IWirePath
    {
        public Task SendAsync(ReadOnlyMemory<byte> bytes) => Wire.SendAsync(bytes, Server);
    }
}
