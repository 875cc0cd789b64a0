using System.Data.Common;
using System.Globalization;

namespace Switchhook.Storage.Sqlite;

/// <summary>How hard a commit is pushed to the disk.</summary>
internal enum SqliteSynchronous
{
    /// <summary>A commit survives the end of the process; the last ones may be lost with the machine's power.</summary>
    Normal = 1,
    /// <summary>A commit survives the loss of power.</summary>
    Full = 2,
}

/// <summary>What a connection string can say: <c>Data Source=PATH;Busy Timeout=5000;Synchronous=Full;Read Only=false</c>.</summary>
internal sealed record SqliteOptions
{
    /// <summary>The database file.</summary>
    public required string Path { get; init; }

    /// <summary>How long a statement waits for another process's lock.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public SqliteSynchronous Synchronous { get; init; } = SqliteSynchronous.Full;

    /// <summary>True for a connection that refuses to write and never creates the file.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Reads a connection string, or takes the text as a path when it has no <c>=</c>.</summary>
    /// <exception cref="ArgumentException">An unknown key, or no data source.</exception>
    public static SqliteOptions Parse(string connectionStringOrPath)
    {
        if (!connectionStringOrPath.Contains('=', StringComparison.Ordinal))
            return new SqliteOptions { Path = Required(connectionStringOrPath) };

        var options = new SqliteOptions { Path = "" };
        var builder = new DbConnectionStringBuilder { ConnectionString = connectionStringOrPath };
        foreach (string key in builder.Keys)
        {
            var value = Convert.ToString(builder[key], CultureInfo.InvariantCulture) ?? "";
            options = key.ToUpperInvariant() switch
            {
                "DATA SOURCE" or "DATASOURCE" or "FILENAME" => options with { Path = value },
                "BUSY TIMEOUT" => options with { BusyTimeout = TimeSpan.FromMilliseconds(int.Parse(value, CultureInfo.InvariantCulture)) },
                "SYNCHRONOUS" => options with { Synchronous = Enum.Parse<SqliteSynchronous>(value, ignoreCase: true) },
                "READ ONLY" => options with { ReadOnly = bool.Parse(value) },
                _ => throw new ArgumentException($"Unknown key '{key}' in the connection string; known: Data Source, Busy Timeout, Synchronous, Read Only"),
            };
        }
        Required(options.Path);
        return options;
    }

    /// <summary>The connection string that <see cref="Parse"/> reads back.</summary>
    public override string ToString() => new DbConnectionStringBuilder
    {
        ["Data Source"] = Path,
        ["Busy Timeout"] = (int)BusyTimeout.TotalMilliseconds,
        ["Synchronous"] = Synchronous.ToString(),
        ["Read Only"] = ReadOnly.ToString(),
    }.ConnectionString;

    private static string Required(string path) =>
        string.IsNullOrWhiteSpace(path) ? throw new ArgumentException("The connection string names no database file (Data Source)") : path;
}
