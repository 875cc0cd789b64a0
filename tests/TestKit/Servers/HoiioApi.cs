using System.Text.Json;

namespace Switchhook.TestKit.Servers;

/// <summary>A reply of the Hoiio interface.</summary>
public sealed record HoiioAnswer(int HttpStatus, string ContentType, string Text, JsonElement Json)
{
    public string Status => Json.GetProperty("status").GetString()!;

    /// <summary>A member that is a string, or an empty text.</summary>
    public string this[string member] => Json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <summary>An application that speaks the Hoiio interface as the vendor's manual shows it.</summary>
public sealed class HoiioApi(Uri address, string appId, string accessToken) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>The token, which signs notifications too.</summary>
    public string Token => accessToken;

    /// <summary>The same interface as another application.</summary>
    public HoiioApi As(string otherApp, string otherToken) => new(address, otherApp, otherToken);

    /// <summary>POST with a form, as most clients do.</summary>
    public async Task<HoiioAnswer> PostAsync(string path, params (string Name, string Value)[] parameters)
    {
        using var form = new FormUrlEncodedContent(All(parameters));
        using var reply = await _client.PostAsync(new Uri($"/open/{path}", UriKind.Relative), form);
        return await ReadAsync(reply);
    }

    /// <summary>GET with a query, as the others do.</summary>
    public async Task<HoiioAnswer> GetAsync(string path, params (string Name, string Value)[] parameters)
    {
        var query = string.Join('&', All(parameters).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
        using var reply = await _client.GetAsync(new Uri($"/open/{path}?{query}", UriKind.Relative));
        return await ReadAsync(reply);
    }

    /// <summary>A file the interface told the address of.</summary>
    public async Task<(int Status, string ContentType, byte[] Body)> FetchAsync(string url)
    {
        using var reply = await _client.GetAsync(new Uri(url));
        return ((int)reply.StatusCode, reply.Content.Headers.ContentType?.ToString() ?? "", await reply.Content.ReadAsByteArrayAsync());
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private IEnumerable<KeyValuePair<string, string>> All((string Name, string Value)[] parameters) =>
        [new("app_id", appId), new("access_token", accessToken), .. parameters.Select(p => KeyValuePair.Create(p.Name, p.Value))];

    private static async Task<HoiioAnswer> ReadAsync(HttpResponseMessage reply)
    {
        var text = await reply.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text);
        return new HoiioAnswer((int)reply.StatusCode, reply.Content.Headers.ContentType?.ToString() ?? "", text, json.RootElement.Clone());
    }
}
