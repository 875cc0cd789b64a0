using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.History;

/// <summary>Reads ended calls back.</summary>
internal static class CallReader
{
    private const int MaxPageSize = 1000;

    public static Call? Find(DbConnection connection, CallId id)
    {
        using var command = connection.Command($"SELECT b.body, {Confirmations(connection, "b.call")} FROM call_bodies b WHERE b.call = @id");
        command.Add("@id", id.Value);
        return Read(command) is [var call] ? call : null;
    }

    public static CallPage Query(DbConnection connection, CallQuery query)
    {
        // One snapshot for both, so that total and page agree.
        using var snapshot = connection.Snapshot();
        using var command = connection.CreateCommand();
        var (from, id, where) = CallSearch.Of(query, command);
        var total = 0L;
        if (query.WithTotal)
        {
            command.CommandText = $"SELECT count(*) FROM {from}{where}";
            total = (long)command.ExecuteScalar()!;
        }

        // First the page's ids: what is passed over on the way to a late page is not read.
        var size = Math.Clamp(query.PageSize, 1, MaxPageSize);
        var order = query.NewestFirst ? "DESC" : "ASC";
        command.CommandText = $"""
            SELECT (SELECT body FROM call_bodies WHERE call = page.id), {Confirmations(connection, "page.id")}
            FROM (SELECT {id} AS id FROM {from}{where} ORDER BY {id} {order} LIMIT @size OFFSET @skip) AS page ORDER BY page.id {order}
            """;
        command.Add("@size", size);
        command.Add("@skip", (long)Math.Max(query.Page, 0) * size);
        var calls = Read(command);
        return new CallPage(calls, query.WithTotal ? total : calls.Count);
    }

    public static CallId LastId(DbConnection connection)
    {
        using var command = connection.Command("SELECT max(id) FROM (SELECT max(id) AS id FROM calls UNION ALL SELECT max(call) FROM live_calls) AS ids");
        return new CallId(command.ExecuteScalar() as long? ?? 0);
    }

    /// <summary>What came in after the call was stored, as <c>1:Yes,2:Timeout</c>.</summary>
    private static string Confirmations(DbConnection connection, string call) =>
        $"(SELECT {(connection is SqliteConnection ? "group_concat(leg || ':' || confirmation)" : "string_agg(leg || ':' || confirmation, ',')")} FROM call_confirmations c WHERE c.call = {call})";

    private static List<Call> Read(DbCommand command)
    {
        List<Call> calls = [];
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var call = CallJson.Read(reader.Utf8(0));
            calls.Add(reader.IsDBNull(1) ? call : Confirm(call, reader.GetString(1)));
        }
        return calls;
    }

    private static Call Confirm(Call call, string confirmations)
    {
        var legs = call.Legs;
        foreach (var confirmation in confirmations.Split(','))
        {
            var colon = confirmation.IndexOf(':', StringComparison.Ordinal);
            legs = Confirm(legs, int.Parse(confirmation.AsSpan(0, colon), CultureInfo.InvariantCulture), Enum.Parse<HangupConfirmation>(confirmation.AsSpan(colon + 1)));
        }
        return call with { Legs = legs };
    }

    private static ImmutableArray<Leg> Confirm(ImmutableArray<Leg> legs, int number, HangupConfirmation confirmation) =>
        [.. legs.Select(leg => leg.Id.Number == number && leg.Record is { Confirmed: null } record
            ? leg with { State = new LegState.Ended(record with { Confirmed = confirmation }) }
            : leg)];
}
