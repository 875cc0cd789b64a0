using Switchhook.Calls.Ports;
using Switchhook.Storage.History;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Log;

/// <summary>Adds notifications to the outbox.</summary>
/// <param name="at">When, in microseconds since 1970.</param>
internal sealed class OutboxWriter(SqliteConnection connection, LogBuffer buffer, long at) : IDisposable
{
    private SqliteStatement? _insert;

    // An id that is there already is the same notification.
    private SqliteStatement Insert => _insert ??= connection.Statements.Rent("""
        INSERT OR IGNORE INTO outbox (id, call, account, dialect, terminal, signed, policy, request, body, created_at, state, attempts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)
        """);

    public void Add(IReadOnlyList<Notification> notifications)
    {
        for (var i = 0; i < notifications.Count; i++)
            Add(notifications[i]);
    }

    public void Dispose()
    {
        if (_insert is not null)
            connection.Statements.Return(_insert);
    }

    private void Add(Notification notification)
    {
        Insert.Bind(1, notification.Id);
        Insert.Bind(2, notification.Call.Value);
        if (notification.Account is { } account)
            Insert.Bind(3, account);
        else
            Insert.BindNull(3);
        Insert.Bind(4, notification.Dialect);
        Insert.Bind(5, notification.Terminal ? 1L : 0);
        Insert.Bind(6, notification.Signed ? 1L : 0);
        Insert.BindText(7, buffer.Write(notification.Policy, CallJson.Write));
        Insert.BindText(8, buffer.Write(StoredRequest.From(notification.Request), CallJson.Write));
        Insert.BindBlob(9, notification.Request.Body.Span);
        Insert.Bind(10, at);
        Insert.Run();
    }
}
