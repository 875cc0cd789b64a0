using System.Data.Common;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Log;

/// <summary>
/// Removes what is past keeping, a little at a time, so that no write of the journal waits long for its turn. The last event and the last
/// notification always stay: their numbers are gone on from.
/// </summary>
internal static class LogPruner
{
    /// <summary>Rows looked at in one step.</summary>
    public const int Step = 500;

    /// <summary>One step. False when nothing is left to remove now.</summary>
    public static bool Prune(DbConnection connection, LogRetention retention, bool isTooLarge, DateTimeOffset now)
    {
        var events = PruneChains(connection, isTooLarge ? DateTimeOffset.MaxValue : now - retention.Events);
        var notifications = PruneNotifications(connection, now - retention.Events);
        // Ended events have their calls there: what no event is left of goes last.
        var calls = PruneCalls(connection, isTooLarge && !events ? DateTimeOffset.MaxValue : now - retention.Calls);
        return events || notifications || calls;
    }

    /// <summary>Moves the horizon on. What ended before it goes with all its events; what has not is kept behind it until then.</summary>
    private static bool PruneChains(DbConnection connection, DateTimeOffset before)
    {
        var horizon = LogReader.Horizon(connection);
        using var next = connection.Command("""
            SELECT max(cursor) FROM (SELECT cursor, at FROM call_events WHERE cursor > @horizon ORDER BY cursor LIMIT @step) AS oldest
            WHERE at < @before AND cursor < (SELECT max(cursor) FROM call_events)
            """);
        next.Add("@horizon", horizon);
        next.Add("@step", Step);
        next.Add("@before", Micros(before));
        if (next.ExecuteScalar() is not long last)
            return false;
        foreach (var sql in (string[])
        [
            """
            DELETE FROM call_events WHERE cursor IN (
              WITH RECURSIVE gone (cursor, previous) AS (
                SELECT cursor, previous FROM call_events WHERE cursor > @horizon AND cursor <= @last
                  AND (body IS NULL OR previous = 0 OR name = 'hangup.confirmed' AND previous IS NULL
                    OR cursor <= (SELECT chained_after FROM log_horizon) AND cursor NOT IN (SELECT cursor FROM live_calls))
                UNION SELECT e.cursor, e.previous FROM gone JOIN call_events e ON e.cursor = gone.previous)
              SELECT cursor FROM gone)
            """,
            $"DELETE FROM event_blocks WHERE block < (@last + 1) / {EventBlocks.Size} AND @horizon >= 0",
            "UPDATE log_horizon SET cursor = @last WHERE cursor = @horizon",
        ])
        {
            using var command = connection.Command(sql);
            command.Add("@horizon", horizon);
            command.Add("@last", last);
            command.ExecuteNonQuery();
        }
        return true;
    }

    private static bool PruneNotifications(DbConnection connection, DateTimeOffset before)
    {
        using var command = connection.Command("""
            DELETE FROM outbox WHERE number IN (
              SELECT number FROM (SELECT number, state, created_at FROM outbox ORDER BY number LIMIT @step) AS oldest WHERE created_at < @before AND state <> 0)
            AND number < (SELECT max(number) FROM outbox)
            """);
        return Run(command, before);
    }

    private static bool PruneCalls(DbConnection connection, DateTimeOffset before)
    {
        // The last of the calls to go: those behind the oldest event stay, their end may be among the events.
        using var last = connection.Command("""
            SELECT max(id) FROM (SELECT id, started_at FROM calls ORDER BY id LIMIT @step) AS oldest
            WHERE started_at < @before AND id < (SELECT max(id) FROM calls)
            AND id < coalesce((SELECT call FROM call_events WHERE cursor > (SELECT cursor FROM log_horizon) AND body IS NULL ORDER BY cursor LIMIT 1), 9223372036854775807)
            """);
        last.Add("@step", Step / 2);
        last.Add("@before", Micros(before));
        if (last.ExecuteScalar() is not long id)
            return false;
        foreach (var sql in (string[])
        [
            // Range by range of the accounts that are among them: asked for pairs of both, SQLite would walk through all calls of each account.
            $"""
            DELETE FROM call_accounts WHERE call <= @last
            AND account IN (SELECT {Lower(connection)} FROM call_bodies b, {Accounts(connection)} WHERE b.call <= @last)
            """,
            "DELETE FROM call_confirmations WHERE call <= @last",
            "DELETE FROM call_bodies WHERE call <= @last",
            "DELETE FROM calls WHERE id <= @last",
        ])
        {
            using var command = connection.Command(sql);
            command.Add("@last", id);
            command.ExecuteNonQuery();
        }
        return true;
    }

    // As AccountKey has them.
    private static string Lower(DbConnection connection) => connection is SqliteConnection ? "lower(a.value)" : "lower(a.value COLLATE \"C\")";

    private static string Accounts(DbConnection connection) =>
        connection is SqliteConnection ? "json_each(b.body, '$.accounts') a" : "json_array_elements_text(b.body::json -> 'accounts') AS a (value)";

    private static bool Run(DbCommand command, DateTimeOffset before)
    {
        command.Add("@step", Step);
        command.Add("@before", Micros(before));
        return command.ExecuteNonQuery() > 0;
    }

    private static long Micros(DateTimeOffset time) => time == DateTimeOffset.MaxValue ? long.MaxValue : StoredTime.ToMicroseconds(time);
}
