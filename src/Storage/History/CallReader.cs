using System.Collections.Immutable;
using System.Data.Common;
using Switchhook.Calls;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.History;

/// <summary>Reads ended calls back.</summary>
internal static class CallReader
{
    private const int MaxPageSize = 1000;

    public static Call? Find(DbConnection connection, CallId id)
    {
        using var command = connection.Command("SELECT body FROM call_bodies WHERE call = @id");
        command.Add("@id", id.Value);
        return Read(command) is [var call] ? WithConfirmations(connection, call) : null;
    }

    public static CallPage Query(DbConnection connection, CallQuery query)
    {
        // One snapshot for both, so that total and page agree.
        using var snapshot = connection.Snapshot();
        using var command = connection.CreateCommand();
        var (from, order, where) = CallSearch.Of(query, command);
        var total = 0L;
        if (query.WithTotal)
        {
            command.CommandText = $"SELECT count(*) FROM {from}{where}";
            total = (long)command.ExecuteScalar()!;
        }

        var size = Math.Clamp(query.PageSize, 1, MaxPageSize);
        command.CommandText =
            $"SELECT (SELECT body FROM call_bodies WHERE call = {order}) FROM {from}{where} ORDER BY {order} {(query.NewestFirst ? "DESC" : "ASC")} LIMIT @size OFFSET @skip";
        command.Add("@size", size);
        command.Add("@skip", (long)Math.Max(query.Page, 0) * size);
        List<Call> calls = [.. Read(command).Select(call => WithConfirmations(connection, call))];
        return new CallPage(calls, query.WithTotal ? total : calls.Count);
    }

    public static CallId LastId(DbConnection connection)
    {
        using var command = connection.Command("SELECT max(id) FROM (SELECT max(id) AS id FROM calls UNION ALL SELECT max(call) FROM live_calls) AS ids");
        return new CallId(command.ExecuteScalar() as long? ?? 0);
    }

    private static List<Call> Read(DbCommand command)
    {
        List<Call> calls = [];
        using var reader = command.ExecuteReader();
        while (reader.Read())
            calls.Add(CallJson.Read(reader.Utf8(0)));
        return calls;
    }

    /// <summary>The call with what came in after it was stored.</summary>
    private static Call WithConfirmations(DbConnection connection, Call call)
    {
        if (call.Legs.All(leg => leg.Record is null or { Confirmed: not null }))
            return call;
        using var command = connection.Command("SELECT leg, confirmation FROM call_confirmations WHERE call = @call");
        command.Add("@call", call.Id.Value);
        using var reader = command.ExecuteReader();
        var legs = call.Legs;
        while (reader.Read())
            legs = Confirm(legs, reader.GetInt32(0), Enum.Parse<HangupConfirmation>(reader.GetString(1)));
        return call with { Legs = legs };
    }

    private static ImmutableArray<Leg> Confirm(ImmutableArray<Leg> legs, int number, HangupConfirmation confirmation) =>
        [.. legs.Select(leg => leg.Id.Number == number && leg.Record is { Confirmed: null } record
            ? leg with { State = new LegState.Ended(record with { Confirmed = confirmation }) }
            : leg)];
}
