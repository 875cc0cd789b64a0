using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Switchhook.Calls.Directory;
using Switchhook.Server.Configuration;
using Switchhook.Server.Http;

namespace Switchhook.Server.Cli;

/// <summary>A small application of the Hoiio dialect: asks with forms, and listens for notifications.</summary>
internal sealed class DemoHoiio : IAsyncDisposable
{
    public const string Success = "success_ok";

    private readonly HttpClient _http;
    private readonly HoiioCredentials _credentials;
    private readonly Channel<string> _told = Channel.CreateBounded<string>(1000);
    private HttpSurface? _listener;

    public DemoHoiio(Uri address, Account account)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        _credentials = account.Hoiio!;
    }

    /// <summary>Where it wants to be told.</summary>
    public string NotifyUrl => $"{_listener!.Addresses[0]}/told";

    /// <summary>False when there is no port to listen on.</summary>
    public async Task<bool> ListenAsync()
    {
        var listen = new HttpListen(new IPEndPoint(IPAddress.Loopback, 0));
        var start = await HttpSurface.StartAsync([listen], 64 * 1024, LoggerFactory.Create(static _ => { }), static _ => { }, app => app.Run(TakeAsync));
        _listener = (start as HttpSurfaceStart.Started)?.Surface;
        return _listener is not null;
    }

    /// <summary>The reply's status, and the session it names.</summary>
    public async Task<(string Status, string? Session)> AskAsync(string path, CancellationToken cancellation, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(
        [
            new("app_id", _credentials.AppId), new("access_token", _credentials.AccessToken), .. parameters.Select(static p => KeyValuePair.Create(p.Name, p.Value)),
        ]);
        using var reply = await _http.PostAsync(new Uri($"/open/{path}", UriKind.Relative), form, cancellation);
        using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(cancellation));
        return (json.RootElement.GetProperty("status").GetString()!, json.RootElement.TryGetProperty("session", out var session) ? session.GetString() : null);
    }

    /// <summary>Notifications as they came, up to and with the first of that block.</summary>
    public async IAsyncEnumerable<string> ToldAsync(string until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var told in _told.Reader.ReadAllAsync(cancellation))
        {
            yield return told;
            if (told.StartsWith($"ivr_block={until}&", StringComparison.Ordinal))
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
        await _told.Writer.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
    }
}
