using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Server.Native;
using Switchhook.Webhooks.Tests;

namespace Switchhook.Server.Tests.Native;

public sealed class NativeWebhookTests
{
    private const string Root = "/switchhook/v1/webhooks";

    [Fact]
    public async Task Webhooks_of_the_account_are_listed_newest_first_by_state_and_page()
    {
        await using var server = await NativeServer.StartAsync();
        server.Outbox.Store(Note("a", "demo"), Note("b", "other"), Note("c", "demo"), Note("d", "demo"), Note("e", null));
        Done(server.Outbox, "c", OutboxState.Failed);

        var all = (await server.GetAsync(Root)).Json;
        var failed = (await server.GetAsync($"{Root}?state=failed")).Json;
        var second = (await server.GetAsync($"{Root}?pageSize=2&page=1")).Json;

        Assert.Equal(["d", "c", "a"], all.GetProperty("webhooks").EnumerateArray().Select(w => w.GetProperty("id").GetString()));
        Assert.Equal(3, all.GetProperty("total").GetInt64());
        var one = Assert.Single(failed.GetProperty("webhooks").EnumerateArray());
        Assert.Equal(("c", "failed", 3, "503"), (one.GetProperty("id").GetString(), one.GetProperty("state").GetString(), one.GetProperty("attempts").GetInt32(), one.GetProperty("lastOutcome").GetString()));
        Assert.Equal("a", Assert.Single(second.GetProperty("webhooks").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal($"{Root}?pageSize=2&page=1", (await server.GetAsync($"{Root}?pageSize=2")).Json.GetProperty("next").GetString());
    }

    [Theory]
    [InlineData("state=lost")]
    [InlineData("page=-1")]
    [InlineData("page=x")]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=501")]
    public async Task A_wrong_filter_is_a_mistake(string query)
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync($"{Root}?{query}");

        Assert.Equal((400, "bad-request"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task One_is_shown_with_its_body_to_its_own_account_alone()
    {
        await using var server = await NativeServer.StartAsync();
        server.Outbox.Store(Note("a", "demo"));

        var own = await server.GetAsync($"{Root}/a");
        var foreign = await server.GetAsync($"{Root}/a", "Bearer shk_other");
        var unknown = await server.GetAsync($"{Root}/zz");

        Assert.Equal((200, "body of a"), (own.Status, own.Json.GetProperty("body").GetString()));
        Assert.Equal((404, "no-such-webhook"), (foreign.Status, foreign.Code));
        Assert.Equal((404, "no-such-webhook"), (unknown.Status, unknown.Code));
    }

    [Fact]
    public async Task What_is_done_can_be_replayed_and_what_is_pending_cannot()
    {
        await using var server = await NativeServer.StartAsync();
        server.Outbox.Store(Note("a", "demo"), Note("b", "demo"), Note("c", "other"));
        Done(server.Outbox, "a", OutboxState.Failed);
        Done(server.Outbox, "c", OutboxState.Failed);

        var replayed = await server.PostAsync($"{Root}/a/replay", null);
        var pending = await server.PostAsync($"{Root}/b/replay", null);
        var foreign = await server.PostAsync($"{Root}/c/replay", null);

        Assert.Equal((202, "pending", 0), (replayed.Status, replayed.Json.GetProperty("state").GetString(), replayed.Json.GetProperty("attempts").GetInt32()));
        Assert.Equal((409, "webhook-pending"), (pending.Status, pending.Code));
        Assert.Equal((404, "no-such-webhook"), (foreign.Status, foreign.Code));
        Assert.Equal("a", Assert.Single(server.Redelivered).Notification.Id);
    }

    [Fact]
    public async Task Without_storage_the_answer_is_503()
    {
        await using var server = await NativeServer.StartAsync();
        server.Outbox.IsDown = true;

        var list = await server.GetAsync(Root);
        var one = await server.GetAsync($"{Root}/a");
        var replay = await server.PostAsync($"{Root}/a/replay", null);

        Assert.Equal((503, 503, 503), (list.Status, one.Status, replay.Status));
    }

    [Fact]
    public void An_event_becomes_one_notification_for_every_subscription_that_wants_it()
    {
        var source = new WebhookSource(new OneDirectory(
            new Account { Name = "demo", Dialects = ["native"], Webhooks = [new("http://a.example/", ["call.started"]), new("http://b.example/", ["call.ended"]), new("http://c.example/", ["*"])] },
            new Account { Name = "barred", Dialects = ["ozeki"], Webhooks = [new("http://d.example/", ["*"])] }));
        var originate = new CallCommand.Originate { Dialect = "native", Account = "demo", Caller = new Party("811"), Dialed = "811", Then = new OnAnswer.Wait() };
        var call = new FakeExchange().Place(originate) with { Accounts = ["demo", "barred", "gone"] };
        List<Notification> notifications = [];

        source.Collect(new CallStarted { Call = call, Sequence = 1, At = FakeExchange.Start }, notifications);

        Assert.Equal(["http://a.example/", "http://c.example/"], notifications.Select(n => n.Request.Url));
        Assert.Equal([$"{call.Id}.1.webhook.1", $"{call.Id}.1.webhook.2"], notifications.Select(n => n.Id));
        Assert.All(notifications, n => Assert.Equal(("demo", true, DeliveryPolicy.BackOff.Standard, false, false), (n.Account, n.Signed, n.Policy, n.Terminal, n.Request.FollowRedirects)));
        Assert.Contains("\"event\":\"call.started\"", Encoding.UTF8.GetString(notifications[0].Request.Body.Span), StringComparison.Ordinal);
    }

    private static Notification Note(string id, string? account) => new(
        id, new CallId(7), "native", new HttpCall { Url = "http://example.com/", Body = Encoding.UTF8.GetBytes($"body of {id}") }, Terminal: false)
    { Account = account };

    private static void Done(MemoryOutbox outbox, string id, OutboxState state) =>
        outbox.Save([new DeliveryAttempt(id, state, 3, FakeExchange.Start, null, "503")]);

    private sealed class OneDirectory(params Account[] accounts) : IDirectory
    {
        public CallDirectory Current { get; } = new(new Provisioning { Accounts = [.. accounts] });
    }
}
