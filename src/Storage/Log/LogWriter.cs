using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;
using Switchhook.Storage.Registrations;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Log;

/// <summary>Writes one batch of the log as rows. Of what is kept for recovery, only what outlives the batch is written.</summary>
internal sealed class LogWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly LogBuffer _buffer;
    private readonly LogMemory _memory;
    private readonly Func<CallId, long?> _lastStored;
    private readonly CallWriter _calls;
    private readonly OutboxWriter _outbox;
    private readonly SqliteStatement _event;
    private readonly SqliteStatement _live;
    private readonly SqliteStatement _dialog;
    private readonly LiveChanges _changes = new();
    private readonly Dictionary<string, IReadOnlyList<StoredBinding>> _bindings = new(StringComparer.Ordinal);

    public LogWriter(SqliteConnection connection, LogMemory memory, long at)
    {
        _connection = connection;
        _memory = memory;
        _buffer = memory.Buffer;
        _lastStored = LastStored;
        _calls = new CallWriter(connection, _buffer);
        _outbox = new OutboxWriter(connection, _buffer, at);
        // A commit whose answer was lost may come again: a cursor that is there is the same event.
        _event = connection.Statements.Rent(
            "INSERT OR IGNORE INTO call_events (cursor, call, sequence, at, name, detail, previous, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        _live = connection.Statements.Rent("INSERT OR REPLACE INTO live_calls (call, cursor) VALUES (?, ?)");
        _dialog = connection.Statements.Rent("INSERT OR REPLACE INTO live_dialogs (call, leg, dialog) VALUES (?, ?, ?)");
    }

    public void Write(IReadOnlyList<LogWrite> writes)
    {
        for (var i = 0; i < writes.Count; i++)
        {
            switch (writes[i])
            {
                case LogWrite.Happened(var cursor, var happened, var notifications):
                    Write(cursor, happened);
                    _outbox.Add(notifications);
                    break;
                case LogWrite.DialogKept(var leg, var dialog):
                    _changes.Keep(leg, dialog);
                    break;
                case LogWrite.BindingsKept(var extension, var bindings):
                    _bindings[extension] = bindings;
                    break;
                case LogWrite.Told(var notifications):
                    _outbox.Add(notifications);
                    break;
            }
        }
        _changes.Settle();
        KeepLive();
        foreach (var (extension, bindings) in _bindings)
            RegistrationStore.Replace(_connection, extension, bindings);
        if (_memory.Blocks.Full.Count > 0)
            Write(_memory.Blocks.Full);
    }

    public void Dispose()
    {
        _calls.Dispose();
        _outbox.Dispose();
        _connection.Statements.Return(_event);
        _connection.Statements.Return(_live);
        _connection.Statements.Return(_dialog);
    }

    private void Write(long cursor, CallEvent happened)
    {
        var call = happened.Call;
        _event.Bind(1, cursor);
        _event.Bind(2, call.Id.Value);
        _event.Bind(3, happened.Sequence);
        _event.Bind(4, StoredTime.ToMicroseconds(happened.At));
        _event.Bind(5, happened.Name);
        if (ShortDetails.Of(happened, _buffer) is { IsEmpty: false } detail)
            _event.BindText(6, detail);
        else
            _event.BindNull(6);
        var (previous, change) = _memory.Chains.Take(cursor, happened, _lastStored);
        if (previous is { } before)
            _event.Bind(7, before);
        else
            _event.BindNull(7);
        if (happened is CallEnded)
        {
            _event.BindNull(8);
            _calls.Write(call);
        }
        else
        {
            _event.BindText(8, change is { } told ? _buffer.Write(told, CallJson.Write) : _buffer.Write(call, CallJson.Write));
        }
        _event.Run();
        _changes.On(cursor, happened);
        _memory.Blocks.Take(cursor, happened);
        if (happened is HangupConfirmed { Call.HasEnded: true } confirmed)
            _calls.Confirm(confirmed.Leg, confirmed.Confirmation);
    }

    private long? LastStored(CallId call)
    {
        using var command = new SqliteCommand(_connection, "SELECT cursor FROM live_calls WHERE call = @call");
        command.Parameters.Add("@call", call.Value);
        return command.ExecuteScalar() as long?;
    }

    private void Write(IReadOnlyList<EventBlock> blocks)
    {
        foreach (var block in blocks)
        {
            using var command = new SqliteCommand(
                _connection,
                "INSERT OR IGNORE INTO event_blocks (block, account, kinds, first_call, last_call) VALUES (@block, @account, @kinds, @first, @last)");
            command.Parameters.Add("@block", block.Block);
            command.Parameters.Add("@account", block.Account);
            command.Parameters.Add("@kinds", block.Kinds);
            command.Parameters.Add("@first", block.FirstCall);
            command.Parameters.Add("@last", block.LastCall);
            command.ExecuteNonQuery();
        }
    }

    private void KeepLive()
    {
        foreach (var leg in _changes.Moved)
            Forget(leg);
        foreach (var (call, cursor) in _changes.Cursors)
        {
            _live.Bind(1, call.Value);
            _live.Bind(2, cursor);
            _live.Run();
        }
        foreach (var (leg, dialog) in _changes.Dialogs)
        {
            _dialog.Bind(1, leg.Call.Value);
            _dialog.Bind(2, leg.Number);
            _dialog.Bind(3, dialog);
            _dialog.Run();
        }
        if (_changes.Ended.Count > 0)
            Forget();
    }

    private void Forget(LegId leg)
    {
        using var command = new SqliteCommand(_connection, "DELETE FROM live_dialogs WHERE call = @call AND leg = @leg");
        command.Parameters.Add("@call", leg.Call.Value);
        command.Parameters.Add("@leg", leg.Number);
        command.ExecuteNonQuery();
    }

    private void Forget()
    {
        var live = _connection.Statements.Rent("DELETE FROM live_calls WHERE call = ?");
        var dialogs = _connection.Statements.Rent("DELETE FROM live_dialogs WHERE call = ?");
        try
        {
            foreach (var call in _changes.Ended)
            {
                live.Bind(1, call.Value);
                live.Run();
                dialogs.Bind(1, call.Value);
                dialogs.Run();
            }
        }
        finally
        {
            _connection.Statements.Return(live);
            _connection.Statements.Return(dialogs);
        }
    }
}
