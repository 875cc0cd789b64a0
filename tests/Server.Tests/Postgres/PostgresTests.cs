using System.Net;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Postgres;

/// <summary>The whole server over PostgreSQL.</summary>
public sealed class PostgresTests : IAsyncDisposable
{
    private readonly PostgresServer _postgres = new();

    public ValueTask DisposeAsync() => _postgres.DisposeAsync();

    [Fact]
    public async Task Calls_and_their_events_are_there_after_a_kill_and_who_was_talking_is_hung_up()
    {
        var setup = await SetupAsync();
        await using var server = await TestServer.StartAsync(setup);
        await using var caller = server.Phone("701");
        var first = await caller.DialAsync("800");
        await first.ConnectAsync();
        var hungUp = (await server.Native.LiveBySipAsync(first.CallId)).Id;
        await server.Native.HangUpAsync(hungUp);
        await first.ExpectByeAsync();
        var before = await server.Native.ConfirmedCallAsync(hungUp);
        var second = await caller.DialAsync("800");
        await second.ConnectAsync();
        var talking = (await server.Native.LiveBySipAsync(second.CallId)).Id;
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var bye = await second.ExpectByeAsync();
        var recovered = await again.Native.ConfirmedCallAsync(talking);
        var after = await again.Native.CallAsync(hungUp);

        Assert.Equal(before.Json.ToString(), after.Json.ToString());
        Assert.Equal((41, "recovery"), (bye.Q850, recovered.Caller.Hangup!.By));
        Assert.Equal(2, (await again.Native.EndedAsync()).Total);
        Assert.Equal(
            "call.ended|call.ended",
            await _postgres.SqlAsync(ConnectionOf(setup), "SELECT string_agg(name, '|') FROM call_events WHERE name = 'call.ended'"));
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_calls_go_on_and_reads_are_refused_and_when_it_is_back_everything_is_stored_once()
    {
        var setup = await SetupAsync();
        await using var server = await TestServer.StartAsync(setup);
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        using var http = new HttpClient { BaseAddress = server.Http };
        await _postgres.CrashAsync();

        await placed.HangUpAsync();
        var health = await Eventually.GetAsync(ReadyAsync, h => h.Status == HttpStatusCode.ServiceUnavailable, "a server that is not ready");
        var history = await server.Native.GetAsync("calls?state=ended");
        await Eventually.GetAsync(server.MetricsAsync, m => m.Sum("switchhook_log_failures_total") > 0, "a failed write of the log");
        await _postgres.ReadyAsync();
        var ended = await server.Native.EndedCallAsync(id);
        await Eventually.GetAsync(ReadyAsync, h => h.Status == HttpStatusCode.OK, "a server that is ready");

        Assert.Contains("cannot be reached", health.Body, StringComparison.Ordinal);
        Assert.Equal(503, history.Status);
        Assert.Equal("caller", ended.Caller.Hangup!.By);
        Assert.Equal("1", await _postgres.SqlAsync(ConnectionOf(setup), "SELECT count(*) FROM call_events WHERE name = 'call.ended'"));
        Assert.Equal("1", await _postgres.SqlAsync(ConnectionOf(setup), "SELECT count(*) FROM calls"));

        async Task<(HttpStatusCode Status, string Body)> ReadyAsync()
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_second_server_on_the_same_database_says_so_and_ends()
    {
        var setup = await SetupAsync();
        await using var server = await TestServer.StartAsync(setup);

        var (code, output) = await TestServer.RunAsync(
            ["serve", .. setup.Settings.SelectMany(s => (string[])["--set", s]), "--set", "Sip:Listen=udp://127.0.0.1:0", "--set", "Http:Listen=http://127.0.0.1:0"]);

        Assert.Equal(1, code);
        Assert.Contains("Another Switchhook server uses the database", output, StringComparison.Ordinal);
        Assert.Contains("this machine", output, StringComparison.Ordinal);
    }

    private async Task<ServerSetup> SetupAsync() => new()
    {
        Provisioning = new ProvisioningBuilder().AddPhone("701").AddService("800", "answer"),
        Settings = ["Storage:Provider=postgresql", $"Storage:Connection={await _postgres.CreateDatabaseAsync()}"],
    };

    private static string ConnectionOf(ServerSetup setup) => setup.Settings[1]["Storage:Connection=".Length..];
}
