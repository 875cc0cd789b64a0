using System.Data.Common;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;

namespace Switchhook.Storage.Log;

/// <summary>Reads the log back.</summary>
internal static class LogReader
{
    private const int MaxPageSize = 10_000;

    private const string Columns = "e.cursor, e.call, e.sequence, e.at, e.name, e.detail, coalesce(e.body, b.body)";

    // A call.ended has its call where the ended calls are.
    private const string Bodies = "LEFT JOIN call_bodies b ON e.body IS NULL AND b.call = e.call";

    public static long LastCursor(DbConnection connection) => Number(connection, "SELECT max(cursor) FROM call_events") ?? 0;

    public static long Horizon(DbConnection connection) => (Number(connection, "SELECT min(cursor) FROM call_events") ?? 1) - 1;

    public static IReadOnlyList<LoggedEvent> Read(DbConnection connection, long after, int most)
    {
        using var command = connection.Command(
            $"SELECT {Columns} FROM call_events e {Bodies} WHERE e.cursor > @after AND coalesce(e.body, b.body) IS NOT NULL ORDER BY e.cursor LIMIT @most");
        command.Add("@after", after);
        command.Add("@most", Math.Clamp(most, 0, MaxPageSize));
        List<LoggedEvent> events = [];
        using var reader = command.ExecuteReader();
        while (reader.Read())
            events.Add(ReadEvent(reader));
        return events;
    }

    public static IReadOnlyList<UnfinishedCall> Unfinished(DbConnection connection)
    {
        // One snapshot for calls and dialogs.
        using var snapshot = connection.Snapshot();
        var dialogs = Dialogs(connection);
        using var command = connection.Command(
            $"SELECT {Columns} FROM live_calls l JOIN call_events e ON e.cursor = l.cursor {Bodies} ORDER BY l.call");
        List<UnfinishedCall> calls = [];
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var last = ReadEvent(reader).Event;
            calls.Add(new UnfinishedCall(last.Call, last.Sequence, dialogs.TryGetValue(last.Call.Id, out var kept) ? kept : []));
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

    private static LoggedEvent ReadEvent(DbDataReader row)
    {
        var call = CallJson.Read(row.Utf8(6));
        var detail = row.IsDBNull(5) ? null : CallJson.ReadDetail(row.Utf8(5));
        return new LoggedEvent(
            row.GetInt64(0), EventDetail.ToEvent(row.GetString(4), call, row.GetInt32(2), row.Time(3), detail));
    }

    private static long? Number(DbConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteScalar() as long?;
    }
}
