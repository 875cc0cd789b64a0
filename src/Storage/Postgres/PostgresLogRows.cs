using System.Text;
using System.Text.Json;
using Npgsql;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Postgres;

/// <summary>
/// One batch of the log as rows. A commit whose answer was lost comes again: what is there already, by cursor, call or id, stays as it is.
/// </summary>
/// <param name="connection">Asked for calls that an earlier run of the server began.</param>
/// <param name="memory">Of the writer.</param>
/// <param name="at">When notifications are stored, in microseconds since 1970.</param>
internal sealed class PostgresLogRows(NpgsqlConnection connection, LogMemory memory, long at)
{
    private readonly EventColumns _events = new();
    private readonly CallColumns _calls = new();
    private readonly OutboxColumns _outbox = new();
    private readonly LiveChanges _changes = new();
    private readonly BindingColumns _bindings = new();

    public void Add(IReadOnlyList<LogWrite> writes)
    {
        foreach (var write in writes)
        {
            switch (write)
            {
                case LogWrite.Happened(var cursor, var happened, var notifications):
                    Add(cursor, happened);
                    Add(notifications);
                    break;
                case LogWrite.DialogKept(var leg, var dialog):
                    _changes.Keep(leg, StoredText.Clean(dialog));
                    break;
                case LogWrite.BindingsKept(var extension, var bindings):
                    _bindings.Keep(extension, bindings);
                    break;
                case LogWrite.Told(var notifications):
                    Add(notifications);
                    break;
                default:
                    throw new ArgumentException($"What is a {write.GetType().Name}?", nameof(writes));
            }
        }
        _changes.Settle();
    }

    public NpgsqlBatch ToBatch()
    {
        var batch = new NpgsqlBatch(connection);
        _events.Rows.AddTo(batch);
        _calls.AddTo(batch);
        LiveColumns.AddTo(batch, _changes);
        _outbox.Rows.AddTo(batch);
        _bindings.AddTo(batch);
        BlockColumns.AddTo(batch, memory.Blocks.Full);
        return batch;
    }

    private void Add(long cursor, CallEvent happened)
    {
        var (previous, change) = memory.Chains.Take(cursor, happened, LastStored);
        string? body = null;
        if (happened is CallEnded)
            _calls.Add(happened.Call, Json(happened.Call, CallJson.Write));
        else
            body = change is { } told ? Json(told, CallJson.Write) : Json(happened.Call, CallJson.Write);
        if (happened is HangupConfirmed { Call.HasEnded: true } confirmed)
            _calls.Confirm(confirmed.Leg, confirmed.Confirmation);
        var detail = ShortDetails.Of(happened, memory.Buffer);
        _events.Add(cursor, happened, detail.IsEmpty ? null : Encoding.UTF8.GetString(detail), previous, body);
        _changes.On(cursor, happened);
        memory.Blocks.Take(cursor, happened);
    }

    private void Add(IReadOnlyList<Notification> notifications)
    {
        foreach (var notification in notifications)
            _outbox.Add(notification, Json(notification.Policy, CallJson.Write), Json(StoredRequest.From(notification.Request), CallJson.Write), at);
    }

    private long? LastStored(CallId call)
    {
        using var command = new NpgsqlCommand("SELECT cursor FROM live_calls WHERE call = $1", connection) { Parameters = { new() { Value = call.Value } } };
        return command.ExecuteScalar() as long?;
    }

    private string Json<T>(T value, Action<Utf8JsonWriter, T> write) => Encoding.UTF8.GetString(memory.Buffer.Write(value, write));
}
