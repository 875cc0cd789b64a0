using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Switchhook.Calls.Directory;
using Switchhook.Server.Configuration;
using Switchhook.Server.Http;

namespace Switchhook.Server.Cli;

/// <summary>A small application of the Catapult dialect: places and ends calls, and listens for their events.</summary>
internal sealed class DemoCatapult : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Channel<string> _events = Channel.CreateBounded<string>(1000);
    private HttpSurface? _listener;

    public DemoCatapult(Uri address, Account account)
    {
        var credentials = account.Catapult!;
        _http.BaseAddress = new Uri(address, $"/v1/users/{credentials.UserId}/");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.ApiToken}:{credentials.ApiSecret}")));
    }

    /// <summary>Where events are to go; null when there is no port to listen on.</summary>
    public async Task<string?> ListenAsync()
    {
        var listen = new HttpListen(new IPEndPoint(IPAddress.Loopback, 0));
        if (await HttpSurface.StartAsync([listen], 64 * 1024, LoggerFactory.Create(static _ => { }), static _ => { }, app => app.Run(TakeAsync))
            is not HttpSurfaceStart.Started started)
            return null;
        _listener = started.Surface;
        return $"{_listener.Addresses[0]}/events";
    }

    /// <summary>The status, what was made, and the body.</summary>
    public async Task<(int Status, string Id, string Text)> PostAsync(string path, string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        return ((int)reply.StatusCode, reply.Headers.Location?.Segments[^1] ?? "", await reply.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>Events as they came, up to and with the first of that type.</summary>
    public async IAsyncEnumerable<string> EventsAsync(string until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var happened in _events.Reader.ReadAllAsync(cancellation))
        {
            yield return happened;
            if (happened.Contains($"\"eventType\":\"{until}\"", StringComparison.Ordinal))
                yield break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
            await _listener.DisposeAsync();
        _http.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        await _events.Writer.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
    }
}
