using Dapper;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Schema;

/// <summary>Numbered scripts that bring a database to this release's schema, forward only, each in its own transaction.</summary>
internal static class Migrations
{
    private static readonly IReadOnlyList<Migration> All = Migration.All("sqlite/");

    /// <summary>The schema this release works with.</summary>
    public static int Current => All[^1].Version;

    /// <exception cref="StorageUnavailableException">The database is newer than this release, or belongs to another program.</exception>
    public static void Apply(SqliteConnection connection, TimeProvider time)
    {
        RefuseForeign(connection);
        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute("""
                CREATE TABLE IF NOT EXISTS schema_version (
                  version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)
                """);
            transaction.Commit();
        }
        foreach (var migration in All)
            Apply(connection, migration, time);
    }

    private static void Apply(SqliteConnection connection, Migration migration, TimeProvider time)
    {
        using var transaction = connection.BeginTransaction();
        // Asked under the write lock: another process may be migrating too.
        var version = connection.ExecuteScalar<long?>("SELECT max(version) FROM schema_version") ?? 0;
        if (version > Current)
        {
            throw new StorageUnavailableException(
                $"The database {connection.DataSource} has schema {version}; this release knows schemas up to {Current}. "
                + "Start the release that wrote it or a newer one, or restore a backup made before the upgrade.");
        }
        if (version >= migration.Version)
            return;
        connection.Execute(migration.Sql);
        connection.Execute(
            "INSERT INTO schema_version (version, name, applied_at) VALUES (@Version, @Name, @At)",
            new { migration.Version, migration.Name, At = StoredTime.ToMicroseconds(time.GetUtcNow()) });
        transaction.Commit();
    }

    private static void RefuseForeign(SqliteConnection connection)
    {
        var tables = connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table'").AsList();
        if (tables.Count > 0 && !tables.Contains("schema_version"))
        {
            throw new StorageUnavailableException(
                $"The database {connection.DataSource} was not made by Switchhook. Name another file in Storage:Connection.");
        }
    }
}
