using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Switchhook.TestKit.Sip;

/// <summary>Sends new INVITEs, each a call of its own, at a rate far beyond what a server takes, and counts the first lines that come back.</summary>
public sealed class InviteFlood : IAsyncDisposable
{
    private const int PerTick = 10;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<int, long> _answers = [];
    private readonly Lock _lock = new();
    private readonly IPEndPoint _server;
    private readonly Task _reading;
    private long _withoutRetryAfter;

    public InviteFlood(IPEndPoint server, IPAddress from)
    {
        _server = server;
        _socket.ReceiveBufferSize = 16 << 20;
        _socket.Bind(new IPEndPoint(from, 0));
        _reading = ReadAsync();
    }

    /// <summary>INVITEs sent so far.</summary>
    public long Sent { get; private set; }

    /// <summary>503 that did not say when to come again.</summary>
    public long WithoutRetryAfter => Interlocked.Read(ref _withoutRetryAfter);

    /// <summary>Responses so far, by status.</summary>
    public IReadOnlyDictionary<int, long> Answers
    {
        get
        {
            lock (_lock)
                return new Dictionary<int, long>(_answers);
        }
    }

    /// <summary>Sends for so long at that rate; what the machine cannot send in time is sent late, not left out.</summary>
    public Task SendAsync(int perSecond, TimeSpan length, string number) => Task.Run(() =>
    {
        var since = TimeProvider.System.GetTimestamp();
        var total = (long)(perSecond * length.TotalSeconds);
        var spin = new SpinWait();
        for (long sent = 0; sent < total;)
        {
            var due = (long)(TimeProvider.System.GetElapsedTime(since).TotalSeconds * perSecond);
            for (var burst = 0; sent < Math.Min(due, total) && burst < PerTick; burst++, sent++)
                SendOne(number);
            spin.SpinOnce();
        }
        Sent += total;
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _reading;
        _stop.Dispose();
    }

    private void SendOne(string number)
    {
        var token = ScriptedPhone.NewToken();
        var local = _socket.LocalEndPoint;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"INVITE sip:{number}@{_server} SIP/2.0\r\nVia: SIP/2.0/UDP {local};branch=z9hG4bK{token};rport\r\nMax-Forwards: 70\r\n" +
            $"From: <sip:flood@{local}>;tag={token}\r\nTo: <sip:{number}@{_server}>\r\nCall-ID: {token}@flood\r\nCSeq: 1 INVITE\r\n" +
            $"Contact: <sip:flood@{local}>\r\nContent-Length: 0\r\n\r\n");
        try
        {
            _socket.SendTo(Encoding.ASCII.GetBytes(text), _server);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.NoBufferSpaceAvailable)
        {
            // Lost on the way, as on any network.
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[65536];
        var any = new IPEndPoint(IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var result = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _stop.Token);
                Count(buffer.AsSpan(0, result.ReceivedBytes));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // The server's socket is gone; the test will say so.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Count(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith("SIP/2.0 "u8) || !int.TryParse(message.Slice(8, 3), CultureInfo.InvariantCulture, out var status))
            return;
        if (status == 503 && message.IndexOf("\r\nRetry-After:"u8) < 0)
            Interlocked.Increment(ref _withoutRetryAfter);
        lock (_lock)
            _answers[status] = _answers.GetValueOrDefault(status) + 1;
    }
}
