using Switchhook.Calls;
using Switchhook.Calls.Hangup;
using Switchhook.Storage.Log;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.History;

/// <summary>Writes an ended call as rows.</summary>
internal sealed class CallWriter(SqliteConnection connection, LogBuffer buffer) : IDisposable
{
    // A call that is there already stays as it is: of two ends the earlier is the end.
    private readonly SqliteStatement _call = connection.Statements.Rent(
        "INSERT OR IGNORE INTO calls (id, direction, caller, dialed, callee_dialed, cause, by, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

    private readonly SqliteStatement _body = connection.Statements.Rent("INSERT OR IGNORE INTO call_bodies (call, body) VALUES (?, ?)");

    private readonly SqliteStatement _account = connection.Statements.Rent(
        "INSERT OR IGNORE INTO call_accounts (account, call, cause, by, started_at) VALUES (?, ?, ?, ?, ?)");

    // Of two confirmations the first counts, and none counts that the body has already.
    private readonly SqliteStatement _confirm = connection.Statements.Rent(
        "INSERT OR IGNORE INTO call_confirmations (call, leg, confirmation) VALUES (?, ?, ?)");

    /// <summary>Nothing is written when a call with that id is stored already.</summary>
    public void Write(Call call)
    {
        if (call is not { Cause: { } cause, By: { } by, HasEnded: true })
            throw new ArgumentException($"Call {call.Id} has not ended", nameof(call));
        var id = call.Id.Value;
        _call.Bind(1, id);
        _call.Bind(2, CallDirections.Of(call).ToString());
        _call.Bind(3, call.Caller.Number);
        _call.Bind(4, call.Dialed);
        _call.Bind(5, call.CalleeDialed);
        _call.Bind(6, (int)cause);
        _call.Bind(7, by.Word);
        _call.Bind(8, StoredTime.ToMicroseconds(call.StartedAt));
        _call.Run();
        if (SqliteLibrary.Changes(connection.Handle) == 0)
            return;
        _body.Bind(1, id);
        _body.BindText(2, buffer.Write(call, CallJson.Write));
        _body.Run();
        foreach (var account in call.Accounts)
        {
            _account.Bind(1, AccountKey.Of(account));
            _account.Bind(2, id);
            _account.Bind(3, (int)cause);
            _account.Bind(4, by.Word);
            _account.Bind(5, StoredTime.ToMicroseconds(call.StartedAt));
            _account.Run();
        }
    }

    public void Confirm(LegId leg, HangupConfirmation confirmation)
    {
        _confirm.Bind(1, leg.Call.Value);
        _confirm.Bind(2, leg.Number);
        _confirm.Bind(3, confirmation.ToString());
        _confirm.Run();
    }

    public void Dispose()
    {
        connection.Statements.Return(_call);
        connection.Statements.Return(_body);
        connection.Statements.Return(_account);
        connection.Statements.Return(_confirm);
    }
}
