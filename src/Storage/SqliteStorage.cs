using Switchhook.Calls.Ports;
using Switchhook.Storage.Documents;
using Switchhook.Storage.History;
using Switchhook.Storage.Keys;
using Switchhook.Storage.Log;
using Switchhook.Storage.Registrations;
using Switchhook.Storage.Schema;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage;

/// <summary>The embedded database: every durable port over one SQLite file. Safe from any thread.</summary>
public sealed class SqliteStorage : IDurableStorage
{
    private readonly ReadConnections _readers;
    private readonly CallLog _log;
    private readonly TimeProvider _time;

    private SqliteStorage(SqliteConnection connection, SqliteOptions options, TimeProvider time)
    {
        Path = options.Path;
        _time = time;
        Writer = new WriteConnection(connection);
        _readers = new ReadConnections(options);
        History = new CallHistory(_readers);
        Log = _log = new CallLog(Writer, _readers, time);
        Outbox = new Outbox(Writer, _readers);
        Registrations = new RegistrationStore(Writer, _readers);
        Provisioning = new ProvisioningStore(Writer, _readers);
        RequestKeys = new RequestKeyStore(Writer, _readers);
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    public ICallHistory History { get; }
    public ICallLog Log { get; }
    public IOutbox Outbox { get; }
    public IRegistrationStore Registrations { get; }
    public IProvisioningStore Provisioning { get; }
    public IRequestKeys RequestKeys { get; }

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
            return new SqliteStorage(connection, options, time);
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
    public bool CanWrite(out string? problem)
    {
        try
        {
            Writer.Commit(StoredTime.ToMicroseconds(_time.GetUtcNow()), static (connection, now) =>
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

    /// <summary>Removes a little of what is past keeping, in one short transaction. False when there is nothing more to remove now.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was removed.</exception>
    public bool Prune(LogRetention retention)
    {
        var more = false;
        Writer.Commit((Retention: retention, Now: _time.GetUtcNow()), (connection, step) => more = LogPruner.Prune(connection, step.Retention, step.Now));
        return more;
    }

    /// <summary>Closes every connection; the write-ahead log is folded into the file.</summary>
    public void Dispose()
    {
        _readers.Dispose();
        Writer.Dispose();
        _log.Dispose();
    }

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
