using Switchhook.Calls.Ports;
using Switchhook.TestKit.Timing;
using static Switchhook.Webhooks.Tests.Lab;

namespace Switchhook.Webhooks.Tests.Deliveries;

public sealed class MemoryTests
{
    private const string Dead = "http://dead.example/hook";
    private const string Good = "http://good.example/hook";

    [Fact]
    public async Task What_finds_no_room_in_memory_is_read_from_the_outbox_and_every_calls_order_is_kept()
    {
        const int calls = 60, each = 40;
        var random = new Random(5);
        await using var lab = new Lab(async (_, _) =>
        {
            await Task.Yield();
            return FakeHttpCaller.Ok;
        })
        { Options = new WebhookOptions { MaxPending = 64, MaxConcurrentPerHost = 8 } };
        List<(int Call, int Next)> left = [.. Enumerable.Range(1, calls).Select(call => (call, 1))];

        while (left.Count > 0)
        {
            var place = random.Next(left.Count);
            var (call, next) = left[place];
            lab.Notify(Note(call, next, BackOff, call % 2 == 0 ? Dead : Good));
            if (next == each)
                left.RemoveAt(place);
            else
                left[place] = (call, next + 1);
        }
        await UntilAsync(() => lab.Outbox.All.All(e => e.State == OutboxState.Delivered), "all delivered");

        Assert.Equal(calls * each, lab.Http.Sent.Count);
        Assert.False(lab.Http.Overlapped);
        Assert.All(lab.Sent.GroupBy(id => id.Split('.')[0]), g => Assert.Equal(Enumerable.Range(1, each).Select(n => $"{g.Key}.{n}"), g));
        Assert.Equal(0, lab.Notifier.Pending);
    }

    [Fact]
    public async Task A_dead_host_with_more_than_fits_leaves_room_for_others_and_gets_everything_once_it_is_back()
    {
        var dead = true;
        await using var lab = new Lab(call => dead && call.Url == Dead ? new HttpReply(503, default, HttpFailure.None, null) : FakeHttpCaller.Ok)
        { Options = new WebhookOptions { MaxPending = 32 } };

        lab.Notify(Enumerable.Range(1, 300).Select(call => Note(call, 1, BackOff, Dead)));
        lab.Notify(Enumerable.Range(1, 300).SelectMany(call => (Notification[])[Note(call, 2, BackOff, Dead), Note(call, 3, BackOff, Good)]));
        await UntilAsync(() => lab.Notifier.Delivered == 300, "what goes to the other host");
        var early = lab.Sent.Where(id => id.EndsWith(".2", StringComparison.Ordinal)).ToList();
        var pending = lab.Notifier.Pending;
        dead = false;
        await Eventually.TrueAsync(
            () =>
            {
                lab.Time.Advance(TimeSpan.FromSeconds(5));
                return lab.Outbox.All.All(e => e.State == OutboxState.Delivered);
            },
            "all delivered", Deadline);

        Assert.Empty(early);
        Assert.Equal(600, pending);
        Assert.All(Enumerable.Range(1, 300), call => Assert.Equal(
            [$"{call}.1", $"{call}.2"], lab.Http.Sent.Where(c => c.Url == Dead).Select(Id).Where(id => id.StartsWith($"{call}.", StringComparison.Ordinal)).Distinct()));
        Assert.Equal(900, lab.Outbox.All.Count(e => e.State == OutboxState.Delivered));
    }

    [Fact]
    public async Task What_is_stored_while_the_outbox_is_read_is_neither_lost_nor_sent_twice()
    {
        await using var lab = new Lab(_ => FakeHttpCaller.Ok);
        lab.Outbox.Store(Enumerable.Range(1, 700).Select(call => Note(call, 1)));
        var next = 2;
        lab.Outbox.Reading = _ =>
        {
            // Stored and handed over in the middle of a page's reading: in that page, and from the log as well.
            if (next <= 4)
                lab.Notifier.Notify(lab.Outbox.Store(Enumerable.Range(1, 700).Select(call => Note(call, next)).ToList()));
            next++;
        };

        lab.Notify(Note(9999, 1));
        await UntilAsync(() => lab.Outbox.All.All(e => e.State == OutboxState.Delivered), "all delivered");

        Assert.Equal(lab.Outbox.All.Count, lab.Http.Sent.Count);
        Assert.All(lab.Sent.GroupBy(id => id.Split('.')[0]), g => Assert.Equal(g.Order(StringComparer.Ordinal), g));
    }

    [Fact]
    public async Task An_outbox_that_cannot_be_read_at_the_start_is_read_when_it_can()
    {
        await using var lab = new Lab(_ => FakeHttpCaller.Ok);
        lab.Outbox.Store(Note(1, 1));
        lab.Outbox.IsDown = true;

        _ = lab.Notifier;
        await UntilAsync(() => lab.Outbox.Reads == 1 && lab.Time.Waiting > 0, "a read that failed");
        lab.Outbox.IsDown = false;
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        await lab.StoredAsync("1.1", OutboxState.Delivered, 1);

        Assert.Equal(["1.1"], lab.Sent);
    }
}
