using Switchhook.CrashHarness;
using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Recovery;

/// <summary>The server is killed under load, again and again on the same data: <c>tests/CrashHarness</c>, which may be run by hand too.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int RoundsWithPostgres = 4;

    [Fact]
    public async Task Kills_under_load_lose_nothing_tell_nothing_twice_and_leave_nobody_in_a_call()
    {
        var run = await CrashRun.RunAsync(CrashRun.Rounds(), CrashRun.Seed(), output.WriteLine);

        Assert.Empty(run.Mistakes);
    }

    [Fact]
    public async Task The_same_holds_with_PostgreSQL()
    {
        await using var postgres = new PostgresServer();

        var run = await CrashRun.RunAsync(
            RoundsWithPostgres, CrashRun.Seed(), output.WriteLine, "Storage:Provider=postgresql", $"Storage:Connection={await postgres.CreateDatabaseAsync()}");

        Assert.Empty(run.Mistakes);
    }
}
