using System.Data.Common;
using System.Globalization;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Log;

/// <summary>How much is stored.</summary>
internal static class LogSize
{
    /// <summary>PostgreSQL's pages that are looked at, at most; fewer than so many are all counted.</summary>
    private const int Sample = 500;

    /// <summary>About what a row costs PostgreSQL besides itself: pointers to it, and its places in indexes.</summary>
    private const int RowCost = 40;

    private static readonly string[] Tables = ["call_events", "call_bodies", "calls", "call_accounts", "outbox"];

    /// <summary>Octets in use. SQLite knows it: pages that became free are used again before the file grows.</summary>
    public static long Of(DbConnection connection) => connection is SqliteConnection
        ? (Number(connection, "PRAGMA page_count") - Number(connection, "PRAGMA freelist_count")) * Number(connection, "PRAGMA page_size")
        : Tables.Sum(table => Estimate(connection, table));

    /// <summary>
    /// What is live in some of the table's pages, taken for all of them: a table of PostgreSQL does not shrink when rows go, and nothing tells
    /// how much of it is free that does not lag behind.
    /// </summary>
    private static long Estimate(DbConnection connection, string table)
    {
        var pages = Number(connection, $"SELECT pg_relation_size('{table}') / current_setting('block_size')::bigint");
        var percent = pages <= Sample ? 100 : 100.0 * Sample / pages;
        var live = Number(connection, string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT coalesce(sum(pg_column_size(t.*) + {RowCost}), 0)::bigint FROM {table} AS t TABLESAMPLE SYSTEM ({percent:F6})"));
        return (long)(live * 100 / percent);
    }

    private static long Number(DbConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return (long)command.ExecuteScalar()!;
    }
}
