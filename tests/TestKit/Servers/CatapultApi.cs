using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Switchhook.TestKit.Servers;

/// <summary>An answer of the Catapult interface.</summary>
public sealed record CatapultAnswer(int Status, string Text, string? ContentType, string? Location, string? Link)
{
    /// <summary>The body, where it is JSON.</summary>
    public JsonElement Json { get; } = Text.Length > 0 && ContentType == "application/json" ? JsonDocument.Parse(Text).RootElement : default;

    /// <summary>A member of the body; an empty text when it is missing.</summary>
    public string this[string name] => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) ? value.ToString() : "";

    /// <summary>The last segment of the address of what was made.</summary>
    public string Id => Location?[(Location.LastIndexOf('/') + 1)..] ?? "";

    /// <summary>The address of the next page, or null.</summary>
    public string? Next => Link?.Split(',').Where(l => l.Contains("rel=\"next\"", StringComparison.Ordinal)).Select(l => l[(l.IndexOf('<', StringComparison.Ordinal) + 1)..l.IndexOf('>', StringComparison.Ordinal)]).FirstOrDefault();
}

/// <summary>An application that speaks the Catapult interface: JSON, Basic credentials.</summary>
public sealed class CatapultApi : IDisposable
{
    private readonly HttpClient _client;
    private readonly string _user;

    public CatapultApi(Uri address, string user, string token, string secret)
    {
        _user = user;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{token}:{secret}")));
    }

    public Task<CatapultAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<CatapultAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Posts an object as JSON.</summary>
    public Task<CatapultAnswer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));

    /// <summary>Posts a text as it is.</summary>
    public Task<CatapultAnswer> PostTextAsync(string path, string body) => SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"));

    /// <summary>Asks for a path below the user, or for a whole address.</summary>
    public async Task<CatapultAnswer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("http", StringComparison.Ordinal) ? new Uri(path) : new Uri($"/v1/users/{_user}/{path}", UriKind.Relative)) { Content = content };
        using var reply = await _client.SendAsync(request);
        return new CatapultAnswer(
            (int)reply.StatusCode, await reply.Content.ReadAsStringAsync(), reply.Content.Headers.ContentType?.ToString(), reply.Headers.Location?.ToString(),
            reply.Headers.TryGetValues("Link", out var link) ? string.Join(", ", link) : null);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
