using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Timing;

namespace Switchhook.Webhooks.Tests;

public sealed class NotifierTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly FakeTraces _traces = new();

    [Fact]
    public async Task Notifications_of_a_call_leave_in_order_and_one_at_a_time_while_calls_go_side_by_side()
    {
        const int calls = 40, each = 25;
        var random = new Random(3);
        var http = new FakeHttpCaller(async (_, _) =>
        {
            int turns;
            lock (random)
                turns = random.Next(5);
            for (var i = 0; i < turns; i++)
                await Task.Yield();
            return FakeHttpCaller.Ok;
        });
        await using var notifier = Start(http, new WebhookOptions { MaxConcurrent = 16 });

        await Task.WhenAll(Enumerable.Range(1, calls).Select(call => Task.Run(() =>
        {
            for (var n = 1; n <= each; n++)
                Assert.True(notifier.TryNotify(Note(call, n, terminal: n == each)));
        })));
        await notifier.DisposeAsync();

        Assert.False(http.Overlapped);
        Assert.InRange(http.Most, 1, 12);
        Assert.Equal(calls * each, http.Sent.Count);
        Assert.All(http.Sent.GroupBy(sent => sent.Call), sent => Assert.Equal(Enumerable.Range(1, each), sent.Select(Number)));
        Assert.Equal((calls * each, 0, 0), (notifier.Delivered, notifier.Failed, notifier.Pending));
    }

    [Fact]
    public async Task Over_real_connections_the_order_of_a_call_is_kept_too()
    {
        const int calls = 8, each = 12;
        await using var server = new RawServer(RawServer.Ok());
        using var http = Calling.Trusting();
        await using var notifier = Start(http);

        await Task.WhenAll(Enumerable.Range(1, calls).Select(call => Task.Run(() =>
        {
            for (var n = 1; n <= each; n++)
                notifier.TryNotify(Note(call, n) with { Request = Calling.Post(server.Url, $"{call}:{n}") });
        })));
        await Eventually.TrueAsync(() => notifier.Pending == 0, "all delivered", Deadline);

        var arrived = server.Requests.Select(request => request[(request.LastIndexOf('\n') + 1)..].Split(':')).ToList();
        Assert.Equal(calls * each, arrived.Count);
        Assert.All(arrived.GroupBy(body => body[0]), call =>
            Assert.Equal(Enumerable.Range(1, each).Select(n => $"{n}"), call.Select(body => body[1])));
    }

    [Fact]
    public async Task A_silent_receiver_holds_up_its_own_call_and_no_other()
    {
        var release = new TaskCompletionSource();
        var http = new FakeHttpCaller(async (call, _) =>
        {
            if (call.Call == new CallId(1))
                await release.Task;
            return FakeHttpCaller.Ok;
        });
        await using var notifier = Start(http, new WebhookOptions { MaxConcurrent = 3 });

        notifier.TryNotify(Note(1, 1));
        notifier.TryNotify(Note(1, 2));
        for (var n = 1; n <= 20; n++)
            notifier.TryNotify(Note(2, n));
        await Eventually.TrueAsync(() => notifier.Delivered == 20, "the other call's notifications", Deadline);
        var pending = notifier.Pending;
        release.SetResult();
        await notifier.DisposeAsync();

        Assert.Equal(2, pending);
        Assert.Equal([1, 2], http.Sent.Where(sent => sent.Call == new CallId(1)).Select(Number));
    }

    [Fact]
    public async Task Results_are_counted_by_name_and_a_failure_does_not_stop_the_call()
    {
        HttpReply[] replies =
        [
            FakeHttpCaller.Ok, new(500, default, HttpFailure.None, null), new(302, default, HttpFailure.None, null),
            .. Enum.GetValues<HttpFailure>().Where(failure => failure != HttpFailure.None).Select(failure => new HttpReply(0, default, failure, "why")),
        ];
        var http = new FakeHttpCaller((call, _) => Task.FromResult(replies[Number(call) - 1]));
        ConcurrentQueue<HttpReply> heard = new();
        await using var notifier = Start(http);

        for (var n = 1; n <= replies.Length; n++)
            notifier.TryNotify(Note(1, n) with { OnReply = heard.Enqueue });
        await notifier.DisposeAsync();

        Assert.Equal(replies, heard);
        Assert.Equal((1, replies.Length - 1), (notifier.Delivered, notifier.Failed));
        Assert.Equal(2, notifier.Counts.Results["refused"]);
        Assert.Equal(1, notifier.Counts.Results["timed-out"]);
        Assert.Equal(1, notifier.Counts.Results["address-not-allowed"]);
        Assert.Equal(replies.Length - 1, notifier.Counts.Results.Count);
    }

    [Fact]
    public async Task A_listener_or_caller_that_throws_stops_nothing()
    {
        var http = new FakeHttpCaller((call, _) => Number(call) == 2 ? throw new InvalidOperationException("bug") : Task.FromResult(FakeHttpCaller.Ok));
        await using var notifier = Start(http);

        notifier.TryNotify(Note(1, 1) with { OnReply = _ => throw new InvalidOperationException("bug") });
        notifier.TryNotify(Note(1, 2));
        notifier.TryNotify(Note(1, 3));
        await notifier.DisposeAsync();

        Assert.Equal([1, 2, 3], http.Sent.Select(Number));
        Assert.Equal((2, 1), (notifier.Delivered, notifier.Failed));
    }

    [Fact]
    public async Task Each_outcome_is_a_line_of_the_calls_trace()
    {
        var http = new FakeHttpCaller((call, _) => Task.FromResult(
            Number(call) == 1 ? FakeHttpCaller.Ok : new HttpReply(0, default, HttpFailure.TimedOut, "no complete answer within 10 s")));
        await using var notifier = Start(http);

        notifier.TryNotify(Note(5, 1));
        notifier.TryNotify(Note(5, 2));
        await notifier.DisposeAsync();

        var lines = _traces.Find(new CallId(5))!;
        Assert.Equal(["webhook", "webhook"], lines.Select(line => line.Kind));
        Assert.Equal("POST http://example.com/: 200", lines[0].Summary);
        Assert.Equal("POST http://example.com/: timed-out: no complete answer within 10 s", lines[1].Summary);
        Assert.Equal("2", lines[1].Detail);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_counts_but_keeps_room_for_the_end_of_a_call()
    {
        var release = new TaskCompletionSource();
        var http = new FakeHttpCaller(async (_, _) =>
        {
            await release.Task;
            return FakeHttpCaller.Ok;
        });
        await using var notifier = Start(http, new WebhookOptions { MaxPending = 16, MaxPendingPerCall = 8 });

        var oneCall = Enumerable.Range(1, 9).Count(n => notifier.TryNotify(Note(1, n)));
        var itsEnd = notifier.TryNotify(Note(1, 10, terminal: true));
        var others = Enumerable.Range(2, 20).Count(call => notifier.TryNotify(Note(call, 1)));
        var ends = Enumerable.Range(2, 20).Count(call => notifier.TryNotify(Note(call, 2, terminal: true)));
        var pending = notifier.Pending;
        release.SetResult();
        await notifier.DisposeAsync();

        Assert.Equal(7, oneCall);
        Assert.True(itsEnd);
        Assert.Equal(6, others);
        Assert.Equal(2, ends);
        Assert.Equal(16, pending);
        Assert.Equal(2 + 14 + 18, notifier.Counts.Results["dropped"]);
        Assert.Equal(16, notifier.Delivered);
    }

    [Fact]
    public async Task Terminal_notifications_are_counted_by_dialect_when_accepted()
    {
        await using var notifier = Start(new FakeHttpCaller((_, _) => Task.FromResult(FakeHttpCaller.Ok)));

        notifier.TryNotify(Note(1, 1));
        notifier.TryNotify(Note(1, 2, terminal: true));
        notifier.TryNotify(Note(2, 1, terminal: true));
        notifier.TryNotify(Note(3, 1, terminal: true) with { Dialect = "native" });
        await notifier.DisposeAsync();

        Assert.Equal(2, notifier.TerminalEvents["ozeki"]);
        Assert.Equal(1, notifier.TerminalEvents["native"]);
        Assert.Equal(2, notifier.TerminalEvents.Count);
    }

    [Fact]
    public async Task Stopping_delivers_what_is_queued_and_takes_nothing_more()
    {
        var release = new TaskCompletionSource();
        var http = new FakeHttpCaller(async (_, _) =>
        {
            await release.Task;
            return FakeHttpCaller.Ok;
        });
        var notifier = Start(http);
        for (var n = 1; n <= 5; n++)
            notifier.TryNotify(Note(1, n));

        var stopping = notifier.DisposeAsync().AsTask();
        var late = notifier.TryNotify(Note(1, 6));
        release.SetResult();
        await stopping.WaitAsync(Deadline);
        await notifier.DisposeAsync();

        Assert.False(late);
        Assert.Equal(5, notifier.Delivered);
    }

    [Fact]
    public async Task What_cannot_be_delivered_in_the_drain_time_is_given_up_by_name_and_its_senders_are_told()
    {
        var http = new FakeHttpCaller(async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return FakeHttpCaller.Ok;
        });
        var time = new ManualTime();
        ConcurrentQueue<HttpReply> heard = new();
        var notifier = new Notifier(http, _traces, time, NullLogger<Notifier>.Instance, new WebhookOptions { DrainTime = TimeSpan.FromSeconds(5) });
        for (var n = 1; n <= 3; n++)
            notifier.TryNotify(Note(n, 1) with { OnReply = heard.Enqueue });
        notifier.TryNotify(Note(1, 2) with { OnReply = heard.Enqueue });
        await Eventually.TrueAsync(() => http.Sent.Count == 3, "three under way", Deadline);

        var stopping = notifier.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(4.9));
        var early = stopping.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(0.2));
        await stopping.WaitAsync(Deadline);

        Assert.False(early);
        Assert.Equal(4, notifier.Counts.Results["abandoned"]);
        Assert.Equal(4, heard.Count);
        Assert.Equal(0, notifier.Pending);
    }

    private Notifier Start(IHttpCaller http, WebhookOptions? options = null) =>
        new(http, _traces, TimeProvider.System, NullLogger<Notifier>.Instance,
            (options ?? new WebhookOptions()) with { DrainTime = Deadline });

    private static Notification Note(long call, int number, bool terminal = false) => new(
        $"{call}.{number}", new CallId(call), "ozeki",
        new HttpCall { Url = "http://example.com/", Body = Encoding.UTF8.GetBytes($"{number}"), Call = new CallId(call) }, terminal);

    private static int Number(HttpCall call) => int.Parse(Encoding.UTF8.GetString(call.Body.Span), provider: null);
}
