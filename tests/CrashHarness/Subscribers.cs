using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Switchhook.TestKit.Servers;

namespace Switchhook.CrashHarness;

/// <summary>What one subscriber was told: for each call the ids of what told its end, and how often each came.</summary>
internal sealed class Told
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, int>> _ends = new(StringComparer.Ordinal);

    public IEnumerable<string> Calls => _ends.Keys;

    public void Add(string call, string id) =>
        _ends.GetOrAdd(call, static _ => new(StringComparer.Ordinal)).AddOrUpdate(id, 1, static (_, n) => n + 1);

    /// <summary>Different notifications of the end of that call; one is right, however often it was repeated.</summary>
    public int Of(string call) => _ends.TryGetValue(call, out var ids) ? ids.Count : 0;

    /// <summary>How often something came again.</summary>
    public int Repeats => _ends.Values.Sum(ids => ids.Values.Sum(n => n - 1));
}

/// <summary>An application: takes signed webhooks and notifications of placed calls, and gives scripts.</summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Application(WebApplication app) => _app = app;

    /// <summary>Signed <c>call.ended</c>, by <c>webhook-id</c>.</summary>
    public Told Webhooks { get; } = new();

    /// <summary><c>CallFinished</c> and failed calls, by their body.</summary>
    public Told Ozeki { get; } = new();

    public string Url => _app.Urls.First();

    public static async Task<Application> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var application = new Application(builder.Build());
        application._app.Run(application.HandleAsync);
        await application._app.StartAsync();
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        switch (context.Request.Path)
        {
            case "/hook":
                using (var document = JsonDocument.Parse(body))
                    Webhooks.Add(document.RootElement.GetProperty("call").GetProperty("id").GetString()!, context.Request.Headers["webhook-id"].ToString());
                break;
            case "/end":
                Ozeki.Add(QueryHelpers.ParseQuery(body).GetValueOrDefault("CallId").ToString(), body);
                break;
            case "/script":
                context.Response.ContentType = "application/xml";
                await context.Response.WriteAsync("<Response><Hangup/></Response>", context.RequestAborted);
                break;
        }
    }
}

/// <summary>A reader of the event stream that comes back with the last event's id, over crashes too.</summary>
internal sealed class StreamReaderThatReturns : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<TestServer> _server;
    private readonly Task _reading;
    private string _cursor = "0";

    public StreamReaderThatReturns(Func<TestServer> server)
    {
        _server = server;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary><c>call.ended</c>, by the event's id.</summary>
    public Told Ends { get; } = new();

    /// <summary>How often the stream said that events are gone.</summary>
    public int Missed { get; private set; }

    /// <summary>Calls by the SIP Call-ID of a leg, as soon as an event shows it.</summary>
    public ConcurrentDictionary<string, string> BySip { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls by the caller shown.</summary>
    public ConcurrentDictionary<string, string> ByCaller { get; } = new(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ProvisioningBuilder.NativeKey);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var stream = await client.GetStreamAsync(new Uri(_server().Http, $"/switchhook/v1/events?after={Uri.EscapeDataString(_cursor)}"), _stop.Token);
                using var reader = new StreamReader(stream);
                while (await EventView.ReadAsync(reader, _stop.Token) is { } e)
                    Take(e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or HttpIOException)
            {
                // The server is down; it comes back.
            }
            catch (OperationCanceledException)
            {
                return;
            }
            try
            {
                await Pace.WaitAsync(Pause, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Take(EventView e)
    {
        if (e.Name == "missed")
        {
            Missed++;
            return;
        }
        _cursor = e.Id;
        using var document = JsonDocument.Parse(e.Data);
        var call = document.RootElement.GetProperty("call");
        var id = call.GetProperty("id").GetString()!;
        if (e.Name == "call.ended")
            Ends.Add(id, document.RootElement.GetProperty("id").GetString()!);
        ByCaller[call.GetProperty("caller").GetProperty("number").GetString()!] = id;
        foreach (var leg in call.GetProperty("legs").EnumerateArray())
        {
            if (leg.GetProperty("sipCallId").GetString() is { Length: > 0 } sip)
                BySip[sip] = id;
        }
    }
}
