using System.Data.Common;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;

namespace Switchhook.Storage.Log;

/// <summary>A row of the log.</summary>
internal sealed record EventRow(long Cursor, CallId Call, int Sequence, DateTimeOffset At, string Name, byte[]? Detail, byte[] Body)
{
    public const string Columns = "e.cursor, e.call, e.sequence, e.at, e.name, e.detail, coalesce(e.body, b.body)";

    // A call.ended has its call where the ended calls are.
    public const string Table = "call_events e LEFT JOIN call_bodies b ON e.body IS NULL AND b.call = e.call";

    public bool IsChange => Body.AsSpan().StartsWith("{\"since\":"u8);

    /// <summary>Every row of the command that has a body.</summary>
    public static List<EventRow> All(DbCommand command)
    {
        List<EventRow> rows = [];
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (!reader.IsDBNull(6))
                rows.Add(Of(reader));
        }
        return rows;
    }

    public LoggedEvent ToEvent(Call call) =>
        new(Cursor, EventDetail.ToEvent(Name, call, Sequence, At, Detail is null ? null : CallJson.ReadDetail(Detail)));

    private static EventRow Of(DbDataReader row) => new(
        row.GetInt64(0), new CallId(row.GetInt64(1)), row.GetInt32(2), row.Time(3), row.GetString(4),
        row.IsDBNull(5) ? null : row.Utf8(5).ToArray(), row.Utf8(6).ToArray());
}
