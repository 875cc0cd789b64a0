using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Timing;
using static Switchhook.Webhooks.Tests.Lab;

namespace Switchhook.Webhooks.Tests;

public sealed class NotifierTests
{
    private static readonly HttpReply Broken = new(503, default, HttpFailure.None, null);

    [Fact]
    public async Task Notifications_of_a_call_leave_in_order_and_one_at_a_time_while_calls_go_side_by_side()
    {
        const int calls = 40, each = 25;
        var random = new Random(3);
        await using var lab = new Lab(async (_, _) =>
        {
            int turns;
            lock (random)
                turns = random.Next(5);
            for (var i = 0; i < turns; i++)
                await Task.Yield();
            return FakeHttpCaller.Ok;
        })
        { Options = new WebhookOptions { MaxConcurrent = 16 } };

        await Task.WhenAll(Enumerable.Range(1, calls).Select(call => Task.Run(() =>
        {
            for (var n = 1; n <= each; n++)
                lab.Notify(Note(call, n));
        })));
        await UntilAsync(() => lab.Outbox.All.All(e => e.State == OutboxState.Delivered), "all delivered");

        Assert.False(lab.Http.Overlapped);
        Assert.InRange(lab.Http.Most, 1, 12);
        Assert.Equal(calls * each, lab.Http.Sent.Count);
        Assert.All(Enumerable.Range(1, calls), call =>
            Assert.Equal(Enumerable.Range(1, each).Select(n => $"{call}.{n}"), lab.Sent.Where(id => id.StartsWith($"{call}.", StringComparison.Ordinal))));
        Assert.Equal((calls * each, 0, 0), (lab.Notifier.Delivered, lab.Notifier.Failed, lab.Notifier.Pending));
    }

    [Fact]
    public async Task Receivers_of_a_call_do_not_wait_for_each_other()
    {
        const string url = "http://app.example/hook";
        await using var lab = new Lab(call => Id(call) is "1.1" or "1.4" ? Broken : FakeHttpCaller.Ok);

        // A subscription, a dialect at the same host, and another subscription there: three receivers, each with a second notification.
        lab.Notify(
            Note(1, 1, BackOff, url) with { Signed = true, Account = "one" }, Note(1, 2, BackOff, url) with { Signed = true, Account = "one" },
            Note(1, 3, url: url), Note(1, 4, BackOff, "http://app.example/other"), Note(1, 5, url: url),
            Note(1, 6, BackOff, $"{url}/second") with { Signed = true, Account = "one" }, Note(1, 7, BackOff, url) with { Signed = true, Account = "two" });
        await UntilAsync(() => lab.Notifier.Delivered == 3, "what nothing is before");
        await UntilAsync(() => lab.Outbox.All.Sum(e => e.Attempts) == 5, "both failures");

        Assert.Equal(["1.1", "1.3", "1.4", "1.6", "1.7"], lab.Sent.Order(StringComparer.Ordinal));
        Assert.Equal(4, lab.Notifier.Pending);
    }

    [Fact]
    public async Task A_silent_receiver_holds_up_its_own_call_and_no_other()
    {
        var release = new TaskCompletionSource();
        await using var lab = new Lab(async (call, _) =>
        {
            if (call.Call == new CallId(1))
                await release.Task;
            return FakeHttpCaller.Ok;
        });

        lab.Notify(Note(1, 1), Note(1, 2));
        lab.Notify(Enumerable.Range(1, 20).Select(n => Note(2, n)));
        await UntilAsync(() => lab.Notifier.Delivered == 20, "the other call's notifications");
        var pending = lab.Notifier.Pending;
        release.SetResult();
        await UntilAsync(() => lab.Notifier.Delivered == 22, "all");

        Assert.Equal(2, pending);
        Assert.Equal(["1.1", "1.2"], lab.Sent.Where(id => id[0] == '1'));
    }

    [Fact]
    public async Task Results_are_counted_by_name_and_what_is_tried_once_does_not_stop_the_call()
    {
        HttpReply[] replies =
        [
            FakeHttpCaller.Ok, new(404, default, HttpFailure.None, null), new(302, default, HttpFailure.None, null),
            .. Enum.GetValues<HttpFailure>().Where(failure => failure != HttpFailure.None).Select(failure => new HttpReply(0, default, failure, "why")),
        ];
        await using var lab = new Lab(call => replies[int.Parse(Id(call).Split('.')[1], provider: null) - 1]);

        lab.Notify(Enumerable.Range(1, replies.Length).Select(n => Note(1, n)));
        await UntilAsync(() => lab.Notifier.Counts.Results.Values.Sum() == (2 * replies.Length) - 1, "all results");

        Assert.Equal((1, replies.Length - 1), (lab.Notifier.Delivered, lab.Notifier.Failed));
        Assert.Equal(2, lab.Notifier.Counts.Results["refused"]);
        Assert.Equal(1, lab.Notifier.Counts.Results["timed-out"]);
        Assert.Equal(1, lab.Notifier.Counts.Results["address-not-allowed"]);
        Assert.Equal(replies.Length - 1 + 1, lab.Notifier.Counts.Results.Count);
    }

    [Fact]
    public async Task A_caller_that_throws_stops_nothing()
    {
        await using var lab = new Lab(call => Id(call) == "1.2" ? throw new InvalidOperationException("bug") : FakeHttpCaller.Ok);

        lab.Notify(Note(1, 1), Note(1, 2), Note(1, 3));
        await lab.StoredAsync("1.3", OutboxState.Delivered, 1);

        Assert.Equal(["1.1", "1.2", "1.3"], lab.Sent);
        Assert.Equal((2, 1), (lab.Notifier.Delivered, lab.Notifier.Failed));
        Assert.Equal("broken: bug", lab.Outbox.Find("1.2")!.LastOutcome);
    }

    [Fact]
    public async Task Each_attempt_is_a_line_of_the_calls_trace()
    {
        await using var lab = new Lab(call =>
            Id(call) == "5.1" ? FakeHttpCaller.Ok : new HttpReply(0, default, HttpFailure.TimedOut, "no complete answer within 10 s"));

        lab.Notify(Note(5, 1), Note(5, 2));
        await UntilAsync(() => lab.Traces.Find(new CallId(5))!.Count == 2, "two lines");

        var lines = lab.Traces.Find(new CallId(5))!;
        Assert.Equal(["webhook", "webhook"], lines.Select(line => line.Kind));
        Assert.Equal("POST http://example.com/: 200", lines[0].Summary);
        Assert.Equal("POST http://example.com/: timed-out: no complete answer within 10 s", lines[1].Summary);
        Assert.Equal("5.2", lines[1].Detail);
    }

    [Fact]
    public async Task Replies_go_to_whoever_reads_those_of_the_dialect_and_his_bug_stops_nothing()
    {
        var reader = new Reader();
        await using var lab = new Lab(call => Id(call) == "5.1" ? new HttpReply(500, default, HttpFailure.None, null) : FakeHttpCaller.Ok) { Replies = [new Reader { Dialect = "other" }, reader] };

        lab.Notify(Note(5, 1), Note(5, 2), Note(5, 3));
        await lab.StoredAsync("5.3", OutboxState.Delivered, 1);
        await UntilAsync(() => reader.Taken.Count == 2, "two replies");

        Assert.Equal(["5.2", "5.3"], reader.Taken);
    }

    [Fact]
    public async Task Terminal_notifications_are_counted_by_dialect_once_however_often_they_are_tried()
    {
        var tries = 0;
        await using var lab = new Lab(_ => Interlocked.Increment(ref tries) < 3 ? Broken : FakeHttpCaller.Ok);

        lab.Notify(Note(1, 1) with { Policy = BackOff, Terminal = true });
        await lab.StoredAsync("1.1", OutboxState.Pending, 1);
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        await lab.StoredAsync("1.1", OutboxState.Pending, 2);
        lab.Time.Advance(TimeSpan.FromSeconds(20));
        await lab.StoredAsync("1.1", OutboxState.Delivered, 3);
        lab.Notify(Note(2, 1), Note(2, 2) with { Terminal = true, Dialect = "native" });

        Assert.Equal(1, lab.Notifier.TerminalEvents["ozeki"]);
        Assert.Equal(1, lab.Notifier.TerminalEvents["native"]);
        Assert.Equal(2, lab.Notifier.Counts.Results["refused"]);
    }

    [Fact]
    public async Task A_target_that_comes_back_gets_everything_in_order_and_the_wait_grows()
    {
        var down = true;
        await using var lab = new Lab(_ => down ? Broken : FakeHttpCaller.Ok) { Options = new WebhookOptions { CircuitFailures = 100 } };

        lab.Notify(Note(1, 1, BackOff), Note(1, 2, BackOff), Note(1, 3, BackOff));
        List<double> waits = [];
        for (var attempt = 1; attempt <= 8; attempt++)
        {
            await lab.StoredAsync("1.1", OutboxState.Pending, attempt);
            var wait = lab.Outbox.Find("1.1")!.NextAttemptAt!.Value - lab.Time.GetUtcNow();
            waits.Add(wait.TotalSeconds);
            down = attempt < 8;
            lab.Time.Advance(wait);
        }
        await lab.StoredAsync("1.3", OutboxState.Delivered, 1);

        Assert.Equal([.. Enumerable.Repeat("1.1", 9), "1.2", "1.3"], lab.Sent);
        Assert.All(waits.Zip([10, 20, 40, 80, 160, 320, 600, 600]), w => Assert.InRange(w.First, w.Second / 2, w.Second));
    }

    [Fact]
    public async Task A_notification_nobody_takes_is_given_up_after_its_time_and_then_the_next_has_its_turn()
    {
        await using var lab = new Lab(call => Id(call) == "1.1" ? Broken : FakeHttpCaller.Ok) { Options = new WebhookOptions { CircuitFailures = 1000 } };

        lab.Notify(Note(1, 1, BackOff), Note(1, 2, BackOff));
        for (var attempt = 1; lab.Outbox.Find("1.1")!.State == OutboxState.Pending; attempt++)
        {
            await UntilAsync(() => lab.Outbox.Find("1.1")!.Attempts == attempt, $"attempt {attempt}");
            if (lab.Outbox.Find("1.1")!.NextAttemptAt is { } next)
                lab.Time.Advance(next - lab.Time.GetUtcNow());
        }
        await lab.StoredAsync("1.2", OutboxState.Delivered, 1);

        Assert.Equal(lab.Outbox.Find("1.1")!.CreatedAt + TimeSpan.FromHours(24), lab.Outbox.Find("1.1")!.LastAttemptAt);
        Assert.InRange(lab.Outbox.Find("1.1")!.Attempts, 144, 300);
        Assert.Equal(1, lab.Notifier.Counts.Results["given-up"]);
    }

    [Fact]
    public async Task Until_ok_wants_200_at_an_even_pace_and_a_fallback_is_tried_once()
    {
        await using var lab = new Lab(call => new HttpReply(call.Url.EndsWith("/b", StringComparison.Ordinal) ? 200 : call.Url.EndsWith("/ok", StringComparison.Ordinal) ? 202 : 500, default, HttpFailure.None, null))
        { Options = new WebhookOptions { CircuitFailures = 1000 } };
        var untilOk = new DeliveryPolicy.UntilOk(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(20));
        var fallback = new DeliveryPolicy.Fallback("http://example.com/b", TimeSpan.FromSeconds(3));

        lab.Notify(Note(1, 1, untilOk, "http://example.com/ok"), Note(2, 1, fallback), Note(2, 2, fallback with { FallbackUrl = "http://example.com/c" }), Note(2, 3));
        foreach (var (attempt, wait) in new[] { (1, 7), (2, 7), (3, 6) })
        {
            await lab.StoredAsync("1.1", OutboxState.Pending, attempt);
            Assert.Equal(TimeSpan.FromSeconds(wait), lab.Outbox.Find("1.1")!.NextAttemptAt - lab.Time.GetUtcNow());
            lab.Time.Advance(TimeSpan.FromSeconds(wait));
        }
        await lab.StoredAsync("1.1", OutboxState.Failed, 4);
        await lab.StoredAsync("2.3", OutboxState.Failed, 1);

        Assert.Equal((OutboxState.Delivered, 2), (lab.Outbox.Find("2.1")!.State, lab.Outbox.Find("2.1")!.Attempts));
        Assert.Equal((OutboxState.Failed, 2), (lab.Outbox.Find("2.2")!.State, lab.Outbox.Find("2.2")!.Attempts));
        Assert.Equal(
            ["http://example.com/", "http://example.com/b", "http://example.com/", "http://example.com/c", "http://example.com/"],
            lab.Http.Sent.Where(c => c.Call == new CallId(2)).Select(c => c.Url));
        Assert.Equal(TimeSpan.FromSeconds(3), lab.Http.Sent.First(c => c.Url.EndsWith("/b", StringComparison.Ordinal)).Timeout);
    }

    [Fact]
    public async Task What_is_pending_at_the_start_is_delivered_before_what_comes_and_continues_where_it_stood()
    {
        var down = true;
        await using var lab = new Lab(call => down && call.Call == new CallId(1) ? Broken : FakeHttpCaller.Ok);
        lab.Notify(Note(1, 1, BackOff), Note(2, 1));
        await lab.StoredAsync("1.1", OutboxState.Pending, 1);
        await lab.StoredAsync("2.1", OutboxState.Delivered, 1);
        await lab.StopAsync();
        lab.Outbox.Store(Note(3, 1));   // stored, and never handed over

        down = false;
        lab.Notify(Note(3, 2));
        await lab.StoredAsync("3.2", OutboxState.Delivered, 1);
        var early = lab.Outbox.Find("1.1")!.State;
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => lab.Outbox.All.All(e => e.State == OutboxState.Delivered), "all");

        Assert.Equal(OutboxState.Pending, early);
        Assert.Equal(["3.1", "3.2"], lab.Sent.Where(id => id[0] == '3'));
        Assert.Equal(1, lab.Sent.Count(id => id == "2.1"));
        Assert.Equal(2, lab.Outbox.Find("1.1")!.Attempts);
    }

    [Fact]
    public async Task Outcomes_wait_for_a_storage_that_fails_and_nothing_is_delivered_twice_meanwhile()
    {
        await using var lab = new Lab(_ => FakeHttpCaller.Ok);
        lab.Notify(Note(1, 1));
        await lab.StoredAsync("1.1", OutboxState.Delivered, 1);
        var stored = lab.Outbox.Store(Enumerable.Range(1, 50).Select(n => Note(2, n)));

        lab.Outbox.IsDown = true;
        lab.Notifier.Notify(stored);
        await UntilAsync(() => lab.Notifier.Delivered == 51, "all delivered");
        var saves = lab.Outbox.Saves;
        await UntilAsync(() => lab.Time.Waiting > 0, "the pause before the next save");
        var whileDown = lab.Outbox.All.Count(e => e.State == OutboxState.Delivered);
        lab.Outbox.IsDown = false;
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => lab.Outbox.All.All(e => e.State == OutboxState.Delivered), "all stored");

        Assert.Equal(1, whileDown);
        Assert.Equal(51, lab.Http.Sent.Count);
        Assert.True(lab.Outbox.Saves - saves < 50, "saved one by one");
    }

    [Fact]
    public async Task While_too_many_outcomes_wait_for_the_storage_nothing_more_is_tried()
    {
        await using var lab = new Lab(_ => FakeHttpCaller.Ok) { Options = new WebhookOptions { MaxUnsaved = 8 } };
        lab.Notify(Note(1, 1));
        await lab.StoredAsync("1.1", OutboxState.Delivered, 1);
        var stored = lab.Outbox.Store(Enumerable.Range(2, 100).Select(call => Note(call, 1)));

        lab.Outbox.IsDown = true;
        lab.Notifier.Notify(stored);
        await UntilAsync(() => lab.Http.Sent.Count == 9 && lab.Time.Waiting > 0, "eight attempts");
        lab.Outbox.IsDown = false;
        await Eventually.TrueAsync(
            () =>
            {
                lab.Time.Advance(TimeSpan.FromSeconds(1));
                return lab.Outbox.All.All(e => e.State == OutboxState.Delivered);
            },
            "all stored", Deadline);

        Assert.Equal(101, lab.Http.Sent.Count);
    }

    [Fact]
    public async Task Stopping_delivers_what_can_go_at_once_and_leaves_the_rest_stored()
    {
        var release = new TaskCompletionSource();
        await using var lab = new Lab(async (call, _) =>
        {
            if (call.Call == new CallId(2))
                return Broken;
            await release.Task;
            return FakeHttpCaller.Ok;
        });
        lab.Notify(Enumerable.Range(1, 5).Select(n => Note(1, n)).Append(Note(2, 1, BackOff)).Append(Note(2, 2, BackOff)));
        await lab.StoredAsync("2.1", OutboxState.Pending, 1);
        var notifier = lab.Notifier;

        var stopping = notifier.DisposeAsync().AsTask();
        notifier.Notify(lab.Outbox.Store(Note(1, 6)));
        release.SetResult();
        await stopping.WaitAsync(Deadline);

        Assert.Equal(
            ["1.6", "2.1", "2.2"], lab.Outbox.All.Where(e => e.State == OutboxState.Pending).Select(e => e.Notification.Id).Order(StringComparer.Ordinal));
        Assert.Equal(6, lab.Http.Sent.Count);
    }

    [Fact]
    public async Task What_cannot_be_delivered_in_the_drain_time_stays_pending()
    {
        await using var lab = new Lab(async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return FakeHttpCaller.Ok;
        });
        lab.Notify(Note(1, 1), Note(2, 1), Note(3, 1), Note(1, 2));
        await UntilAsync(() => lab.Http.Sent.Count == 3, "three under way");

        var stopping = lab.StopAsync();
        lab.Time.Advance(TimeSpan.FromSeconds(4.9));
        var early = stopping.IsCompleted;
        lab.Time.Advance(TimeSpan.FromSeconds(0.2));
        await stopping;

        Assert.False(early);
        Assert.All(lab.Outbox.All, e => Assert.Equal((OutboxState.Pending, 0), (e.State, e.Attempts)));
    }

    [Fact]
    public async Task A_notification_that_was_given_up_can_be_delivered_again_under_its_id()
    {
        var down = true;
        await using var lab = new Lab(_ => down ? new HttpReply(404, default, HttpFailure.None, null) : FakeHttpCaller.Ok);
        lab.Notify(Note(1, 1));
        await lab.StoredAsync("1.1", OutboxState.Failed, 1);

        down = false;
        lab.Notifier.NotifyAgain(lab.Outbox.Reopen("1.1", lab.Time.GetUtcNow())!);
        await lab.StoredAsync("1.1", OutboxState.Delivered, 1);

        Assert.Equal(["1.1", "1.1"], lab.Sent);
    }

    /// <summary>Has a bug when it is given the first.</summary>
    private sealed class Reader : INotificationReplies
    {
        public List<string> Taken { get; } = [];

        public string Dialect { get; init; } = "ozeki";

        public void Take(Notification told, HttpReply reply)
        {
            Taken.Add(told.Id);
            if (Taken.Count == 1)
                throw new InvalidOperationException("bug");
        }
    }
}
