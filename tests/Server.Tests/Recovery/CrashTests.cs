using Switchhook.CrashHarness;

namespace Switchhook.Server.Tests.Recovery;

/// <summary>The server is killed under load, again and again on the same data: <c>tests/CrashHarness</c>, which may be run by hand too.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kills_under_load_lose_nothing_tell_nothing_twice_and_leave_nobody_in_a_call()
    {
        var run = await CrashRun.RunAsync(CrashRun.Rounds(), CrashRun.Seed(), output.WriteLine);

        Assert.Empty(run.Mistakes);
    }
}
