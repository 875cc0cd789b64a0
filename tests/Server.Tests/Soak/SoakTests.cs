using System.Globalization;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Soak;

/// <summary>Thousands of calls, many at once, ended by every party at dice-thrown moments: afterwards every book agrees and nothing is left.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    /// <summary>How many calls are made; <c>./test --soak</c> makes 100,000.</summary>
    public const string CallsVariable = "SWITCHHOOK_TEST_SOAK_CALLS";

    private const int Workers = 16;
    private const int Seed = 4711;
    private const int FirstPhone = 3000;

    /// <summary>After how many calls a server is warm; from then on its memory must not grow. It is looked at while nothing goes on, then and at the end.</summary>
    public const string WarmVariable = "SWITCHHOOK_TEST_SOAK_WARM";

    private const double MostGrowth = 1.10;
    private const int Reported = 10_000;

    /// <summary>For so long an idle server is watched: twice meanwhile it collects and gives back what it can, after 10 and after 34 seconds.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(3);

    private const int RegisterEvery = 500;

    private static readonly int Calls = RoundUp(Variable(CallsVariable, 2_000));
    private static readonly int Warm = RoundUp(Variable(WarmVariable, 10_000));

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
        var (calls, legs) = (new List<string>(), new List<string>());
        var stream = server.Native.EventsUntilAsync(
            e => Note(e, server, calls, legs) == Calls, after: "0", TimeSpan.FromMinutes(6 + (Calls / 1000)), keep: _ => false);

        var parties = await Task.WhenAll(Enumerable.Range(0, Workers).Select(w => EnterAsync(server, app, w)));
        long? warm = null;
        if (Calls > Warm)
        {
            await RunAsync(server, parties, Warm);
            warm = await SettledBytesAsync(server);
            output.WriteLine($"{warm >> 20} MiB resident after {Warm} calls, nothing live");
        }
        await RunAsync(server, parties, Calls - (warm is null ? 0 : Warm));

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
        if (warm is { } before)
            AssertFlat(before, await SettledBytesAsync(server));
        foreach (var (party, _, _) in parties)
            await party.DisposeAsync();
        await server.SilentAsync();
    }

    /// <summary>Keeps which call and leg ended, and now and then says how much memory the server has; gives the number of ended calls.</summary>
    private int Note(EventView e, TestServer server, List<string> calls, List<string> legs)
    {
        if (e.Name == "leg.ended")
            legs.Add(e.Leg);
        if (e.Name != "call.ended")
            return -1;
        calls.Add(e.Call);
        if (calls.Count % Reported == 0)
            output.WriteLine($"{calls.Count} of {Calls} calls ended, {server.ResidentBytes() >> 20} MiB resident");
        return calls.Count;
    }

    private void AssertFlat(long before, long atTheEnd)
    {
        output.WriteLine($"{atTheEnd >> 20} MiB resident at the end, nothing live");
        Assert.True(atTheEnd <= before * MostGrowth, $"{before >> 20} MiB after {Warm} calls, {atTheEnd >> 20} MiB after {Calls}, nothing live either time");
    }

    /// <summary>
    /// The least memory the server had while nothing was live, so that garbage counts for nothing. It is read from outside: a server that is asked for
    /// its figures is not idle.
    /// </summary>
    private static async Task<long> SettledBytesAsync(TestServer server)
    {
        // A connection of a phone has a timer as long as it stands.
        await Eventually.GetAsync(
            server.MetricsAsync, m => m.AllLive().All(g => g.Value <= (g.Key == "timer" ? 2 * Workers : 0)), "nothing is live but connections", SettleLimit);
        var (least, since) = (long.MaxValue, TimeProvider.System.GetTimestamp());
        await Eventually.TrueAsync(
            () =>
            {
                least = Math.Min(least, server.ResidentBytes());
                return TimeProvider.System.GetElapsedTime(since) > Watched;
            },
            "the server's memory is watched long enough", SettleLimit);
        return least;
    }

    private static int Variable(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static int RoundUp(int calls) => (calls + Workers - 1) / Workers * Workers;

    private static async Task<(SoakParty Party, ScriptedPhone Callee, Random Random)> EnterAsync(TestServer server, WebhookInbox app, int worker)
    {
        var wire = worker % 2 == 0 ? Wire.Udp : Wire.Tcp;
        var random = new Random(Seed + worker);
        var caller = server.Phone($"{FirstPhone + (worker * 2)}", wire);
        var callee = await server.RegisteredPhoneAsync($"{FirstPhone + (worker * 2) + 1}", wire);
        var party = new SoakParty(server, app, caller, callee, random);
        party.BePolite();
        return (party, callee, random);
    }

    /// <summary>So many calls in all, as many of each party.</summary>
    private static Task RunAsync(TestServer server, (SoakParty Party, ScriptedPhone Callee, Random Random)[] parties, int calls) =>
        Task.WhenAll(parties.Select((p, i) => WorkAsync(server, p, i, calls / Workers)));

    private static async Task WorkAsync(TestServer server, (SoakParty Party, ScriptedPhone Callee, Random Random) who, int worker, int calls)
    {
        var ends = Enum.GetValues<SoakEnd>();
        for (var i = 0; i < calls; i++)
        {
            var end = ends[who.Random.Next(ends.Length)];
            // A long soak outlives a registration.
            if (i % RegisterEvery == 0)
                await who.Callee.RegisterAsync();
            try
            {
                await who.Party.RunAsync(end);
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
