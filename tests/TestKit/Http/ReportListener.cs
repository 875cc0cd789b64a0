using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Http;

/// <summary>A report as it came: the request's head and its body, octet for octet.</summary>
public sealed record Report(string Head, string Body)
{
    /// <summary>A member of the report; empty when it is not there.</summary>
    public string this[string member]
    {
        get
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.TryGetProperty(member, out var value) ? value.ToString() : "";
        }
    }
}

/// <summary>
/// The report listener a small application has: a bare socket that reads one request a connection and answers 200, another status, or nothing
/// at all.
/// </summary>
public sealed class ReportListener : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Inbox<Report> _inbox = new(capacity: 10_000);
    private readonly Lock _lock = new();
    private readonly List<Report> _all = [];
    private readonly Task _accepting;

    private ReportListener(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is answered; null closes the connection without a word.</summary>
    public int? Status { get; set; } = 200;

    /// <summary>Everything that came, repeats included, oldest first.</summary>
    public IReadOnlyList<Report> All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    /// <param name="port">0 for a free one.</param>
    public static ReportListener Open(int port = 0) => new(port);

    /// <summary>Takes the first report of that kind.</summary>
    public async Task<Report> NextAsync(string action, Func<Report, bool>? wanted = null, TimeSpan? deadline = null) =>
        await _inbox.TakeAsync(r => r["action"] == action && wanted?.Invoke(r) != false, deadline ?? TimeSpan.FromSeconds(30))
        ?? throw new TimeoutException($"No {action}; came: {string.Join("\n", All.Select(r => r.Body))}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        try
        {
            if (await ReadAsync(stream) is not { } report)
                return;
            lock (_lock)
                _all.Add(report);
            _inbox.Add(report);
            if (Status is { } status)
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stopping.Token);
        }
        catch (IOException)
        {
            // The other side went first.
        }
    }

    private async Task<Report?> ReadAsync(NetworkStream stream)
    {
        var octets = new MemoryStream();
        var chunk = new byte[4096];
        while (true)
        {
            var text = Encoding.UTF8.GetString(octets.ToArray());
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end && octets.Length - Encoding.UTF8.GetByteCount(text[..(end + 4)]) >= LengthIn(text[..end]))
                return new Report(text[..end], text[(end + 4)..]);
            if (await stream.ReadAsync(chunk, _stopping.Token) is not (> 0 and var read))
                return null;
            octets.Write(chunk, 0, read);
        }
    }

    private static int LengthIn(string head) => head.Split("\r\n")
        .Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(l => int.Parse(l["Content-Length:".Length..].Trim(), CultureInfo.InvariantCulture)).FirstOrDefault();
}
