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
/// <param name="at">When notifications are stored, in microseconds since 1970.</param>
internal sealed class PostgresLogRows(LogBuffer buffer, long at)
{
    private readonly EventColumns _events = new();
    private readonly CallColumns _calls = new();
    private readonly OutboxColumns _outbox = new();
    private readonly LiveChanges _changes = new();

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
                case LogWrite.Told(var notifications):
                    Add(notifications);
                    break;
                default:
                    throw new ArgumentException($"What is a {write.GetType().Name}?", nameof(writes));
            }
        }
        _changes.Settle();
    }

    public NpgsqlBatch ToBatch(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection);
        _events.Rows.AddTo(batch);
        _calls.AddTo(batch);
        LiveColumns.AddTo(batch, _changes);
        _outbox.Rows.AddTo(batch);
        return batch;
    }

    private void Add(long cursor, CallEvent happened)
    {
        string? body = null;
        if (happened is CallEnded)
            _calls.Add(happened.Call, Json(happened.Call, CallJson.Write));
        else
            body = Json(happened.Call, CallJson.Write);
        if (happened is HangupConfirmed { Call.HasEnded: true } confirmed)
            _calls.Confirm(confirmed.Leg, confirmed.Confirmation);
        _events.Add(cursor, happened, EventDetail.Of(happened) is { } detail ? Json(detail, CallJson.Write) : null, body);
        _changes.On(cursor, happened);
    }

    private void Add(IReadOnlyList<Notification> notifications)
    {
        foreach (var notification in notifications)
            _outbox.Add(notification, Json(notification.Policy, CallJson.Write), Json(StoredRequest.From(notification.Request), CallJson.Write), at);
    }

    private string Json<T>(T value, Action<Utf8JsonWriter, T> write) => Encoding.UTF8.GetString(buffer.Write(value, write));
}
