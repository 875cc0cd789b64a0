using Switchhook.Calls;
using Switchhook.Calls.Hangup;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.History;

/// <summary>Writes an ended call as rows.</summary>
internal sealed class CallWriter(SqliteConnection connection) : IDisposable
{
    // A call that is there already stays as it is: of two ends the earlier is the end.
    private readonly SqliteCommand _call = Insert(connection, "OR IGNORE INTO calls", "id", "origin", "dialect", "direction", "caller", "dialed",
        "callee_dialed", "cause", "by", "started_at", "ringing_at", "answered_at", "ended_at", "body");

    private readonly SqliteCommand _account = Insert(connection, "OR IGNORE INTO call_accounts", "account", "call");

    private readonly SqliteCommand _leg = Insert(connection, "INTO legs", "call", "number", "direction", "role", "party", "extension", "trunk",
        "sip_call_id", "started_at", "ringing_at", "answered_at");

    private readonly SqliteCommand _record = Insert(connection, "INTO hangup_records", "call", "leg", "by", "by_detail", "cause", "phase",
        "received", "sent", "ended_at", "confirmed");

    private readonly SqliteCommand _confirm = Command(connection,
        "UPDATE hangup_records SET confirmed = @confirmed WHERE call = @call AND leg = @leg AND confirmed IS NULL", "confirmed", "call", "leg");

    /// <summary>False when a call with that id is stored already; nothing is written then.</summary>
    public bool Write(Call call)
    {
        if (call is not { Cause: { } cause, By: { } by })
            throw new ArgumentException($"Call {call.Id} has not ended", nameof(call));
        var id = call.Id.Value;
        var written = Run(_call, id, call.Origin.Kind.ToString(), call.Origin.Dialect, CallDirections.Of(call).ToString(), call.Caller.Number,
            call.Dialed, call.CalleeDialed, (int)cause, by.Word, call.StartedAt, call.RingingAt, call.AnsweredAt, call.EndedAt,
            CallJson.Write(call));
        if (written == 0)
            return false;
        foreach (var account in call.Accounts)
            Run(_account, account, id);
        foreach (var leg in call.Legs)
            Write(id, leg);
        return true;
    }

    public void Confirm(LegId leg, HangupConfirmation confirmation) => Run(_confirm, confirmation.ToString(), leg.Call.Value, leg.Number);

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_call, _account, _leg, _record, _confirm])
            command.Dispose();
    }

    private void Write(long call, Leg leg)
    {
        Run(_leg, call, leg.Id.Number, leg.Direction.ToString(), leg.Role.ToString(), leg.Party.Number, leg.Extension, leg.Trunk, leg.SipCallId,
            leg.StartedAt, leg.RingingAt, leg.AnsweredAt);
        if (leg.Record is { } record)
        {
            Run(_record, call, leg.Id.Number, record.By.Word, record.By.Detail, (int)record.Cause, record.Phase.ToString(),
                record.Received?.Message, record.Sent?.Message, record.EndedAt, record.Confirmed?.ToString());
        }
    }

    private static int Run(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Insert(SqliteConnection connection, string into, params string[] columns) => Command(
        connection, $"INSERT {into} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(column => '@' + column))})", columns);

    private static SqliteCommand Command(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = new SqliteCommand(connection, sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter, null);
        return command;
    }
}
