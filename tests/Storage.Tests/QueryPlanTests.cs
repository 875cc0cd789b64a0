using System.Text.RegularExpressions;
using Dapper;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;
using Switchhook.Storage.Sqlite;
using Switchhook.Storage.Tests.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests;

/// <summary>
/// What a server asks at its start, for every call, and for searches finds its rows by an index, so that neither takes longer in a database of
/// many calls. The statements are those that were really run; how the database would run them is asked of it.
/// </summary>
public sealed class QueryPlanTests(PostgresServer server)
{
    /// <summary>Tables that hold what is there now, and are read whole.</summary>
    private static readonly string[] Small = ["live_dialogs", "live_calls", "l", "bindings", "provisioning", "log_horizon"];

    [Fact]
    public async Task SQLite_walks_through_no_table()
    {
        using var test = new SqliteTestStorage();
        await UseAsync(test);

        var plans = test.Storage.Readers.Read(0, static (connection, _) => ((SqliteConnection)connection).Statements.Texts
            .Where(text => text.StartsWith("SELECT", StringComparison.Ordinal)).ToList()
            .ToDictionary(text => text, text => connection.Query($"EXPLAIN QUERY PLAN {Regex.Replace(text, @"@\w+", "1")}").Select(Detail).ToList()));

        Assert.True(plans.Count > 20, $"only {plans.Count} statements were looked at");
        foreach (var (text, plan) in plans)
            Assert.All(plan.Where(line => line.StartsWith("SCAN ", StringComparison.Ordinal)), line => Assert.True(MayScan(line), $"{line} in {text}"));
    }

    /// <summary>A step of retention that walked through all that an account has would hold up the log's writer for as long as that takes.</summary>
    [Fact]
    public void What_is_removed_in_SQLite_is_found_by_the_whole_of_an_index()
    {
        using var test = new SqliteTestStorage();
        test.Append([.. Enumerable.Range(1, 20).Select(n => Samples.Ended(Samples.Call(n)))]);
        while (test.Storage.Prune(LogRetention.Standard, Samples.Start.AddYears(5)))
            continue;

        Dictionary<string, List<string>> plans = [];
        ((SqliteStorage)test.Storage).Writer.Commit(plans, static (connection, plans) =>
        {
            foreach (var text in connection.Statements.Texts.Where(text => text.StartsWith("DELETE FROM", StringComparison.Ordinal)).ToList())
                plans.Add(text, [.. connection.Query($"EXPLAIN QUERY PLAN {Regex.Replace(text, @"@\w+", "1")}").Select(Detail)]);
        });

        Assert.True(plans.Count >= 7, $"only {plans.Count} statements were looked at");
        foreach (var (text, plan) in plans)
        {
            var first = plan[0];
            var isWhole = first.Contains("INTEGER PRIMARY KEY (rowid", StringComparison.Ordinal) || first.Contains("<?)", StringComparison.Ordinal);
            Assert.True(isWhole, $"{first} in {text}");
        }
    }

    [Fact]
    public async Task PostgreSQL_walks_through_no_table()
    {
        using var test = new PostgresTestStorage(server);
        for (var n = 0; n < 12; n++)
            await UseAsync(test);   // what is run often is prepared, by each connection for itself

        var plans = test.Storage.Readers.Read(0, static (connection, _) =>
        {
            // Of tables this small it would walk through each.
            connection.Execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan; DISCARD PLANS");
            return connection.Query<(string Name, string Text, int Parameters)>(
                    "SELECT name, statement, cardinality(parameter_types) FROM pg_prepared_statements WHERE statement LIKE 'SELECT%'").ToList()
                .ToDictionary(s => s.Text, s => connection.Query<string>($"EXPLAIN EXECUTE {s.Name}{Nulls(s.Parameters)}").ToList());
        });

        Assert.True(plans.Count > 20, $"only {plans.Count} statements were looked at");
        foreach (var (text, plan) in plans)
        {
            Assert.All(
                plan.Where(line => line.Contains("Seq Scan", StringComparison.Ordinal)),
                line => Assert.True(Small.Any(table => line.Contains($" on {table}", StringComparison.Ordinal)), $"{line} in {text}"));
        }
    }

    /// <summary>What a start asks, what calls ask and what programs ask of their history.</summary>
    private static async Task UseAsync(ITestStorage storage)
    {
        var call = Samples.Call(Samples.IdAt(TimeProvider.System.GetUtcNow()).Value);
        storage.Append(Samples.Ended(call));
        _ = storage.Log.Unfinished();
        _ = storage.History.LastId();
        _ = storage.Outbox.Pending(0, 100);
        await storage.Outbox.FindAsync("n1", default);
        _ = storage.Registrations.Load(Samples.Start);
        await storage.History.FindAsync(call.Id, default);
        foreach (var filter in (EventFilter[])[new(), new("demo"), new("demo", call.Id), new("demo", null, new HashSet<string> { "call.ended" })])
            await storage.Log.ReadAsync(0, 10, filter, default);
        CallQuery all = new() { Account = "demo" };
        CallQuery[] queries =
        [
            all, all with { Page = 3 }, all with { NewestFirst = false }, all with { Since = Samples.Start }, all with { Until = Samples.Start },
            all with { Cause = HangupCause.UserBusy }, all with { By = "callee" }, all with { CallerNumber = "1" }, all with { Dialed = "2" },
            all with { CalleeDialed = "3" }, all with { Direction = CallDirection.Inbound }, all with { Call = call.Id },
            all with { After = default(CallId), Since = Samples.Start, Until = Samples.Start, NewestFirst = false, WithTotal = false },
        ];
        foreach (var query in queries)
            await storage.History.QueryAsync(query, default);
    }

    /// <summary>A small table, or rows that the statement made itself.</summary>
    private static bool MayScan(string line) => line.Split(' ')[1] is var what && (Small.Contains(what) || what is "CONSTANT" or "ids" or "page");

    private static string Nulls(int parameters) => parameters == 0 ? "" : $"({string.Join(", ", Enumerable.Repeat("NULL", parameters))})";

    private static string Detail(object row) => (string)((IDictionary<string, object>)row)["detail"];
}
