using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Timing;

namespace Switchhook.Webhooks.Tests;

/// <summary>A notifier with everything around it: customers' servers as a function, an outbox in memory, a clock that stands.</summary>
internal sealed class Lab : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static readonly DeliveryPolicy.BackOff BackOff = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10), TimeSpan.FromHours(24));

    private readonly Lock _starting = new();
    private Notifier? _notifier;

    public Lab(Func<HttpCall, CancellationToken, Task<HttpReply>> answer)
    {
        Http = new FakeHttpCaller(answer);
        Outbox = new MemoryOutbox(Time);
    }

    public Lab(Func<HttpCall, HttpReply> answer) : this((call, _) => Task.FromResult(answer(call))) { }

    public ManualTime Time { get; } = new();
    public FakeHttpCaller Http { get; }
    public MemoryOutbox Outbox { get; }
    public FakeTraces Traces { get; } = new();
    public WebhookOptions Options { get; set; } = new();
    public IReadOnlyList<INotificationReplies> Replies { get; init; } = [];
    public IReadOnlyList<INotificationFailures> Failures { get; init; } = [];

    /// <summary>Started by whoever needs it first, of however many at once: two on one outbox keep no order.</summary>
    public Notifier Notifier
    {
        get
        {
            lock (_starting)
                return _notifier ??= Start();
        }
    }

    /// <summary>Every attempt as <c>call.number</c>.</summary>
    public IEnumerable<string> Sent => Http.Sent.Select(Id);

    public static string Id(HttpCall call) => Encoding.UTF8.GetString(call.Body.Span);

    public static Notification Note(long call, int number, DeliveryPolicy? policy = null, string url = "http://example.com/") => new(
        $"{call}.{number}", new CallId(call), "ozeki",
        new HttpCall { Url = url, Body = Encoding.UTF8.GetBytes($"{call}.{number}"), Call = new CallId(call) }, Terminal: false)
    {
        Policy = policy ?? DeliveryPolicy.Once.Instance,
    };

    private Notifier Start()
    {
        var notifier = new Notifier(Http, Outbox, new WebhookSigner(new FakeDirectory()), Traces, Time, NullLogger<Notifier>.Instance, Options) { Replies = Replies, Failures = Failures };
        notifier.Start();
        return notifier;
    }

    /// <summary>Stores and hands over, as the log does.</summary>
    public void Notify(params IEnumerable<Notification> notifications) => Notifier.Notify(Outbox.Store(notifications));

    public static Task UntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(condition, what, Deadline);

    /// <summary>Waits until an attempt at it is stored as the outbox shows it.</summary>
    public Task StoredAsync(string id, OutboxState state, int attempts) =>
        UntilAsync(() => Outbox.Find(id) is { } e && e.State == state && e.Attempts == attempts, $"{id} {state} after {attempts}: {Outbox.Find(id)}");

    /// <summary>Stops the notifier; the next use starts one on the same outbox.</summary>
    public async Task StopAsync()
    {
        var notifier = Notifier;
        _notifier = null;
        await notifier.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (_notifier is not null)
            await StopAsync();
    }
}
