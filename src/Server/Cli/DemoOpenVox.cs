using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Switchhook.Calls.Directory;
using Switchhook.Server.Configuration;
using Switchhook.Server.Http;

namespace Switchhook.Server.Cli;

/// <summary>A small application of the OpenVox dialect: logs in, asks, and listens for reports.</summary>
internal sealed class DemoOpenVox(Uri address) : IAsyncDisposable
{
    public const string Success = """{"status":"Success"}""";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    private readonly Channel<string> _reports = Channel.CreateBounded<string>(1000);
    private HttpSurface? _listener;
    private string _token = "";

    /// <summary>Null, or what was answered to a login that failed.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The vendor's protocol: the MD5 of the password is sent.")]
    public async Task<string?> LoginAsync(Account account, CancellationToken cancellation)
    {
        var listen = new HttpListen(new IPEndPoint(IPAddress.Loopback, 0));
        if (await HttpSurface.StartAsync([listen], 64 * 1024, LoggerFactory.Create(static _ => { }), static _ => { }, app => app.Run(TakeAsync))
            is not HttpSurfaceStart.Started started)
            return "no port to listen on";
        _listener = started.Surface;
        var port = new Uri(_listener.Addresses[0]).Port;
        var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(account.Password!)));
        var answer = await PostAsync("login?type=json", $$"""{"username":"{{account.Name}}","password":"{{hash}}","port":"{{port}}"}""", cancellation);
        using var json = JsonDocument.Parse(answer);
        if (!json.RootElement.TryGetProperty("token", out var token))
            return answer;
        _token = token.GetString()!;
        return null;
    }

    public Task<string> AskAsync(string operation, string body, CancellationToken cancellation) => PostAsync($"{operation}?token={_token}", body, cancellation);

    /// <summary>Reports as they came, up to and with the first of that kind.</summary>
    public async IAsyncEnumerable<string> ReportsAsync(string until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var report in _reports.Reader.ReadAllAsync(cancellation))
        {
            yield return report;
            if (report.Contains($"\"{until}\"", StringComparison.Ordinal))
                yield break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
            await _listener.DisposeAsync();
        _http.Dispose();
    }

    private async Task<string> PostAsync(string target, string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await _http.PostAsync(new Uri($"/api/v0.0.1/{target}", UriKind.Relative), content, cancellation);
        return await reply.Content.ReadAsStringAsync(cancellation);
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        await _reports.Writer.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
    }
}
