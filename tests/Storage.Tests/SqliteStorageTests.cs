using Dapper;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Schema;
using Switchhook.Storage.Sqlite;
using Switchhook.TestKit.Timing;

namespace Switchhook.Storage.Tests;

public sealed class SqliteStorageTests
{
    [Fact]
    public async Task What_was_committed_is_there_after_a_kill_and_what_was_not_is_gone()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        storage.Append([.. Enumerable.Range(1, 50).Select(id => Samples.Ended(Samples.Call(id, legs: 2)))]);
        storage.Append([Samples.Confirmed(Samples.Call(50, legs: 2), 1, HangupConfirmation.Yes)]);
        TemporaryDatabase? left = null;
        storage.Writer.Commit(0, (connection, _) =>
        {
            connection.Execute("DELETE FROM calls");
            left = database.CopyAsLeftByAKill();
        });

        using (left)
        using (var reopened = left!.Open())
        {
            Assert.Equal(50, (await reopened.History.QueryAsync(new CallQuery(), default)).Total);
            Assert.Equal(new CallId(50), reopened.History.LastId());
            Assert.Equal(HangupConfirmation.Yes, (await reopened.History.FindAsync(new CallId(50), default))!.Legs[0].Record!.Confirmed);
            Assert.True(reopened.CanWrite());
        }
    }

    [Fact]
    public async Task A_torn_last_write_of_the_log_costs_only_that_write()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        storage.Append([Samples.Ended(Samples.Call(1))]);
        using var left = database.CopyAsLeftByAKill();
        using (var log = File.Open(left.Path + "-wal", FileMode.Append))
            log.Write([.. Enumerable.Repeat((byte)0x5a, 3000)]);

        using var reopened = left.Open();

        Assert.NotNull(await reopened.History.FindAsync(new CallId(1), default));
    }

    [Fact]
    public async Task What_is_held_in_memory_is_given_back_and_read_again_when_it_is_asked_for()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        storage.Append([Samples.Ended(Samples.Call(1))]);
        await storage.History.FindAsync(new CallId(1), default);
        var readers = (ReadConnections)storage.Readers;
        var before = readers.Idle;

        storage.GiveBack();

        Assert.Equal((1, 0), (before, readers.Idle));
        Assert.NotNull(await storage.History.FindAsync(new CallId(1), default));
        storage.Append([Samples.Ended(Samples.Call(2))]);
        Assert.Equal(2, (await storage.History.QueryAsync(new CallQuery(), default)).Total);
    }

    [Fact]
    public async Task Commits_leave_the_copying_of_their_log_to_another_thread_and_the_log_begins_anew()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        const int more = 4 * Checkpointer.Overdue;
        for (var pages = 0; pages < more; pages += Checkpointer.Due)
        {
            var before = new FileInfo(database.Path).Length;
            storage.Writer.Commit(0, static (connection, _) =>
                connection.Execute($"INSERT INTO call_bodies (body) VALUES (zeroblob({Checkpointer.Due * 4096}))"));
            await Eventually.TrueAsync(() => new FileInfo(database.Path).Length >= before + Checkpointer.Due * 4096, "what was committed in the file");
        }

        Assert.InRange(new FileInfo(database.Path + "-wal").Length, 1, 2 * Checkpointer.Overdue * 4096L);
    }

    [Fact]
    public void Opening_again_migrates_nothing_twice()
    {
        using var database = new TemporaryDatabase();
        database.Open().Dispose();
        database.Open().Dispose();

        using var connection = new SqliteConnection(database.Path);
        connection.Open();
        Assert.Equal(Enumerable.Range(1, Migrations.Current), connection.Query<int>("SELECT version FROM schema_version ORDER BY version"));
    }

    [Fact]
    public void A_newer_database_is_refused_untouched_with_what_to_do()
    {
        using var database = new TemporaryDatabase();
        database.Open().Dispose();
        using (var connection = new SqliteConnection(database.Path))
        {
            connection.Open();
            connection.Execute("INSERT INTO schema_version (version, name, applied_at) VALUES (999, 'future', 0)");
        }

        var refused = Assert.Throws<StorageUnavailableException>(() => database.Open());

        Assert.Contains("schema 999", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {Migrations.Current}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        using var database = new TemporaryDatabase();
        using (var connection = new SqliteConnection(database.Path))
        {
            connection.Open();
            connection.Execute("CREATE TABLE bookmarks (url TEXT)");
        }

        var refused = Assert.Throws<StorageUnavailableException>(() => database.Open());

        Assert.Contains("not made by Switchhook", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        using var database = new TemporaryDatabase();
        File.WriteAllText(database.Path, new string('x', 5000));

        var refused = Assert.Throws<StorageUnavailableException>(() => database.Open());

        Assert.Contains("no SQLite database", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_database_is_a_named_failure()
    {
        using var database = new TemporaryDatabase();
        using (var storage = database.Open())
            storage.Append([.. Enumerable.Range(1, 500).Select(id => Samples.Ended(Samples.Call(id)))]);
        using (var file = File.Open(database.Path, FileMode.Open))
        {
            file.Position = 8192;
            file.Write([.. Enumerable.Repeat((byte)0xff, (int)(file.Length - 8192))]);
        }

        var failure = Assert.Throws<StorageUnavailableException>(() =>
        {
            using var storage = database.Open();
            storage.Append([Samples.Ended(Samples.Call(600))]);
        });

        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/self/switchhook.db")]              // a directory that takes no files, not even from root
    [InlineData("/nowhere/at/all/switchhook.db")]
    public void A_directory_that_cannot_be_written_is_refused_with_what_to_check(string path)
    {
        var refused = Assert.Throws<StorageUnavailableException>(() => SqliteStorage.Open(path, TimeProvider.System));

        Assert.Contains("may write there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_turned_read_only_stores_nothing_and_is_not_ready()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var ready = storage.CanWrite();
        storage.Writer.Commit(0, (connection, _) => connection.Execute("PRAGMA query_only = ON"));

        var failure = Assert.Throws<StorageUnavailableException>(() => storage.Append([Samples.Ended(Samples.Call(1))]));

        Assert.True(ready);
        Assert.Contains("cannot be written", failure.Message, StringComparison.Ordinal);
        Assert.False(storage.CanWrite(out var problem));
        Assert.Contains("cannot be written", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_fails_the_batch_as_a_whole_and_writing_resumes_when_there_is_room()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        storage.Append([Samples.Ended(Samples.Call(1))]);
        storage.Writer.Commit(0, (connection, _) =>
        {
            var pages = connection.ExecuteScalar<long>("PRAGMA page_count");
            connection.Execute($"PRAGMA max_page_count = {pages + 3}");
        });
        CallEvent[] batch = [.. Enumerable.Range(2, 200).Select(id => Samples.Ended(Samples.Call(id)))];

        var failure = Assert.Throws<StorageUnavailableException>(() => storage.Append(batch));

        Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await storage.History.QueryAsync(new CallQuery(), default)).Total);
        storage.Writer.Commit(0, (connection, _) => connection.Execute("PRAGMA max_page_count = 1000000"));
        storage.Append(batch);
        Assert.Equal(201, (await storage.History.QueryAsync(new CallQuery(), default)).Total);
    }

    [Fact]
    public void A_database_locked_by_another_process_is_a_named_failure()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open("Busy Timeout=20");
        using var other = new SqliteConnection(database.Path);
        other.Open();
        using (other.BeginTransaction())
        {
            var failure = Assert.Throws<StorageUnavailableException>(() => storage.Append([Samples.Ended(Samples.Call(1))]));
            Assert.Contains("locked", failure.Message, StringComparison.Ordinal);
            Assert.False(storage.CanWrite());
        }

        Assert.True(storage.CanWrite());
    }

    [Fact]
    public async Task A_closed_storage_refuses_by_name()
    {
        using var database = new TemporaryDatabase();
        var storage = database.Open();
        storage.Dispose();

        Assert.Throws<StorageUnavailableException>(() => storage.Append([Samples.Ended(Samples.Call(1))]));
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await storage.History.FindAsync(new CallId(1), default));
        Assert.False(storage.CanWrite());
    }

    [Fact]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public void Nobody_else_may_read_the_files()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        storage.Append([Samples.Ended(Samples.Call(1))]);

        Assert.All(Directory.GetFiles(database.Directory), file =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Theory]
    [InlineData("Data Source=x.db;Sychronous=Full")]
    [InlineData("Synchronous=Full")]
    [InlineData("  ")]
    public void A_wrong_connection_string_is_an_argument_error(string text) =>
        Assert.Throws<ArgumentException>(() => SqliteStorage.Open(text, TimeProvider.System));
}
