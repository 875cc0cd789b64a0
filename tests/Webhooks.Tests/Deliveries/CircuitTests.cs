using Switchhook.Calls.Ports;
using Switchhook.TestKit.Timing;
using static Switchhook.Webhooks.Tests.Lab;

namespace Switchhook.Webhooks.Tests.Deliveries;

public sealed class CircuitTests
{
    private const string Bad = "http://bad.example/hook";
    private const string Good = "http://good.example/hook";
    private static readonly HttpReply Failing = new(503, default, HttpFailure.None, null);

    [Fact]
    public async Task A_host_that_fails_too_often_gets_one_probe_at_a_time_until_it_works_and_other_hosts_go_on()
    {
        var down = true;
        await using var lab = new Lab(call => down && call.Url == Bad ? Failing : FakeHttpCaller.Ok) { Options = new WebhookOptions { MaxConcurrentPerHost = 1 } };

        lab.Notify(Enumerable.Range(1, 20).Select(call => Note(call, 1, BackOff, Bad)));
        await UntilAsync(() => lab.Outbox.All.Sum(e => e.Attempts) == 5, "five failures");
        lab.Notify(Enumerable.Range(101, 20).Select(call => Note(call, 1, BackOff, Good)));
        await UntilAsync(() => lab.Notifier.Delivered == 20, "the other host's");
        var whileOpen = lab.Http.Sent.Count(c => c.Url == Bad);
        lab.Time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(() => lab.Outbox.All.Sum(e => e.Attempts) == 26, "one probe");
        var probed = lab.Http.Sent.Count(c => c.Url == Bad);
        down = false;
        lab.Time.Advance(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(
            () =>
            {
                lab.Time.Advance(TimeSpan.FromSeconds(1));
                return lab.Outbox.All.All(e => e.State == OutboxState.Delivered);
            },
            "all delivered", Deadline);

        Assert.Equal((5, 6), (whileOpen, probed));
    }

    [Fact]
    public async Task A_host_that_hangs_takes_no_more_than_its_share()
    {
        var release = new TaskCompletionSource();
        await using var lab = new Lab(async (call, _) =>
        {
            if (call.Url == Bad)
                await release.Task;
            return FakeHttpCaller.Ok;
        })
        { Options = new WebhookOptions { MaxConcurrent = 8, MaxConcurrentPerHost = 4 } };

        lab.Notify(Enumerable.Range(1, 50).Select(call => Note(call, 1, url: Bad)));
        await UntilAsync(() => lab.Http.Sent.Count == 4, "its share");
        lab.Notify(Enumerable.Range(101, 50).Select(call => Note(call, 1, url: Good)));
        await UntilAsync(() => lab.Notifier.Delivered == 50, "the other host's");
        var hanging = lab.Http.Sent.Count(c => c.Url == Bad);
        release.SetResult();
        await UntilAsync(() => lab.Notifier.Delivered == 100, "all");

        Assert.Equal(4, hanging);
    }

    [Fact]
    public async Task What_is_tried_once_waits_a_minute_for_an_open_circuit_and_is_then_given_up_by_name()
    {
        await using var lab = new Lab(_ => Failing) { Options = new WebhookOptions { MaxConcurrentPerHost = 1 } };

        lab.Notify(Enumerable.Range(1, 10).Select(call => Note(call, 1, url: Bad)));
        await UntilAsync(() => lab.Notifier.Failed == 5, "five failures");
        lab.Time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(() => lab.Notifier.Failed == 6, "the first probe");
        lab.Time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(() => lab.Notifier.Failed == 10, "the second probe, and the rest");
        await UntilAsync(() => lab.Outbox.All.All(e => e.State == OutboxState.Failed), "all stored");

        Assert.Equal(7, lab.Http.Sent.Count);
        Assert.Equal(3, lab.Outbox.All.Count(e => e is { Attempts: 0, LastOutcome: "circuit-open: http://bad.example:80 failed too often" }));
        Assert.Equal(3, lab.Notifier.Counts.Results["circuit-open"]);
    }

    [Fact]
    public async Task Where_the_circuit_is_open_the_fallback_is_asked_at_once()
    {
        await using var lab = new Lab(call => call.Url == Bad ? Failing : FakeHttpCaller.Ok) { Options = new WebhookOptions { MaxConcurrentPerHost = 1 } };
        var policy = new DeliveryPolicy.Fallback(Good, null);

        lab.Notify(Enumerable.Range(1, 20).Select(call => Note(call, 1, policy, Bad)));
        await UntilAsync(() => lab.Outbox.All.All(e => e.State == OutboxState.Delivered), "all delivered");

        Assert.Equal((5, 20), (lab.Http.Sent.Count(c => c.Url == Bad), lab.Http.Sent.Count(c => c.Url == Good)));
    }

    [Fact]
    public async Task Refusals_of_the_receiver_and_of_our_own_open_no_circuit()
    {
        var replies = new HttpReply[] { new(404, default, HttpFailure.None, null), new(0, default, HttpFailure.AddressNotAllowed, "no"), new(0, default, HttpFailure.Busy, "no") };
        await using var lab = new Lab(call => replies[(int)(call.Call!.Value.Value % 3)]);

        lab.Notify(Enumerable.Range(1, 60).Select(call => Note(call, 1, url: Bad)));
        await UntilAsync(() => lab.Notifier.Failed == 60, "all tried");

        Assert.Equal(60, lab.Http.Sent.Count);
    }
}
