using System.Globalization;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Soak;

/// <summary>Thousands of calls, many at once, ended by every party at dice-thrown moments: afterwards every book agrees and nothing is left.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    /// <summary>How many calls are made; <c>./test --soak</c> makes 100,000.</summary>
    public const string CallsVariable = "SWITCHHOOK_TEST_SOAK_CALLS";

    private const int Workers = 16;
    private const int Seed = 4711;
    private const int FirstPhone = 3000;

    /// <summary>After so many calls a server is warm: from then on its memory must not grow.</summary>
    private const int Warm = 10_000;
    private const double MostGrowth = 1.10;

    private const int RegisterEvery = 500;

    private static readonly int Calls = RoundUp(
        Environment.GetEnvironmentVariable(CallsVariable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 2_000);

    [Fact]
    public async Task Calls_ended_by_everybody_leave_exact_books_and_nothing_else()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/incoming", WebhookReply.Script("<Hangup/>"));
        var provisioning = new ProvisioningBuilder()
            .AddService(SoakParty.HangupService, "hangup").AddApiExtension(SoakParty.ScriptExtension, $"{app.Url}/incoming");
        for (var i = 0; i < Workers * 2; i++)
            provisioning.AddPhone($"{FirstPhone + i}");
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = provisioning });
        var (calls, legs, memory) = (new List<string>(), new List<string>(), new List<long>());
        var stream = server.Native.EventsUntilAsync(
            e => Note(e, server, calls, legs, memory) == Calls, after: "0", TimeSpan.FromMinutes(4 + (Calls / 1000)), keep: _ => false);

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(w => WorkAsync(server, app, w)));

        await stream;
        await server.QuietAsync("call", "leg", "dialog", "rtp_port", "script");
        var metrics = await server.MetricsAsync();
        var (total, _) = await server.Native.EndedAsync("&pageSize=1");
        output.WriteLine(metrics.Text);
        Assert.Equal(
            (Calls, Calls, (long)Calls),
            (metrics.Sum("switchhook_calls_ended_total"), metrics.Sum("switchhook_terminal_events_total", ("dialect", "native")), total));
        AssertOnce(calls, Calls);
        AssertOnce(legs, legs.Count);
        AssertOneNoticeEach(app, metrics);
        await server.SilentAsync();
        AssertFlat(memory, server.ResidentBytes());
    }

    /// <summary>Keeps which call and leg ended, and now and then how much memory the server has; gives the number of ended calls.</summary>
    private int Note(EventView e, TestServer server, List<string> calls, List<string> legs, List<long> memory)
    {
        if (e.Name == "leg.ended")
            legs.Add(e.Leg);
        if (e.Name != "call.ended")
            return -1;
        calls.Add(e.Call);
        if (calls.Count % Warm == 0)
        {
            memory.Add(server.ResidentBytes());
            output.WriteLine($"{calls.Count} of {Calls} calls ended, {memory[^1] >> 20} MiB resident");
        }
        return calls.Count;
    }

    private void AssertFlat(List<long> memory, long atTheEnd)
    {
        output.WriteLine($"{atTheEnd >> 20} MiB resident at the end, nothing live");
        // Load with load: the first sample may be from before everything had been used once.
        if (memory.Count > 2)
            Assert.True(memory[^1] <= memory[1] * MostGrowth, $"under load {memory[1] >> 20} MiB after {2 * Warm} calls, {memory[^1] >> 20} MiB after {memory.Count * Warm}");
        if (memory.Count > 1)
            Assert.True(atTheEnd <= memory[0] * MostGrowth, $"{memory[0] >> 20} MiB after {Warm} calls, {atTheEnd >> 20} MiB at the end");
    }

    private static int RoundUp(int calls) => (calls + Workers - 1) / Workers * Workers;

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
            // A long soak outlives a registration.
            if (i > 0 && i % RegisterEvery == 0)
                await callee.RegisterAsync();
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
