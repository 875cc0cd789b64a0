using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Switchhook.Webhooks.Tests;

/// <summary>Answers a request, as text, in any way it likes.</summary>
internal delegate Task Answer(string request, Stream connection, CancellationToken stopping);

/// <summary>A server that may misbehave: it reads one request per connection and hands the connection to the test's answer.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Answer _answer;
    private readonly Task _accepting;

    public RawServer(Answer answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Answers every request with the same text.</summary>
    public RawServer(string answer) : this((_, connection, stopping) => SayAsync(connection, answer, stopping))
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/hook";

    public IReadOnlyList<string> Requests => [.. _requests];

    public static string Ok(string body = "") => $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";

    public static string Redirect(int status, string location) =>
        $"HTTP/1.1 {status} Go\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    public static Task SayAsync(Stream connection, string text, CancellationToken stopping) =>
        connection.WriteAsync(Encoding.Latin1.GetBytes(text), stopping).AsTask();

    /// <summary>Never answers.</summary>
    public static Task HangAsync(string request, Stream connection, CancellationToken stopping) =>
        Task.Delay(Timeout.InfiniteTimeSpan, stopping);

    /// <summary>Waits until one more request has been read.</summary>
    public async Task RequestAsync() => Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(20)), "No request came");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
        }
        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var connection = client.GetStream();
                var request = await ReadRequestAsync(connection);
                _requests.Enqueue(request);
                _arrived.Release();
                await _answer(request, connection, _stopping.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
                // The client left, or the test is over.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream connection)
    {
        using var octets = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await connection.ReadAsync(buffer, _stopping.Token);
            octets.Write(buffer, 0, read);
            var text = Encoding.Latin1.GetString(octets.ToArray());
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            var isHttp = text is [>= 'A' and <= 'Z', ..];
            if (read == 0 || !isHttp || (head >= 0 && text.Length >= head + 4 + ContentLength(text)))
                return Encoding.UTF8.GetString(octets.ToArray());
        }
    }

    private static int ContentLength(string request)
    {
        var line = request.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line.AsSpan(15), provider: null);
    }
}
