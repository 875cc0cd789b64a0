using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Soak;

/// <summary>Two thousand calls, many at once, ended by every party at dice-thrown moments: afterwards every book agrees and nothing is left.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Calls = 2_000;
    private const int Workers = 16;
    private const int Seed = 4711;
    private const int FirstPhone = 3000;

    [Fact]
    public async Task Two_thousand_calls_ended_by_everybody_leave_exact_books_and_nothing_else()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/incoming", WebhookReply.Script("<Hangup/>"));
        var provisioning = new ProvisioningBuilder()
            .AddService(SoakParty.HangupService, "hangup").AddApiExtension(SoakParty.ScriptExtension, $"{app.Url}/incoming");
        for (var i = 0; i < Workers * 2; i++)
            provisioning.AddPhone($"{FirstPhone + i}");
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = provisioning });
        var ended = 0;
        var stream = server.Native.EventsUntilAsync(e => e.Name == "call.ended" && ++ended == Calls, after: "0", TimeSpan.FromMinutes(4));

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(w => WorkAsync(server, app, w)));

        var events = await stream;
        await server.QuietAsync("call", "leg", "dialog", "rtp_port", "script");
        var metrics = await server.MetricsAsync();
        var (total, _) = await server.Native.EndedAsync("&pageSize=1");
        output.WriteLine(metrics.Text);
        Assert.Equal(
            (Calls, Calls, (long)Calls),
            (metrics.Sum("switchhook_calls_ended_total"), metrics.Sum("switchhook_terminal_events_total", ("dialect", "native")), total));
        AssertOnce(events.Where(e => e.Name == "call.ended").Select(e => e.Call), Calls);
        var legs = events.Where(e => e.Name == "leg.ended").Select(e => e.Leg).ToList();
        AssertOnce(legs, legs.Count);
        AssertOneNoticeEach(app, metrics);
        await server.SilentAsync();
    }

    private static async Task WorkAsync(TestServer server, WebhookInbox app, int worker)
    {
        var wire = worker % 2 == 0 ? Wire.Udp : Wire.Tcp;
        var random = new Random(Seed + worker);
        var caller = server.Phone($"{FirstPhone + (worker * 2)}", wire);
        var callee = await server.RegisteredPhoneAsync($"{FirstPhone + (worker * 2) + 1}", wire);
        await using var party = new SoakParty(server, app, caller, callee, random);
        party.BePolite();
        var ends = Enum.GetValues<SoakEnd>();
        for (var i = 0; i < Calls / Workers; i++)
        {
            var end = ends[random.Next(ends.Length)];
            try
            {
                await party.RunAsync(end);
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException($"worker {worker}, call {i}, {end}: {e.Message}\nserver:\n{server.Output[^Math.Min(3000, server.Output.Length)..]}", e);
            }
        }
    }

    private static void AssertOnce(IEnumerable<string> ids, int expected)
    {
        var all = ids.ToList();
        Assert.Equal((expected, expected), (all.Count, all.Distinct().Count()));
    }

    /// <summary>Each call an application placed over Ozeki is told once: finished or failed.</summary>
    private static void AssertOneNoticeEach(WebhookInbox app, Metrics metrics)
    {
        var notices = app.All.Where(r => r.Path is "/finished" or "/error").Select(r => r["CallId"]).ToList();
        Assert.Equal(notices.Count, notices.Distinct().Count());
        Assert.Equal(notices.Count, metrics.Sum("switchhook_terminal_events_total", ("dialect", "ozeki")));
    }
}
