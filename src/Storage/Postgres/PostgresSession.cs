using Npgsql;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Postgres;

/// <summary>
/// Opens the connection that writes. Of a server it holds an advisory lock as long as it lives: a second server is turned away, and a server
/// that comes back after a broken connection writes only once the session before is over, so that what became of its last commit is settled.
/// </summary>
internal sealed class PostgresSession(PostgresOptions options, bool exclusive)
{
    /// <summary>"Switchho" in octets; the lock's name within the database.</summary>
    private const long LockKey = 0x5377_6974_6368_686F;

    private const string AlreadyLocked = "55P03";

    private (int Process, DateTime Start)? _last;

    /// <exception cref="StorageUnavailableException">Another server holds the lock.</exception>
    public NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(options.Writing);
        try
        {
            connection.OpenInTime();
            if (exclusive)
                Lock(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Lock(NpgsqlConnection connection)
    {
        // The server may not have noticed yet that the connection of before is gone.
        if (_last is { } last)
        {
            using var end = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2", connection)
            {
                Parameters = { new() { Value = last.Process }, new() { Value = last.Start } },
            };
            end.ExecuteNonQuery();
        }
        try
        {
            using var take = new NpgsqlCommand($"SET lock_timeout = 2000; SELECT pg_advisory_lock({LockKey}); RESET lock_timeout", connection);
            take.ExecuteNonQuery();
        }
        catch (PostgresException e) when (e.SqlState == AlreadyLocked)
        {
            throw new StorageUnavailableException(
                $"Another Switchhook server uses the database {options.Database}{Holder(connection)}: stop it, or name another database; one server uses one at a time.", e);
        }
        using var self = new NpgsqlCommand("SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()", connection);
        using var row = self.ExecuteReader();
        row.Read();
        _last = (row.GetInt32(0), row.GetDateTime(1));
    }

    private static string Holder(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            """
            SELECT coalesce(host(a.client_addr), 'this machine') FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.classid::bigint = $1 AND l.objid::bigint = $2
            """, connection)
        {
            Parameters = { new() { Value = LockKey >> 32 }, new() { Value = LockKey & 0xFFFF_FFFF } },
        };
        return command.ExecuteScalar() is string from ? $", from {from}" : "";
    }
}
