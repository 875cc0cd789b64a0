using System.Globalization;
using Npgsql;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Postgres;
using Switchhook.Storage.Tests.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests;

/// <summary>What happens when PostgreSQL fails. It has a server of its own: others would notice.</summary>
public sealed class PostgresFaultTests : IAsyncDisposable
{
    private readonly PostgresServer _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_a_crash_of_PostgreSQL_refuses_is_stored_once_when_it_is_back()
    {
        using var test = new PostgresTestStorage(_server);
        var before = Batch(1, 100);
        var after = Batch(101, 100);
        test.Log.Append(before);
        await _server.CrashAsync();

        var refused = Assert.Throws<StorageUnavailableException>(() => test.Log.Append(after));
        var unread = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await test.History.FindAsync(new CallId(1), default));
        var writes = test.Storage.CanWrite(out var problem);
        await _server.ReadyAsync();
        test.Log.Append(after);

        Assert.Contains("cannot be reached", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", unread.Message, StringComparison.Ordinal);
        Assert.False(writes);
        Assert.Contains("cannot be reached", problem, StringComparison.Ordinal);
        await AssertWholeAsync(test, 200);
        Assert.True(test.Storage.CanWrite(out _));
    }

    [Fact]
    public async Task A_database_that_stands_still_is_found_out_and_what_it_did_in_the_end_is_not_done_twice()
    {
        var connection = $"{await _server.CreateDatabaseAsync()};Command Timeout=1;Timeout=1";
        using var storage = PostgresStorage.Open(connection, TimeProvider.System, exclusive: true);
        storage.Log.Append(Batch(1, 100));
        _ = await storage.History.FindAsync(new CallId(1), default);
        var stuck = Batch(101, 100);
        await _server.FreezeAsync();
        StorageUnavailableException refused, unread;
        bool writes;
        try
        {
            refused = Assert.Throws<StorageUnavailableException>(() => storage.Log.Append(stuck));
            unread = await Assert.ThrowsAsync<StorageUnavailableException>(async () => await storage.History.FindAsync(new CallId(1), default));
            writes = storage.CanWrite(out _);
        }
        finally
        {
            await _server.ThawAsync();
        }

        // The session of before may still be busy with what it was sent.
        storage.Log.Append(stuck);

        Assert.Contains("does not answer in time", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be used", unread.Message, StringComparison.Ordinal);
        Assert.False(writes);
        await AssertWholeAsync(storage, 200);
    }

    [Fact]
    public async Task Batches_during_which_sessions_are_ended_are_neither_lost_nor_doubled()
    {
        using var test = new PostgresTestStorage(_server);
        var (failures, last) = (0, 0);

        for (var round = 0; round < 12; round++)
        {
            // Batch after batch while the sessions are being ended, at a moment of the machine's own choosing, and one more.
            var ending = _server.EndSessionsAsync(test.Connection);
            var isOver = false;
            while (!isOver)
            {
                isOver = ending.IsCompleted;
                var writes = Batch(last + 1, 20);
                while (!TryAppend(writes))
                    Assert.True(++failures < 1_000, "it never comes back");
                last += 20;
            }
            await ending;
        }

        Assert.True(failures >= 6, $"only {failures} batches were hit");
        await AssertWholeAsync(test, last);

        bool TryAppend(IReadOnlyList<LogWrite> writes)
        {
            try
            {
                test.Log.Append(writes);
                return true;
            }
            catch (StorageUnavailableException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_second_server_is_turned_away_and_a_command_is_not()
    {
        var connection = await _server.CreateDatabaseAsync();
        using (PostgresStorage.Open(connection, TimeProvider.System, exclusive: true))
        {
            var refused = Assert.Throws<StorageUnavailableException>(() => PostgresStorage.Open(connection, TimeProvider.System, exclusive: true));
            using var command = PostgresStorage.Open(connection, TimeProvider.System, exclusive: false);

            Assert.Contains("Another Switchhook server uses", refused.Message, StringComparison.Ordinal);
            Assert.True(command.CanWrite(out _));
        }
        using var next = PostgresStorage.Open(connection, TimeProvider.System, exclusive: true);
        Assert.True(next.CanWrite(out _));
    }

    [Fact]
    public async Task A_server_whose_place_was_taken_while_it_was_cut_off_writes_no_more()
    {
        var connection = await _server.CreateDatabaseAsync();
        using var first = PostgresStorage.Open(connection, TimeProvider.System, exclusive: true);
        await _server.EndSessionsAsync(connection);
        using var second = PostgresStorage.Open(connection, TimeProvider.System, exclusive: true);

        Assert.Throws<StorageUnavailableException>(() => first.Log.Append(Batch(1, 1)));   // the broken connection
        var refused = Assert.Throws<StorageUnavailableException>(() => first.Log.Append(Batch(1, 1)));

        Assert.Contains("Another Switchhook server uses", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, second.Log.LastCursor());
    }

    [Fact]
    public async Task A_database_that_turned_read_only_says_so()
    {
        using var test = new PostgresTestStorage(_server);
        await _server.SqlAsync(test.Connection, "ALTER DATABASE " + test.Connection[(test.Connection.LastIndexOf('=') + 1)..] + " SET default_transaction_read_only = on");
        await _server.EndSessionsAsync(test.Connection);

        Assert.Throws<StorageUnavailableException>(() => test.Log.Append(Batch(1, 1)));   // the broken connection
        var refused = Assert.Throws<StorageUnavailableException>(() => test.Log.Append(Batch(1, 1)));

        Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_database_and_that_of_another_program_are_refused_untouched()
    {
        var newer = await _server.CreateDatabaseAsync();
        PostgresStorage.Open(newer, TimeProvider.System, exclusive: true).Dispose();
        await _server.SqlAsync(newer, "INSERT INTO schema_version (version, name, applied_at) VALUES (999, 'future', 0)");
        var foreign = await _server.CreateDatabaseAsync();
        await _server.SqlAsync(foreign, "CREATE TABLE bookmarks (url text)");

        var tooNew = Assert.Throws<StorageUnavailableException>(() => PostgresStorage.Open(newer, TimeProvider.System, exclusive: true));
        var notOurs = Assert.Throws<StorageUnavailableException>(() => PostgresStorage.Open(foreign, TimeProvider.System, exclusive: true));

        Assert.Contains("schema 999", tooNew.Message, StringComparison.Ordinal);
        Assert.Contains("not made by Switchhook", notOurs.Message, StringComparison.Ordinal);
        Assert.Equal("bookmarks", await _server.SqlAsync(foreign, "SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Theory]
    [InlineData("Username", "nobody", "does not exist")]
    [InlineData("Database", "nowhere", "no such database")]
    public async Task What_is_wrong_with_the_way_in_is_told(string key, string value, string says)
    {
        var connection = new NpgsqlConnectionStringBuilder(await _server.CreateDatabaseAsync()) { [key] = value };

        var refused = Assert.Throws<StorageUnavailableException>(() => PostgresStorage.Open(connection.ConnectionString, TimeProvider.System, exclusive: true));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private static async Task AssertWholeAsync(PostgresTestStorage test, int events) => await AssertWholeAsync(test.Storage, events);

    private static async Task AssertWholeAsync(DurableStorage storage, int events)
    {
        var read = await storage.Log.ReadAsync(0, 10_000, default);
        Assert.Equal(Enumerable.Range(1, events).Select(n => (long)n).Take(10_000), read.Select(e => e.Cursor));
        Assert.Equal(events, (await storage.History.QueryAsync(new CallQuery { PageSize = 1 }, default)).Total);
        Assert.Equal(events, (await storage.Outbox.QueryAsync(new OutboxQuery { PageSize = 1 }, default)).Total);
        Assert.Empty(storage.Log.Unfinished());
    }

    /// <summary>So many ended calls, each with a notification.</summary>
    private static List<LogWrite> Batch(int first, int count) =>
    [
        .. Enumerable.Range(first, count).Select(n => new LogWrite.Happened(
            n, Samples.Ended(Samples.Call(n)), [Notifications.Make(n.ToString(CultureInfo.InvariantCulture), n)])),
    ];
}
