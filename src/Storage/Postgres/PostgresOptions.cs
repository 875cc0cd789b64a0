using Npgsql;

namespace Switchhook.Storage.Postgres;

/// <summary>What a connection string says, with our own defaults where it says nothing.</summary>
/// <param name="Database">For an operator.</param>
/// <param name="Name">The database alone, wherever it is.</param>
internal sealed record PostgresOptions(string Writing, string Reading, string Database, string Name)
{
    /// <summary>Connections that only read, at most.</summary>
    public const int Readers = 4;

    /// <exception cref="ArgumentException">An unknown key, a value that fits none, or no host.</exception>
    public static PostgresOptions Parse(string text)
    {
        var given = new NpgsqlConnectionStringBuilder(text);
        if (string.IsNullOrWhiteSpace(given.Host))
            throw new ArgumentException("The connection string names no Host");
        if (given.Host.Contains(',', StringComparison.Ordinal))
            throw new ArgumentException("The connection string names several hosts: one server writes to one");
        // A database that stands still must be found out before anybody who waits for an answer gives up.
        Default("Timeout", () => given.Timeout = 5);
        Default("Command Timeout", () => given.CommandTimeout = 5);
        Default("Application Name", () => given.ApplicationName = "switchhook");
        Default("Max Auto Prepare", () => given.MaxAutoPrepare = 50);
        Default("Tcp Keepalive", () => given.TcpKeepAlive = true);
        if (given.Timeout == 0 || given.CommandTimeout == 0)
            throw new ArgumentException("Timeout and Command Timeout are more than 0: nothing waits without end");
        // A request to cancel goes over a connection of its own, on which Npgsql waits without end for a database that stands still.
        given.CancellationTimeout = -1;
        given.Enlist = false;
        var reading = new NpgsqlConnectionStringBuilder(given.ConnectionString) { Pooling = true, MinPoolSize = 0, MaxPoolSize = Readers };
        given.Pooling = false;
        var database = $"{given.Database ?? given.Username ?? "(default)"} on {given.Host}";
        return new PostgresOptions(given.ConnectionString, reading.ConnectionString, database, $"postgresql {given.Database ?? given.Username}");

        void Default(string key, Action set)
        {
            if (!given.ContainsKey(key) || !given.ShouldSerialize(key))
                set();
        }
    }
}
