using System.Text.Json;
using Switchhook.Calls.Directory;

namespace Switchhook.Server.Cli;

/// <summary>A small application of the Hoiio dialect: asks with forms, and listens for notifications.</summary>
internal sealed class DemoHoiio : IAsyncDisposable
{
    public const string Success = "success_ok";

    private readonly HttpClient _http;
    private readonly HoiioCredentials _credentials;
    private DemoInbox? _inbox;

    public DemoHoiio(Uri address, Account account)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        _credentials = account.Hoiio!;
    }

    /// <summary>Where it wants to be told.</summary>
    public string NotifyUrl => new Uri(_inbox!.Address, "told").ToString();

    /// <summary>False when there is no port to listen on.</summary>
    public async Task<bool> ListenAsync() => (_inbox = await DemoInbox.OpenAsync()) is not null;

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
    public IAsyncEnumerable<string> ToldAsync(string until, CancellationToken cancellation) =>
        _inbox!.UntilAsync(told => told.StartsWith($"ivr_block={until}&", StringComparison.Ordinal), cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_inbox is not null)
            await _inbox.DisposeAsync();
        _http.Dispose();
    }
}
