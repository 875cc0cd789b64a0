using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;
using Switchhook.Storage.Schema;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage;

/// <summary>The embedded database: every durable port over one SQLite file. Safe from any thread.</summary>
public sealed class SqliteStorage : DurableStorage
{
    private readonly ReadConnections _readers;

    private SqliteStorage(WriteConnection writer, ReadConnections readers, string path, TimeProvider time)
        : base(writer, readers, new SqliteLog(writer, readers, time), time) => (Writer, _readers, Path) = (writer, readers, path);

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override string Name => $"sqlite {System.IO.Path.GetFileName(Path)}";

    internal WriteConnection Writer { get; }

    /// <summary>Opens the database, creating and migrating it as needed. The directory must exist.</summary>
    /// <param name="connectionStringOrPath">A path, or <c>Data Source=PATH;Busy Timeout=MILLISECONDS;Synchronous=Full|Normal</c>.</param>
    /// <param name="time">Stamps migrations and write probes.</param>
    /// <exception cref="ArgumentException">The connection string has an unknown key or no path.</exception>
    /// <exception cref="StorageUnavailableException">It cannot be opened; the message says what to do.</exception>
    public static SqliteStorage Open(string connectionStringOrPath, TimeProvider time)
    {
        var options = SqliteOptions.Parse(connectionStringOrPath);
        var connection = new SqliteConnection(options);
        try
        {
            KeepPrivate(options.Path);
            connection.Open();
            Migrations.Apply(connection, time);
            ReadNewest(connection);
            connection.Execute($"PRAGMA wal_autocheckpoint = {Checkpointer.Overdue}");
            var readers = new ReadConnections(options);
            return new SqliteStorage(new WriteConnection(connection, new Checkpointer(readers)), readers, options.Path, time);
        }
        catch (SqliteException e) when (StorageFailure.IsOutside(e))
        {
            connection.Dispose();
            throw StorageFailure.Name(options.Path, e);
        }
        catch (DllNotFoundException e)
        {
            connection.Dispose();
            throw new StorageUnavailableException(e.Message, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes a row: true when the database takes writes.</summary>
    public bool CanWrite() => CanWrite(out _);

    /// <summary>As <see cref="CanWrite()"/>, with the reason when it is false.</summary>
    public override bool CanWrite(out string? problem)
    {
        try
        {
            Writer.Commit(StoredTime.ToMicroseconds(Time.GetUtcNow()), static (connection, now) =>
            {
                using var probe = new SqliteCommand(connection, "INSERT OR REPLACE INTO write_probe (id, at) VALUES (1, @now)");
                probe.Parameters.Add("@now", now);
                probe.ExecuteNonQuery();
            });
            problem = null;
            return true;
        }
        catch (StorageUnavailableException e)
        {
            problem = e.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    public override void GiveBack()
    {
        _readers.GiveBack();
        Writer.GiveBack();
    }

    /// <summary>Removing writes much at once.</summary>
    private protected override void Settle() => Writer.Checkpoint();

    /// <summary>
    /// Reads what was written last: where a disk or a loss of power has torn a file, it is there. All of a database of millions of calls cannot
    /// be read before serving; damage elsewhere is named by whoever comes across it.
    /// </summary>
    private static void ReadNewest(SqliteConnection connection)
    {
        foreach (var (table, key) in (ReadOnlySpan<(string, string)>)
            [("calls", "id"), ("call_bodies", "call"), ("call_events", "cursor"), ("outbox", "number"), ("live_calls", "call"), ("live_dialogs", "call")])
        {
            using var command = new SqliteCommand(connection, $"SELECT * FROM {table} ORDER BY {key} DESC LIMIT 1");
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                    _ = reader.GetValue(i);
            }
        }
    }

    // The database holds secrets. SQLite gives the files beside it the mode of the database itself.
    private static void KeepPrivate(string path)
    {
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            new FileStream(path, create).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is there already, or SQLite will say better what is wrong.
        }
    }
}
