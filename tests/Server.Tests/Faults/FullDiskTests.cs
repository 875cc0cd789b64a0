using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Faults;

/// <summary>The disk below the database is full, or takes no writes.</summary>
public sealed class FullDiskTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_the_disk_is_full_calls_go_on_new_ones_are_refused_and_afterwards_everything_is_stored_and_told_once()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var disk = await SmallDisk.MountAsync(megabytes: 64);
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Data = Path.Combine(disk.Path, "data"),
            Provisioning = new ProvisioningBuilder().AddWebhook($"{app.Url}/hook", Secret, "call.ended").AddPhone("701").AddPhone("702").AddService("800", "answer"),
            // No call is refused here for anything but the disk.
            Settings = ["Calls:MaxPerSecond=100000"],
        });
        await using var caller = server.Phone("701");
        await using var callee = await server.RegisteredPhoneAsync("702");
        var placed = await caller.DialAsync("702");
        var offered = await callee.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await placed.ConnectAsync();
        var other = await caller.DialAsync("800");
        await other.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        var otherId = (await server.Native.LiveBySipAsync(other.CallId)).Id;

        disk.Fill();
        await Eventually.GetAsync(() => ReadyAsync(server), r => r.Contains("is full", StringComparison.Ordinal), "the server says that its disk is full", Patience);
        var asked = server.Native.HangUpAsync(id);
        var byes = (await placed.ExpectByeAsync(), await offered.ExpectByeAsync());
        Assert.Equal(200, (await other.HangUpAsync()).Status);
        var refusal = await RefusedAsync(caller);
        await Eventually.GetAsync(
            server.MetricsAsync, m => m.Sum("switchhook_log_failures_total") > 0 && m.Sum("switchhook_log_waiting") > 0, "a write that failed, and what waits", Patience);
        await Eventually.GetAsync(() => ReadyAsync(server), r => r.Contains("\"log\":\"The disk that holds", StringComparison.Ordinal), "the log tells why", Patience);
        var answeredEarly = asked.IsCompleted;
        disk.Free();
        var answer = await asked;
        await Eventually.GetAsync(() => ReadyAsync(server), r => !r.Contains("full", StringComparison.Ordinal), "the server is ready", Patience);
        var hooks = new[] { await EndOfAsync(app, id), await EndOfAsync(app, otherId) };
        var after = await caller.DialAsync("800");
        await after.ConnectAsync();

        Assert.Equal((16, 16), (byes.Item1.Q850, byes.Item2.Q850));
        Assert.Equal((503, 42), (refusal.Status, refusal.Q850));
        Assert.NotEqual("", refusal.Header("Retry-After"));
        Assert.False(answeredEarly, "the hangup was acknowledged before it was stored");
        Assert.Equal(200, answer.Status);
        Assert.Equal(("api", "caller"), ((await server.Native.CallAsync(id)).By, (await server.Native.CallAsync(otherId)).By));
        Assert.Equal(2, hooks.Distinct().Count());
        Assert.True(server.Lines.Count(l => l.Contains("could not be stored; they are kept", StringComparison.Ordinal)) == 1, server.Output);
        Assert.Equal(1, server.Lines.Count(l => l.Contains("none was lost", StringComparison.Ordinal)));
        Assert.All(app.All.Where(r => r.Path == "/hook").GroupBy(r => r.Headers["webhook-id"]), told => Assert.Single(told));
    }

    [Fact]
    public async Task What_a_server_could_not_store_before_it_was_stopped_is_stored_and_told_by_the_next_one_and_by_nobody_before()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var disk = await SmallDisk.MountAsync(megabytes: 24);
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Data = Path.Combine(disk.Path, "data"),
            Provisioning = new ProvisioningBuilder().AddWebhook($"{app.Url}/hook", Secret, "call.ended").AddPhone("701").AddPhone("702").AddService("800", "answer"),
            Settings = ["Shutdown:GraceSeconds=0"],
        });
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;

        disk.Fill();
        Assert.Equal(200, (await placed.HangUpAsync()).Status);
        await using var late = await server.RegisteredPhoneAsync("702");
        await Eventually.GetAsync(server.MetricsAsync, m => m.Sum("switchhook_log_failures_total") > 0, "a write that failed", Patience);
        Assert.Equal(0, await server.StopAsync(Patience));
        var told = app.All.Count(r => r.Path == "/hook");
        disk.Free();
        await using var again = await server.StartAgainAsync();
        var hook = await EndOfAsync(app, id);
        var call = await again.Native.EndedCallAsync(id);
        var onward = await caller.DialAsync("702");
        var offered = await late.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await onward.ConnectAsync();

        Assert.Equal(0, told);
        Assert.NotEqual("", hook);
        Assert.Equal("caller", call.By);
        Assert.Contains(server.Lines, l => l.Contains("the next start stores them", StringComparison.Ordinal));
        Assert.Contains(again.Lines, l => l.Contains("that the last run had not stored", StringComparison.Ordinal));
        Assert.DoesNotContain(again.Lines, l => l.Contains("was up when the server stopped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_disk_that_cannot_be_written_the_server_does_not_start_and_says_what_to_do()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 8);
        await using (var server = await TestServer.StartAsync(new ServerSetup { Data = Path.Combine(disk.Path, "data") }))
            await server.StopAsync();
        await disk.TurnReadOnlyAsync();

        var (code, output) = await TestServer.RunAsync(
            "serve", "--data", Path.Combine(disk.Path, "data"), "--set", "Http:Listen=http://127.0.0.1:0", "--set", "Sip:Listen=udp://127.0.0.1:0");

        Assert.True(code == 1, output);
        Assert.Contains("write", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static async Task<string> ReadyAsync(TestServer server)
    {
        using var client = new HttpClient { BaseAddress = server.Http };
        using var reply = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var text = await reply.Content.ReadAsStringAsync();
        Assert.Equal(text.Contains("disk", StringComparison.Ordinal) ? 503 : 200, (int)reply.StatusCode);
        return text;
    }

    private static async Task<string> EndOfAsync(WebhookInbox app, string call) =>
        (await app.NextAsync(r => r.Path == "/hook" && r.Body.Contains($"\"{call}\"", StringComparison.Ordinal), $"the end of {call}", Patience)).Headers["webhook-id"];

    /// <summary>Calls until one is refused: the first tries may still be taken.</summary>
    private static async Task<WireMessage> RefusedAsync(ScriptedPhone caller)
    {
        while (true)
        {
            var placed = await caller.DialAsync("800");
            var final = await placed.ExpectFinalAsync(Patience);
            await placed.AcknowledgeAsync(final);
            if (final.Status >= 300)
                return final;
            await placed.HangUpAsync();
        }
    }
}
