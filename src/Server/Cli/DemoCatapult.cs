using System.Net.Http.Headers;
using System.Text;
using Switchhook.Calls.Directory;

namespace Switchhook.Server.Cli;

/// <summary>A small application of the Catapult dialect: places and ends calls, and listens for their events.</summary>
internal sealed class DemoCatapult : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private DemoInbox? _inbox;

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
        _inbox = await DemoInbox.OpenAsync();
        return _inbox is null ? null : new Uri(_inbox.Address, "events").ToString();
    }

    /// <summary>The status, what was made, and the body.</summary>
    public async Task<(int Status, string Id, string Text)> PostAsync(string path, string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        return ((int)reply.StatusCode, reply.Headers.Location?.Segments[^1] ?? "", await reply.Content.ReadAsStringAsync(cancellation));
    }

    /// <summary>Events as they came, up to and with the first of that type.</summary>
    public IAsyncEnumerable<string> EventsAsync(string until, CancellationToken cancellation) =>
        _inbox!.UntilAsync(happened => happened.Contains($"\"eventType\":\"{until}\"", StringComparison.Ordinal), cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_inbox is not null)
            await _inbox.DisposeAsync();
        _http.Dispose();
    }
}
