using System.Data;
using Dapper;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Tests.Sqlite;

public sealed class SqliteProviderTests : IDisposable
{
    private readonly TemporaryDatabase _database = new();
    private readonly SqliteConnection _connection;

    public SqliteProviderTests()
    {
        _connection = new SqliteConnection(_database.Path);
        _connection.Open();
    }

    [Fact]
    public void Values_come_back_as_they_went_in()
    {
        object[] values =
        [
            0L, -1L, long.MinValue, long.MaxValue, 0.0, -1.5, double.MaxValue, double.Epsilon, double.PositiveInfinity,
            "", "plain", "Zoë 電話 📞", "nul\0inside", new string('ü', 100_000),
            Array.Empty<byte>(), new byte[] { 0, 1, 255 }, new byte[100_000], DBNull.Value,
        ];

        foreach (var value in values)
        {
            using var command = new SqliteCommand(_connection, "SELECT @value");
            command.Parameters.Add("@value", value);
            Assert.Equal(value, command.ExecuteScalar());
        }
    }

    [Fact]
    public void Random_rows_come_back_as_they_went_in()
    {
        var random = new Random(11);
        _connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, r REAL, s TEXT, b BLOB)");
        var rows = Enumerable.Range(1, 300).Select(id => new Row(
            id,
            random.Next(4) == 0 ? null : random.NextInt64(long.MinValue, long.MaxValue),
            random.Next(4) == 0 ? null : random.NextDouble() * Math.Pow(10, random.Next(-300, 300)),
            random.Next(4) == 0 ? null : string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(0xD800))),
            random.Next(4) == 0 ? null : Bytes(random))).ToList();

        var inserted = _connection.Execute("INSERT INTO t (id, i, r, s, b) VALUES (@Id, @I, @R, @S, @B)", rows);

        Assert.Equal(300, inserted);
        Same.Assert(rows, _connection.Query<Row>("SELECT id, i, r, s, b FROM t ORDER BY id").AsList());
    }

    [Fact]
    public void Other_types_are_stored_in_their_documented_form()
    {
        var time = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.FromHours(2)).AddMicroseconds(7);
        using var command = new SqliteCommand(_connection, "SELECT @time, @span, @flag, @kind, @guid, @amount");
        command.Parameters.Add("@time", time);
        command.Parameters.Add("@span", TimeSpan.FromMicroseconds(5));
        command.Parameters.Add("@flag", true);
        command.Parameters.Add("@kind", ConnectionState.Open);
        command.Parameters.Add("@guid", Guid.Empty);
        command.Parameters.Add("@amount", 12.50m);

        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());

        Assert.Equal(time, reader.GetFieldValue<DateTimeOffset>(0));
        Assert.Equal(time.UtcDateTime, reader.GetDateTime(0));
        Assert.Equal(5L, reader.GetInt64(1));
        Assert.Equal(TimeSpan.FromMicroseconds(5), reader.GetFieldValue<TimeSpan>(1));
        Assert.True(reader.GetBoolean(2));
        Assert.Equal(1, reader.GetInt32(3));
        Assert.Equal(Guid.Empty, reader.GetGuid(4));
        Assert.Equal(12.50m, reader.GetDecimal(5));
    }

    [Fact]
    public void Dapper_maps_rows_expands_lists_and_reads_several_results()
    {
        _connection.Execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, born INTEGER)");
        _connection.Execute("INSERT INTO people (name, born) VALUES (@name, @born)", new[] { new { name = "Ada", born = 1815 }, new { name = "Alan", born = 1912 } });

        int[] ids = [2, 3];
        var some = _connection.Query<Person>("SELECT id, name, born FROM people WHERE id IN @ids", new { ids }).AsList();
        using var both = _connection.QueryMultiple("SELECT count(*) FROM people; SELECT name FROM people ORDER BY id");
        var none = _connection.QuerySingleOrDefault<Person>("SELECT id, name, born FROM people WHERE id = 9");

        Assert.Equal([new Person(2, "Alan", 1912)], some);
        Assert.Equal(2, both.ReadSingle<int>());
        Assert.Equal(["Ada", "Alan"], both.Read<string>());
        Assert.Null(none);
    }

    [Fact]
    public async Task Dappers_asynchronous_calls_and_transactions_work()
    {
        _connection.Execute("CREATE TABLE t (n INTEGER)");

        await using (var lost = _connection.BeginTransaction())
            await _connection.ExecuteAsync("INSERT INTO t VALUES (1)", transaction: lost);
        await using (var kept = _connection.BeginTransaction())
        {
            await _connection.ExecuteAsync("INSERT INTO t VALUES (2)", transaction: kept);
            await kept.CommitAsync();
        }

        Assert.Equal([2L], await _connection.QueryAsync<long>("SELECT n FROM t"));
    }

    [Fact]
    public void Failures_have_names()
    {
        _connection.Execute("CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT UNIQUE); CREATE TABLE children (parent INTEGER REFERENCES parents (id))");
        _connection.Execute("INSERT INTO parents VALUES (1, 'a')");

        Assert.Equal(SqliteError.Error, Error("SELEKT 1"));
        Assert.Equal(SqliteError.Error, Error("SELECT * FROM missing"));
        Assert.Equal(SqliteError.Constraint, Error("INSERT INTO parents VALUES (2, 'a')"));
        Assert.Equal(SqliteError.Constraint, Error("INSERT INTO children VALUES (7)"));
        Assert.Equal(1L, _connection.ExecuteScalar<long>("SELECT count(*) FROM parents"));
    }

    [Fact]
    public void A_failed_statement_can_be_used_again()
    {
        _connection.Execute("CREATE TABLE t (n INTEGER UNIQUE)");
        const string insert = "INSERT INTO t VALUES (@n)";

        _connection.Execute(insert, new { n = 1 });
        Assert.Throws<SqliteException>(() => _connection.Execute(insert, new { n = 1 }));
        _connection.Execute(insert, new { n = 2 });

        Assert.Equal(2L, _connection.ExecuteScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void One_text_can_be_read_while_it_is_being_read_and_many_texts_outlive_the_cache()
    {
        _connection.Execute("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2), (3)");
        using var outer = new SqliteCommand(_connection, "SELECT n FROM t ORDER BY n");
        List<(long, long)> pairs = [];

        using (var reader = outer.ExecuteReader())
        {
            while (reader.Read())
                pairs.AddRange(_connection.Query<long>("SELECT n FROM t ORDER BY n").Select(n => (reader.GetInt64(0), n)));
        }
        var sum = Enumerable.Range(0, 300).Sum(n => _connection.ExecuteScalar<long>($"SELECT {n % 150}"));

        Assert.Equal(9, pairs.Count);
        Assert.Equal((3L, 3L), pairs[^1]);
        Assert.Equal(2 * 149 * 150 / 2, sum);
    }

    [Fact]
    public void A_placeholder_without_a_value_is_an_error_that_names_it()
    {
        using var command = new SqliteCommand(_connection, "SELECT @missing");

        var failure = Assert.Throws<InvalidOperationException>(() => command.ExecuteScalar());

        Assert.Contains("missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_writes_ahead_checks_foreign_keys_and_refuses_when_told_to()
    {
        using var reading = new SqliteConnection(SqliteOptions.Parse(_database.Path) with { ReadOnly = true });
        reading.Open();

        Assert.Equal("wal", _connection.ExecuteScalar<string>("PRAGMA journal_mode"));
        Assert.Equal(1, _connection.ExecuteScalar<int>("PRAGMA foreign_keys"));
        Assert.Equal(2, _connection.ExecuteScalar<int>("PRAGMA synchronous"));
        Assert.Equal(SqliteError.ReadOnly, Assert.Throws<SqliteException>(() => reading.Execute("CREATE TABLE t (n)")).Error);
    }

    [Fact]
    public async Task A_running_statement_can_be_interrupted_from_another_thread()
    {
        using var command = new SqliteCommand(_connection, "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n");
        var running = Task.Run(() => Assert.Throws<SqliteException>(() => command.ExecuteScalar()));

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!running.IsCompleted && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
            command.Cancel();

        Assert.Equal(SqliteError.Interrupted, (await running).Error);
    }

    [Fact]
    public void A_reader_closed_after_its_connection_does_no_harm()
    {
        var connection = new SqliteConnection(_database.Path);
        connection.Open();
        var reader = new SqliteCommand(connection, "SELECT 1").ExecuteReader();

        connection.Dispose();
        reader.Dispose();

        Assert.True(reader.IsClosed);
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void A_missing_library_names_the_package_to_install()
    {
        var failure = Assert.Throws<DllNotFoundException>(() => SqliteLibrary.Require("libsqlite3.so.missing"));

        Assert.Contains("apt-get install libsqlite3-0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_survive_their_own_text()
    {
        SqliteOptions options = new()
        {
            Path = "/tmp/a=b; c.db",
            BusyTimeout = TimeSpan.FromMilliseconds(123),
            Synchronous = SqliteSynchronous.Normal,
            ReadOnly = true,
        };

        Assert.Equal(options, SqliteOptions.Parse(options.ToString()));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    private SqliteError Error(string sql) => Assert.Throws<SqliteException>(() => _connection.Execute(sql)).Error;

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(50)];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed record Row(long Id, long? I, double? R, string? S, byte[]? B);

    private sealed record Person(long Id, string Name, long Born);
}
