using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Switchhook.TestKit.Sip;

/// <summary>A listener and the connections made from here, over TLS if wished; one per far side is kept and used again.</summary>
internal sealed class TcpWire : ISipWire
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<IPEndPoint, Task<Link>> _dialled = [];
    private readonly List<Link> _links = [];
    private Action<byte[], IWirePath> _received = (_, _) => { };
    private Task _accepting = Task.CompletedTask;

    private readonly bool _tls;

    public TcpWire(IPEndPoint local, bool tls = false)
    {
        _tls = tls;
        _listener = new TcpListener(local);
        _listener.Start();
    }

    public IPEndPoint Local => (IPEndPoint)_listener.LocalEndpoint;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, IPEndPoint to)
    {
        Task<Link> link;
        lock (_lock)
        {
            if (!_dialled.TryGetValue(to, out link!) || (link.IsCompletedSuccessfully && link.Result.IsClosed) || link.IsFaulted)
                _dialled[to] = link = DialAsync(to);
        }
        await (await link).SendAsync(bytes);
    }

    public void Start(Action<byte[], IWirePath> received)
    {
        _received = received;
        _accepting = AcceptAsync();
    }

    /// <summary>Cuts every connection, as a failing network does.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            foreach (var link in _links)
                link.Close();
            _dialled.Clear();
        }
    }

    private async Task<Link> DialAsync(IPEndPoint to)
    {
        var socket = new Socket(Local.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to);
        var stream = new NetworkStream(socket, ownsSocket: true);
        if (!_tls)
            return Open(stream);
        // A phone of a test trusts whom it has called.
        var secure = new SslStream(stream, leaveInnerStreamOpen: false, static (_, shown, _, _) => shown is not null);
        await secure.AuthenticateAsClientAsync(to.Address.ToString());
        return Open(secure);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                Open(new NetworkStream(await _listener.AcceptSocketAsync(_stop.Token), ownsSocket: true));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Closing.
        }
    }

    private Link Open(Stream stream)
    {
        var link = new Link(stream);
        lock (_lock)
            _links.Add(link);
        link.Start(_received, _stop.Token);
        return link;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        foreach (var link in _links)
        {
            await link.Reading;
            link.Dispose();
        }
        _stop.Dispose();
    }

    private sealed class Link(Stream stream) : IWirePath, IDisposable
    {
        private readonly SemaphoreSlim _sending = new(1);

        public Task Reading { get; private set; } = Task.CompletedTask;
        public bool IsClosed { get; private set; }

        public void Start(Action<byte[], IWirePath> received, CancellationToken stop) => Reading = ReadAsync(received, stop);

        public async Task SendAsync(ReadOnlyMemory<byte> bytes)
        {
            await _sending.WaitAsync();
            try
            {
                await stream.WriteAsync(bytes);
            }
            finally
            {
                _sending.Release();
            }
        }

        public void Close()
        {
            IsClosed = true;
            stream.Dispose();
        }

        public void Dispose()
        {
            Close();
            _sending.Dispose();
        }

        private async Task ReadAsync(Action<byte[], IWirePath> received, CancellationToken stop)
        {
            var buffered = new List<byte>();
            var chunk = new byte[65536];
            try
            {
                while (await stream.ReadAsync(chunk, stop) is > 0 and var count)
                {
                    buffered.AddRange(chunk.AsSpan(0, count));
                    while (TakeMessage(buffered) is { } message)
                        received(message, this);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException)
            {
                // Closed from one side or the other.
            }
            Close();
        }

        private static byte[]? TakeMessage(List<byte> buffered)
        {
            while (buffered.Count > 0 && buffered[0] is (byte)'\r' or (byte)'\n')
                buffered.RemoveAt(0);
            var text = Encoding.Latin1.GetString([.. buffered]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                return null;
            var length = text[..end].Split("\r\n")
                .Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) || l.StartsWith("l:", StringComparison.OrdinalIgnoreCase))
                .Select(l => int.Parse(l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), CultureInfo.InvariantCulture)).FirstOrDefault();
            var total = end + 4 + length;
            if (buffered.Count < total)
                return null;
            var message = buffered[..total].ToArray();
            buffered.RemoveRange(0, total);
            return message;
        }
    }
}
