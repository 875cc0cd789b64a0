using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Switchhook.TestKit.Servers;

/// <summary>An answer of the OpenVox interface.</summary>
public sealed record OpenVoxAnswer(string Text, JsonElement Json)
{
    /// <summary><c>Success</c>, or the number of the failure.</summary>
    public string Outcome => Json.TryGetProperty("errno", out var errno) ? errno.GetString()! : Json.GetProperty("status").GetString()!;
}

/// <summary>An application that speaks the OpenVox interface as the vendor's manual shows it: JSON in, a token in the query.</summary>
public sealed class OpenVoxApi(Uri address, string user, string password) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The token of the last login.</summary>
    public string Token { get; private set; } = "";

    /// <summary>The same interface under other credentials.</summary>
    public OpenVoxApi As(string otherUser, string otherPassword) => new(address, otherUser, otherPassword);

    /// <summary>Logs in; reports go to that port of this machine.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The vendor's protocol.")]
    public async Task<OpenVoxAnswer> LoginAsync(int port, string? url = null)
    {
        var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password)));
        var answer = await SendAsync("login?type=json", $$"""{"username":"{{user}}","password":"{{hash}}","port":"{{port}}","version":"1.0.2"{{(url is null ? "" : $",\"url\":\"{url}\"")}}}""");
        if (answer.Outcome == "Success")
            Token = answer.Json.GetProperty("token").GetString()!;
        return answer;
    }

    /// <summary>Asks for an operation with the last login's token.</summary>
    public Task<OpenVoxAnswer> AskAsync(string operation, params (string Name, string Value)[] parameters) =>
        SendAsync($"{operation}?token={Token}&type=json", JsonSerializer.Serialize(parameters.ToDictionary(p => p.Name, p => p.Value)));

    /// <summary>Asks in XML; the answer's text.</summary>
    public async Task<string> AskXmlAsync(string operation, string body)
    {
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/xml", "utf-8"));
        using var reply = await _client.PostAsync(new Uri($"/api/v0.0.1/{operation}?token={Token}&type=xml", UriKind.Relative), content);
        return await reply.Content.ReadAsStringAsync();
    }

    private async Task<OpenVoxAnswer> SendAsync(string target, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await _client.PostAsync(new Uri($"/api/v0.0.1/{target}", UriKind.Relative), content);
        var text = await reply.Content.ReadAsStringAsync();
        using var document = JsonDocument.Parse(text);
        return new OpenVoxAnswer(text, document.RootElement.Clone());
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
