using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>Webhooks of accounts, from a call to the application's server.</summary>
public sealed class RealWebhookTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_event_of_a_call_comes_once_in_order_and_signed_and_can_be_replayed()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var server = await TestServer.StartAsync(Setup($"{inbox.Url}/hook"));

        await CallAsync(server);
        await inbox.NextAsync(r => EventOf(r) == "call.ended", "call.ended", Deadline);
        var ended = inbox.All.Single(r => EventOf(r) == "call.ended");
        var id = ended.Headers["webhook-id"];
        await StateAsync(server, id, "delivered");
        var replayed = await server.Native.PostAsync($"webhooks/{id}/replay");
        await inbox.NextAsync(r => r.Headers["webhook-id"] == id && inbox.All.Count(a => a.Headers["webhook-id"] == id) == 2, "the replay", Deadline);
        var metrics = await server.MetricsAsync();

        var first = inbox.All.DistinctBy(r => r.Headers["webhook-id"]).ToList();
        Assert.Equal(202, replayed.Status);
        Assert.Equal(Enumerable.Range(1, first.Count), first.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("sequence").GetInt32()));
        Assert.Equal("call.started", EventOf(first[0]));
        Assert.Equal(first.Count + 1, inbox.All.Count);
        Assert.All(inbox.All, r => Assert.Equal(SignatureOf(r), r.Headers["webhook-signature"]));
        Assert.Equal(1, metrics.Sum("switchhook_terminal_events_total", ("dialect", "native")));
    }

    [Fact]
    public async Task What_failed_before_a_kill_comes_after_it_under_the_same_ids_and_nothing_else_comes_twice()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var server = await TestServer.StartAsync(Setup($"{inbox.Url}/hook"));
        inbox.Reply(r => EventOf(r) == "call.answered", new WebhookReply(500));

        await CallAsync(server);
        var failed = await inbox.NextAsync(r => EventOf(r) == "call.answered", "call.answered", Deadline);
        await Eventually.TrueAsync(
            async () => (await server.Native.GetAsync($"webhooks/{failed.Headers["webhook-id"]}")).Json.GetProperty("attempts").GetInt32() > 0, "the attempt is stored", Deadline);
        var before = inbox.All;
        await server.KillAsync();
        inbox.Reply(r => EventOf(r) == "call.answered", new WebhookReply(200));
        await using var again = await server.StartAgainAsync();
        await inbox.NextAsync(r => EventOf(r) == "call.ended", "call.ended", Deadline);
        await StateAsync(again, inbox.All.Last(r => EventOf(r) == "call.ended").Headers["webhook-id"], "delivered");

        Assert.DoesNotContain(before, r => EventOf(r) == "call.ended");
        var ids = inbox.All.Select(r => r.Headers["webhook-id"]).Distinct().ToList();
        Assert.All(ids.Where(id => id != failed.Headers["webhook-id"]), id => Assert.InRange(inbox.All.Count(r => r.Headers["webhook-id"] == id), 1, 2));
        Assert.Equal(
            inbox.All.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("sequence").GetInt32()).Distinct().Order(),
            inbox.All.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("sequence").GetInt32()).Distinct());
        Assert.Empty((await again.Native.GetAsync("webhooks?state=pending")).Json.GetProperty("webhooks").EnumerateArray());
    }

    [Fact]
    public async Task A_server_that_is_down_when_a_call_ends_is_told_when_it_is_up()
    {
        var port = FreePort.Next();
        await using var server = await TestServer.StartAsync(Setup($"http://127.0.0.1:{port}/hook", "call.ended"));

        await CallAsync(server);
        var pending = await Eventually.GetAsync(
            () => server.Native.GetAsync("webhooks?state=pending"),
            a => a.Json.GetProperty("total").GetInt64() == 1 && a.Json.GetProperty("webhooks")[0].GetProperty("attempts").GetInt32() > 0, "an attempt that failed", Deadline);
        await using var inbox = await WebhookInbox.StartAsync(port);
        var told = await inbox.NextAsync(r => EventOf(r) == "call.ended", "call.ended", Deadline);

        Assert.StartsWith("cannot-connect", pending.Json.GetProperty("webhooks")[0].GetProperty("lastOutcome").GetString(), StringComparison.Ordinal);
        Assert.Equal(pending.Json.GetProperty("webhooks")[0].GetProperty("id").GetString(), told.Headers["webhook-id"]);
    }

    [Fact]
    public async Task A_receiver_that_hangs_keeps_nobody_from_stopping_and_is_told_after_the_next_start()
    {
        await using var inbox = await WebhookInbox.StartAsync();
        await using var server = await TestServer.StartAsync(Setup($"{inbox.Url}/hook", "call.ended"));
        inbox.Reply("/hook", new WebhookReply(200) { Hangs = true });
        await CallAsync(server);
        var hanging = await inbox.NextAsync(r => EventOf(r) == "call.ended", "call.ended", Deadline);

        var exit = await server.StopAsync(Deadline);
        inbox.Reply("/hook", new WebhookReply(200));
        await using var again = await server.StartAgainAsync();
        var told = await inbox.NextAsync(r => EventOf(r) == "call.ended", "call.ended again", Deadline);
        await StateAsync(again, told.Headers["webhook-id"], "delivered");

        Assert.Equal(0, exit);
        Assert.Equal(hanging.Headers["webhook-id"], told.Headers["webhook-id"]);
    }

    private static ServerSetup Setup(string url, params string[] events) => new()
    {
        Provisioning = new ProvisioningBuilder().AddDemoPhone("811", "answer").AddWebhook(url, Secret, events.Length == 0 ? ["*"] : events),
        Settings = ["Shutdown:GraceSeconds=1"],
    };

    private static async Task CallAsync(TestServer server)
    {
        var placed = await server.Native.PostAsync("calls", new JsonObject { ["to"] = "811" });
        Assert.Equal(201, placed.Status);
        var id = placed.Json.GetProperty("id").GetString();
        await Eventually.TrueAsync(async () => (await server.Native.GetAsync($"calls/{id}")).Json.GetProperty("answeredAt").ValueKind == JsonValueKind.String, "answered", Deadline);
        Assert.Equal(200, (await server.Native.PostAsync($"calls/{id}/hangup")).Status);
    }

    private static Task StateAsync(TestServer server, string id, string state) => Eventually.TrueAsync(
        async () => (await server.Native.GetAsync($"webhooks/{id}")).Json.GetProperty("state").GetString() == state, $"{id} {state}", Deadline);

    private static string EventOf(WebhookRequest request) => JsonDocument.Parse(request.Body).RootElement.GetProperty("event").GetString()!;

    private static string SignatureOf(WebhookRequest request)
    {
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Body}";
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes(signed)))}";
    }
}
