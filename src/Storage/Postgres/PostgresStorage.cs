using Npgsql;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Documents;
using Switchhook.Storage.History;
using Switchhook.Storage.Keys;
using Switchhook.Storage.Log;
using Switchhook.Storage.Registrations;

namespace Switchhook.Storage.Postgres;

/// <summary>Every durable port over one PostgreSQL database. Safe from any thread.</summary>
public sealed class PostgresStorage : IDurableStorage
{
    private readonly PostgresWriter _writer;
    private readonly PostgresReaders _readers;
    private readonly PostgresLog _log;
    private readonly TimeProvider _time;

    private PostgresStorage(PostgresOptions options, PostgresWriter writer, TimeProvider time)
    {
        (_writer, _time) = (writer, time);
        _readers = new PostgresReaders(options);
        History = new CallHistory(_readers);
        Log = _log = new PostgresLog(writer, _readers, time);
        Outbox = new Outbox(writer, _readers);
        Registrations = new RegistrationStore(writer, _readers);
        Provisioning = new ProvisioningStore(writer, _readers);
        RequestKeys = new RequestKeyStore(writer, _readers);
    }

    public ICallHistory History { get; }
    public ICallLog Log { get; }
    public IOutbox Outbox { get; }
    public IRegistrationStore Registrations { get; }
    public IProvisioningStore Provisioning { get; }
    public IRequestKeys RequestKeys { get; }

    internal IWriter Writer => _writer;

    /// <summary>Connects, creating and migrating the tables as needed. The database itself must exist.</summary>
    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="time">Stamps migrations and write probes.</param>
    /// <param name="exclusive">True for a server: it is the only one until it ends. False for a command that works beside it.</param>
    /// <exception cref="ArgumentException">The connection string has an unknown key or no host.</exception>
    /// <exception cref="StorageUnavailableException">It cannot be used; the message says what to do.</exception>
    public static PostgresStorage Open(string connectionString, TimeProvider time, bool exclusive)
    {
        var options = PostgresOptions.Parse(connectionString);
        var writer = new PostgresWriter(options, new PostgresSession(options, exclusive));
        try
        {
            writer.Run((options, Now: time.GetUtcNow()), static (connection, all) => PostgresMigrations.Apply(connection, all.options.Database, all.Now));
            return new PostgresStorage(options, writer, time);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>What is wrong with a connection string, or null.</summary>
    public static string? Check(string connectionString)
    {
        try
        {
            _ = PostgresOptions.Parse(connectionString);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or KeyNotFoundException)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public bool CanWrite(out string? problem)
    {
        problem = _writer.Try(connection =>
        {
            using var probe = new NpgsqlCommand("INSERT INTO write_probe (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at", connection)
            {
                CommandTimeout = 2,
                Parameters = { new() { Value = StoredTime.ToMicroseconds(_time.GetUtcNow()) } },
            };
            probe.ExecuteNonQuery();
        });
        return problem is null;
    }

    /// <inheritdoc/>
    public bool Prune(LogRetention retention)
    {
        var more = false;
        _writer.Commit((Retention: retention, Now: _time.GetUtcNow()), (connection, step) => more = LogPruner.Prune(connection, step.Retention, step.Now));
        return more;
    }

    /// <summary>Closes every connection.</summary>
    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
        _log.Dispose();
    }
}
