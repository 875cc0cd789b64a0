using Dapper;
using Npgsql;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Schema;

namespace Switchhook.Storage.Postgres;

/// <summary>Numbered scripts that bring a database to this release's schema, forward only, all in one transaction.</summary>
internal static class PostgresMigrations
{
    private static readonly IReadOnlyList<Migration> All = Migration.All("postgres/");

    /// <summary>The schema this release works with.</summary>
    public static int Current => All[^1].Version;

    /// <exception cref="StorageUnavailableException">The database is newer than this release, or belongs to another program.</exception>
    public static void Apply(NpgsqlConnection connection, string database, DateTimeOffset now)
    {
        using var transaction = connection.BeginTransaction();
        // Another process may be migrating too.
        connection.Execute("SELECT pg_advisory_xact_lock(hashtext('switchhook migrations'))");
        var tables = connection.Query<string>("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").AsList();
        if (tables.Count > 0 && !tables.Contains("schema_version"))
        {
            throw new StorageUnavailableException(
                $"The database {database} was not made by Switchhook. Name another one, or a Search Path of its own, in Storage:Connection.");
        }
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)");
        var version = connection.ExecuteScalar<int?>("SELECT max(version) FROM schema_version") ?? 0;
        if (version > Current)
        {
            throw new StorageUnavailableException(
                $"The database {database} has schema {version}; this release knows schemas up to {Current}. "
                + "Start the release that wrote it or a newer one, or restore a backup made before the upgrade.");
        }
        foreach (var migration in All.Where(migration => migration.Version > version))
        {
            connection.Execute(migration.Sql);
            connection.Execute(
                "INSERT INTO schema_version (version, name, applied_at) VALUES (@Version, @Name, @At)",
                new { migration.Version, migration.Name, At = StoredTime.ToMicroseconds(now) });
        }
        transaction.Commit();
    }
}
