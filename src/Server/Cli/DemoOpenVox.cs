using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Switchhook.Calls.Directory;

namespace Switchhook.Server.Cli;

/// <summary>A small application of the OpenVox dialect: logs in, asks, and listens for reports.</summary>
internal sealed class DemoOpenVox(Uri address) : IAsyncDisposable
{
    public const string Success = """{"status":"Success"}""";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    private DemoInbox? _inbox;
    private string _token = "";

    /// <summary>Null, or what was answered to a login that failed.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The vendor's protocol: the MD5 of the password is sent.")]
    public async Task<string?> LoginAsync(Account account, CancellationToken cancellation)
    {
        _inbox = await DemoInbox.OpenAsync();
        if (_inbox is null)
            return "no port to listen on";
        var port = _inbox.Address.Port;
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
    public IAsyncEnumerable<string> ReportsAsync(string until, CancellationToken cancellation) =>
        _inbox!.UntilAsync(report => report.Contains($"\"{until}\"", StringComparison.Ordinal), cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_inbox is not null)
            await _inbox.DisposeAsync();
        _http.Dispose();
    }

    private async Task<string> PostAsync(string target, string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await _http.PostAsync(new Uri($"/api/v0.0.1/{target}", UriKind.Relative), content, cancellation);
        return await reply.Content.ReadAsStringAsync(cancellation);
    }
}
