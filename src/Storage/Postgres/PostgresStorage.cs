using Npgsql;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Postgres;

/// <summary>Every durable port over one PostgreSQL database. Safe from any thread.</summary>
public sealed class PostgresStorage : DurableStorage
{
    private readonly PostgresWriter _writer;

    private PostgresStorage(string name, PostgresWriter writer, PostgresReaders readers, TimeProvider time)
        : base(writer, readers, new PostgresLog(writer, readers, time), time) => (Name, _writer) = (name, writer);

    /// <inheritdoc/>
    public override string Name { get; }

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
            return new PostgresStorage(options.Name, writer, new PostgresReaders(options), time);
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
    public override bool CanWrite(out string? problem)
    {
        problem = _writer.Try(connection =>
        {
            using var probe = new NpgsqlCommand("INSERT INTO write_probe (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at", connection)
            {
                CommandTimeout = 2,
                Parameters = { new() { Value = StoredTime.ToMicroseconds(Time.GetUtcNow()) } },
            };
            probe.ExecuteNonQuery();
        });
        return problem is null;
    }
}
