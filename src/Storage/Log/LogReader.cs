using System.Data.Common;
using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Log;

/// <summary>Reads the log back.</summary>
internal static class LogReader
{
    private const int MaxPageSize = 10_000;

    public static long LastCursor(DbConnection connection) => Number(connection, "SELECT max(cursor) FROM call_events") ?? 0;

    public static long Horizon(DbConnection connection) => Number(connection, "SELECT cursor FROM log_horizon") ?? 0;

    public static LogPage Read(DbConnection connection, long after, int most, EventFilter filter)
    {
        // One snapshot: what is pruned meanwhile is there for the changes that are told from it.
        using var snapshot = connection.Snapshot();
        var horizon = Horizon(connection);
        return new LogSearch(connection, filter, horizon).Read(after, Math.Clamp(most, 0, MaxPageSize));
    }

    public static IReadOnlyList<UnfinishedCall> Unfinished(DbConnection connection)
    {
        // One snapshot for calls and dialogs.
        using var snapshot = connection.Snapshot();
        var dialogs = Dialogs(connection);
        using var command = connection.Command(
            $"SELECT {EventRow.Columns} FROM live_calls l CROSS JOIN {EventRow.Table} WHERE e.cursor = l.cursor ORDER BY l.call");
        var chains = new ChainReader(connection);
        List<UnfinishedCall> calls = [];
        foreach (var row in EventRow.All(command))
        {
            if (chains.TryRead(row, out var call))
                calls.Add(new UnfinishedCall(call, row.Sequence, dialogs.TryGetValue(call.Id, out var kept) ? kept : []));
        }
        return calls;
    }

    private static Dictionary<CallId, Dictionary<LegId, string>> Dialogs(DbConnection connection)
    {
        using var command = connection.Command("SELECT call, leg, dialog FROM live_dialogs");
        Dictionary<CallId, Dictionary<LegId, string>> dialogs = [];
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var leg = new LegId(new CallId(reader.GetInt64(0)), reader.GetInt32(1));
            if (!dialogs.TryGetValue(leg.Call, out var ofCall))
                dialogs.Add(leg.Call, ofCall = []);
            ofCall.Add(leg, reader.GetString(2));
        }
        return dialogs;
    }

    private static long? Number(DbConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteScalar() as long?;
    }
}
