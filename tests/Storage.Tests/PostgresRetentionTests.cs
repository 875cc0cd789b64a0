using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests;

public sealed class PostgresRetentionTests(PostgresServer server)
{
    [Fact]
    public async Task What_is_past_keeping_goes_with_all_that_belongs_to_it_and_the_last_of_each_stays()
    {
        using var test = new PostgresTestStorage(server);
        var longAgo = Samples.Start.AddYears(-20);
        test.Append(Enumerable.Range(1, 1200).Select(n => Samples.Ended(Samples.Call(n) with { StartedAt = longAgo }) with { At = longAgo }));
        test.Append(Samples.Confirmed(Samples.Call(1), 1, Calls.Hangup.HangupConfirmation.Yes) with { At = longAgo });
        var live = Samples.Call(2000) with { State = new CallState.Talking() };
        test.Append(new Calls.Events.CallStarted { Call = live, Sequence = 1, At = TimeProvider.System.GetUtcNow() });

        for (var steps = 0; test.Storage.Prune(LogRetention.Standard); steps++)
            Assert.True(steps < 100, "there is no end to it");

        Assert.Equal(1201, await test.Log.HorizonAsync(default));
        Assert.Equal(new CallId(2000), Assert.Single(test.Log.Unfinished()).Call.Id);
        var left = await test.History.QueryAsync(new CallQuery { Account = "demo" }, default);
        Assert.Equal(new CallId(1200), Assert.Single(left.Calls).Id);
        Assert.Equal("1 1 0", await server.SqlAsync(test.Connection,
            "SELECT concat_ws(' ', (SELECT count(*) FROM call_bodies), (SELECT count(*) FROM call_accounts), (SELECT count(*) FROM call_confirmations))"));
    }
}
