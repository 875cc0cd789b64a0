using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Http;

/// <summary>A request that came to the application.</summary>
public sealed record WebhookRequest(string Method, string Path, string Query, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The form fields of the body, or none.</summary>
    public IReadOnlyDictionary<string, string> Form { get; } =
        QueryHelpers.ParseQuery(Body).ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);

    /// <summary>A form field, or an empty text.</summary>
    public string this[string field] => Form.GetValueOrDefault(field, "");
}

/// <summary>What the application answers.</summary>
public sealed record WebhookReply(int Status, string Body = "", string ContentType = "application/xml")
{
    /// <summary>Never answers; the asker has to give up.</summary>
    public bool Hangs { get; init; }

    /// <summary>A body that is no text.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>The ETag header.</summary>
    public string? ETag { get; init; }

    /// <summary>200 with a script of those elements.</summary>
    public static WebhookReply Script(string elements) => new(200, $"<?xml version=\"1.0\"?>\n<Response>{elements}</Response>");
}

/// <summary>An application's web server: keeps every request, answers as told (200 with an empty body unless told otherwise).</summary>
public sealed class WebhookInbox : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Inbox<WebhookRequest> _inbox = new(capacity: 20_000);
    private readonly Lock _lock = new();
    private readonly List<WebhookRequest> _all = [];
    private readonly List<(Func<WebhookRequest, bool> When, WebhookReply Reply)> _replies = [];

    private WebhookInbox(WebApplication app) => _app = app;

    /// <summary>Its address, without a path and a final slash.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Everything that came, oldest first.</summary>
    public IReadOnlyList<WebhookRequest> All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    /// <summary>Starts on a port of the loopback address; 0 picks a free one.</summary>
    public static async Task<WebhookInbox> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        var inbox = new WebhookInbox(builder.Build());
        inbox._app.Run(inbox.HandleAsync);
        await inbox._app.StartAsync();
        return inbox;
    }

    /// <summary>From now on answers requests that fit so; the latest rule that fits wins.</summary>
    public void Reply(Func<WebhookRequest, bool> when, WebhookReply reply)
    {
        lock (_lock)
            _replies.Insert(0, (when, reply));
    }

    /// <summary>From now on answers that path so.</summary>
    public void Reply(string path, WebhookReply reply) => Reply(r => r.Path == path, reply);

    /// <summary>Takes the first request that fits, now or when it comes.</summary>
    /// <exception cref="TimeoutException">None came; the message shows those that did.</exception>
    public async Task<WebhookRequest> NextAsync(Func<WebhookRequest, bool> wanted, string what, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Eventually.Deadline;
        return await _inbox.TakeAsync(wanted, limit)
            ?? throw new TimeoutException($"No {what} within {limit.TotalSeconds:0.#} s; came: {string.Join("\n", All.TakeLast(30).Select(r => $"{r.Method} {r.Path}{r.Query} {r.Body}"))}");
    }

    /// <summary>Takes the first notification of that name.</summary>
    public Task<WebhookRequest> NextAsync(string notification, TimeSpan? deadline = null) =>
        NextAsync(r => r["NotificationName"] == notification, notification, deadline);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new WebhookRequest(context.Request.Method, context.Request.Path, context.Request.QueryString.ToString(), body, headers);
        WebhookReply? reply;
        lock (_lock)
        {
            _all.Add(request);
            reply = _replies.FirstOrDefault(r => r.When(request)).Reply;
        }
        _inbox.Add(request);
        await AnswerAsync(context, reply ?? new WebhookReply(200));
    }

    private static async Task AnswerAsync(HttpContext context, WebhookReply reply)
    {
        if (reply.Hangs)
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return;
        }
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        if (reply.ETag is { } tag)
            context.Response.Headers.ETag = tag;
        if (reply.Bytes is { } bytes)
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        else if (reply.Body.Length > 0)
            await context.Response.WriteAsync(reply.Body, context.RequestAborted);
    }
}
