using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Switchhook.Server.Cli;

/// <summary>An answer of the native API, or why none came (<see cref="Status"/> 0).</summary>
internal sealed record NativeAnswer(int Status, JsonElement Json, string Text)
{
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>A sentence about a failure: the problem's title and detail, or the reason why nobody answered.</summary>
    public string Complaint => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("title", out var title)
        ? $"{title}{(Json.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String ? $": {detail}" : "")}"
        : Status == 0 ? Text : $"HTTP {Status}";
}

/// <summary>Asks a running server through its native API.</summary>
internal sealed class NativeClient : IDisposable
{
    private const string Root = "/switchhook/v1";
    private readonly HttpClient _http;

    public NativeClient(Uri server, string key)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Task<NativeAnswer> GetAsync(string path, CancellationToken cancellation = default) => SendAsync(HttpMethod.Get, path, null, cancellation);

    public Task<NativeAnswer> PostAsync(string path, string? json, CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, path, json, cancellation);

    /// <summary>Names and data of events, from now on, until cancelled.</summary>
    public async IAsyncEnumerable<(string Name, JsonElement Data)> EventsAsync(
        TaskCompletionSource connected, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await _http.GetAsync($"{Root}/events", HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        connected.TrySetResult();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        var name = "";
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                yield return (name, JsonDocument.Parse(line["data: ".Length..]).RootElement);
        }
    }

    /// <summary>Copies what an address answers as it comes; null when all of it came, or a sentence about what went wrong.</summary>
    public async Task<string?> CopyAsync(string path, TextWriter output, CancellationToken cancellation = default)
    {
        try
        {
            using var response = await _http.GetAsync(Root + path, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                var text = await response.Content.ReadAsStringAsync(cancellation);
                return new NativeAnswer((int)response.StatusCode, Parse(text), text).Complaint;
            }
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
            var part = new char[16_384];
            while (await reader.ReadAsync(part, cancellation) is > 0 and var read)
                await output.WriteAsync(part.AsMemory(0, read), cancellation);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return $"{_http.BaseAddress} did not answer to the end: {e.Message}";
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<NativeAnswer> SendAsync(HttpMethod method, string path, string? json, CancellationToken cancellation)
    {
        try
        {
            // Links in answers come with the root, callers leave it out.
            using var request = new HttpRequestMessage(method, path.StartsWith(Root, StringComparison.Ordinal) ? path : Root + path);
            if (json is not null)
                request.Content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return new NativeAnswer((int)response.StatusCode, Parse(text), text);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return new NativeAnswer(0, default, $"no server answers at {_http.BaseAddress}: {e.Message}");
        }
    }

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
