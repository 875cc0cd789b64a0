using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Servers;

/// <summary>An answer of the native API.</summary>
public sealed record NativeAnswer(int Status, JsonElement Json, string Text, string? Location);

/// <summary>An application that speaks the native API.</summary>
public sealed class NativeApi : IDisposable
{
    private readonly HttpClient _client;

    public NativeApi(Uri address, string key, HttpMessageHandler? handler = null)
    {
        Address = address;
        _client = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Uri Address { get; }

    /// <summary>The same API under another key.</summary>
    public NativeApi As(string otherKey) => new(Address, otherKey);

    /// <summary>The server's figures, which ask for no key.</summary>
    public async Task<Metrics> MetricsAsync() => Metrics.Read(await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));

    /// <summary>GET of a path below <c>/switchhook/v1</c>.</summary>
    public async Task<NativeAnswer> GetAsync(string path)
    {
        using var reply = await _client.GetAsync(new Uri($"/switchhook/v1/{path}", UriKind.Relative));
        return await ReadAsync(reply);
    }

    /// <summary>What is behind an address of the server, such as a recording's.</summary>
    public Task<byte[]> DownloadAsync(string address) => _client.GetByteArrayAsync(new Uri(address));

    /// <summary>POST of a body to a path below <c>/switchhook/v1</c>.</summary>
    public async Task<NativeAnswer> PostAsync(string path, JsonNode? body = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/switchhook/v1/{path}", UriKind.Relative));
        request.Content = JsonContent.Create(body ?? new JsonObject());
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var reply = await _client.SendAsync(request);
        return await ReadAsync(reply);
    }

    /// <summary>Places a call.</summary>
    public Task<NativeAnswer> PlaceAsync(JsonObject body, string? idempotencyKey = null) => PostAsync("calls", body, idempotencyKey);

    /// <summary>Ends a call.</summary>
    public Task<NativeAnswer> HangUpAsync(string callId, int? cause = null, string? leg = null)
    {
        var body = new JsonObject();
        if (cause is not null)
            body["cause"] = cause;
        if (leg is not null)
            body["leg"] = leg;
        return PostAsync($"calls/{callId}/hangup", body);
    }

    /// <summary>The call as it is now.</summary>
    public async Task<CallView> CallAsync(string callId)
    {
        var answer = await GetAsync($"calls/{callId}");
        return answer.Status == 200 ? new CallView(answer.Json) : throw new InvalidOperationException($"No call {callId}: {answer.Status} {answer.Text}");
    }

    /// <summary>The call once it has ended, with every hangup confirmed that is going to be.</summary>
    public Task<CallView> EndedCallAsync(string callId, TimeSpan? deadline = null) =>
        CallAsync(callId, c => c.HasEnded, $"call {callId} ends", deadline);

    /// <summary>The call once it has ended and no hangup of ours waits for its answer.</summary>
    public Task<CallView> ConfirmedCallAsync(string callId, TimeSpan? deadline = null) =>
        CallAsync(callId, c => c.HasEnded && c.Legs.All(l => l.Hangup is { IsOpen: false }), $"call {callId} ends and is confirmed", deadline);

    /// <summary>The call once it is so; a server whose database is not there just now is asked again.</summary>
    private async Task<CallView> CallAsync(string callId, Func<CallView, bool> isSo, string what, TimeSpan? deadline)
    {
        var answer = await Eventually.GetAsync(
            () => GetAsync($"calls/{callId}"), a => a.Status != 503 && (a.Status != 200 || isSo(new CallView(a.Json))), what, deadline);
        return answer.Status == 200 ? new CallView(answer.Json) : throw new InvalidOperationException($"No call {callId}: {answer.Status} {answer.Text}");
    }

    /// <summary>Live calls.</summary>
    public async Task<IReadOnlyList<CallView>> LiveAsync() => CallView.List((await GetAsync("calls?state=live")).Json);

    /// <summary>The only live call, once there is one.</summary>
    public async Task<CallView> OnlyLiveAsync()
    {
        var calls = await Eventually.GetAsync(LiveAsync, c => c.Count == 1, "exactly one live call");
        return calls[0];
    }

    /// <summary>The live call one of whose legs has that SIP Call-ID, once it is there.</summary>
    public async Task<CallView> LiveBySipAsync(string sipCallId)
    {
        var calls = await Eventually.GetAsync(LiveAsync, c => c.Any(Has), $"a live call with SIP Call-ID {sipCallId}");
        return calls.First(Has);

        bool Has(CallView call) => call.Legs.Any(l => l.SipCallId == sipCallId);
    }

    /// <summary>Number of ended calls, and one page of them.</summary>
    public async Task<(long Total, IReadOnlyList<CallView> Calls)> EndedAsync(string query = "")
    {
        var answer = await GetAsync($"calls?state=ended{query}");
        return (answer.Json.TryGetProperty("total", out var total) ? total.GetInt64() : -1, CallView.List(answer.Json));
    }

    /// <summary>The lately ended call one of whose legs has that SIP Call-ID, once it is stored.</summary>
    public async Task<CallView> EndedBySipAsync(string sipCallId)
    {
        var (_, calls) = await Eventually.GetAsync(() => EndedAsync(), c => c.Calls.Any(Has), $"an ended call with SIP Call-ID {sipCallId}");
        return calls.First(Has);

        bool Has(CallView call) => call.Legs.Any(l => l.SipCallId == sipCallId);
    }

    /// <summary>The events after a cursor until one fits, as they come from the stream.</summary>
    /// <param name="keep">Which of them to give back; all when null.</param>
    public async Task<IReadOnlyList<EventView>> EventsUntilAsync(
        Func<EventView, bool> last, string after = "", TimeSpan? deadline = null, Func<EventView, bool>? keep = null)
    {
        using var expiry = new CancellationTokenSource(deadline ?? Eventually.Deadline, TimeProvider.System);
        var events = new List<EventView>();
        try
        {
            var path = after.Length == 0 ? "/switchhook/v1/events" : $"/switchhook/v1/events?after={Uri.EscapeDataString(after)}";
            using var stream = await _client.GetStreamAsync(new Uri(path, UriKind.Relative), expiry.Token);
            using var reader = new StreamReader(stream);
            while (await EventView.ReadAsync(reader, expiry.Token) is { } e)
            {
                if (keep is null || keep(e))
                    events.Add(e);
                if (last(e))
                    return events;
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, with what there was.
        }
        throw new TimeoutException($"The event stream did not show what was waited for; it showed:\n{string.Join('\n', events.TakeLast(40))}");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<NativeAnswer> ReadAsync(HttpResponseMessage reply)
    {
        var text = await reply.Content.ReadAsStringAsync();
        var json = default(JsonElement);
        if (text.Length > 0 && reply.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true)
        {
            using var document = JsonDocument.Parse(text);
            json = document.RootElement.Clone();
        }
        return new NativeAnswer((int)reply.StatusCode, json, text, reply.Headers.Location?.ToString());
    }
}
