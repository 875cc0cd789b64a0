using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange;
using Switchhook.Server.Configuration;
using Switchhook.Server.Events;
using Switchhook.Server.Health;
using Switchhook.Server.Http;
using Switchhook.Server.Native;
using Switchhook.Server.Traces;
using Switchhook.Storage.Files;
using Switchhook.Webhooks.Tests;

namespace Switchhook.Server.Tests.Native;

/// <summary>The main surface on a free port, with a fake exchange behind it.</summary>
internal sealed class NativeServer : IAsyncDisposable
{
    private readonly HttpSurface _surface;

    private readonly EventSource _events;

    private NativeServer(HttpSurface surface, FakeExchange exchange, EventSource events, CallTraceRing traces)
    {
        (_surface, _events) = (surface, events);
        (Exchange, Traces) = (exchange, traces);
        Client = new HttpClient { BaseAddress = new Uri(surface.Addresses[0]) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "shk_demo");
    }

    public FakeExchange Exchange { get; }
    public required MemoryLog Log { get; init; }
    public required MemoryRequestKeys Keys { get; init; }
    public CallTraceRing Traces { get; }
    public HttpClient Client { get; }
    public required MemoryOutbox Outbox { get; init; }

    /// <summary>What was given out for delivery once more.</summary>
    public required IReadOnlyList<OutboxEntry> Redelivered { get; init; }

    public static async Task<NativeServer> StartAsync(
        int ringCapacity = 64, string? databaseProblem = null, SecuritySettings? security = null, TimeProvider? time = null, string? recordings = null)
    {
        time ??= TimeProvider.System;
        var ring = new EventRing(0, ringCapacity);
        var log = new MemoryLog(ring);
        var events = new EventSource(ring, log);
        var exchange = new FakeExchange(log);
        var traces = new CallTraceRing();
        var keys = new MemoryRequestKeys();
        var outbox = new MemoryOutbox(TimeProvider.System);
        List<OutboxEntry> redelivered = [];
        var directory = new FixedDirectory(new CallDirectory(new Provisioning
        {
            Accounts =
            [
                new Account { Name = "demo", Dialects = ["native", "ozeki"], Native = new NativeCredentials("shk_demo") },
                new Account { Name = "other", Dialects = ["native"], Native = new NativeCredentials("shk_other") },
                new Account { Name = "barred", Dialects = ["ozeki"], Native = new NativeCredentials("shk_barred") },
            ],
            Extensions = [new Extension { Number = "101", Account = "demo" }, new Extension { Number = "201", Account = "other" }],
        }));
        var ports = new NativePorts(exchange, exchange, directory, traces, events, time, ["ozeki"], exchange, outbox, redelivered.Add, keys) { Recordings = new RecordingShelf(recordings ?? "") };
        var readiness = new Readiness([new ReadinessCheck("database", () => databaseProblem), new ReadinessCheck("sip", () => null)]);
        var metrics = new Metrics(NoFigures, () => new OuterFigures(new Dictionary<string, long>(), new Dictionary<string, long>(), 0));
        var main = new MainSurface(ports, readiness, metrics, security ?? new SecuritySettings([], [], Switchhook.Exchange.Gate.GuessLimits.Default));
        var started = await HttpSurface.StartAsync(
            [new HttpListen(new IPEndPoint(IPAddress.Loopback, 0))], RequestBody.MaxBytes, NullLoggerFactory.Instance, MainSurface.AddServices, main.Build);
        return new NativeServer(Assert.IsType<HttpSurfaceStart.Started>(started).Surface, exchange, events, traces)
        {
            Log = log,
            Keys = keys,
            Outbox = outbox,
            Redelivered = redelivered,
        };
    }

    public static ExchangeFigures NoFigures() => new()
    {
        Live = new Dictionary<string, long>(),
        CallsEnded = new Dictionary<(Calls.Causes.HangupCause, string), long>(),
        SipMessages = new Dictionary<(string, string), long>(),
        SipRejected = new Dictionary<string, long>(),
        RtpPacketsReceived = 0,
        RtpPacketsSent = 0,
        RtpLateTicks = 0,
        HangupSeconds = [],
        HangupSecondsSum = 0,
    };

    public Task<Answer> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, null, key);

    public Task<Answer> PostAsync(string path, string? body, string? key = null, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body, key, idempotencyKey);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, string? key = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", key);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await Client.SendAsync(request);
        return new Answer(
            (int)response.StatusCode, response.Headers.Location?.OriginalString, response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _surface.DisposeAsync();
        _events.Dispose();
    }

    private sealed record FixedDirectory(CallDirectory Current) : IDirectory;
}

/// <summary>A response that was read to its end.</summary>
internal sealed record Answer(int Status, string? Location, string? Type, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The name of the failure.</summary>
    public string? Code => Type == "application/problem+json" ? Json.GetProperty("code").GetString() : null;
}
