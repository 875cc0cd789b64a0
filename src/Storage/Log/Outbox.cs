using System.Data.Common;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;

namespace Switchhook.Storage.Log;

/// <summary>Notifications in the table <c>outbox</c>.</summary>
internal sealed class Outbox(IWriter writer, IReaders readers) : IOutbox
{
    private const int MaxPageSize = 1000;

    private const string Columns =
        "number, id, call, account, dialect, terminal, signed, policy, request, body, created_at, state, attempts, last_at, next_at, last_outcome";

    /// <inheritdoc/>
    public IReadOnlyList<OutboxEntry> Pending(long after, int most) => readers.Read((after, most), static (connection, page) =>
    {
        using var command = connection.Command(
            $"SELECT {Columns} FROM outbox WHERE state = 0 AND number > @after ORDER BY number LIMIT @most");
        command.Add("@after", page.after);
        command.Add("@most", page.most);
        return Read(command);
    });

    /// <inheritdoc/>
    public void Save(IReadOnlyList<DeliveryAttempt> attempts)
    {
        if (attempts.Count == 0)
            return;
        writer.Commit(attempts, static (connection, all) => connection.RunEach(
            "UPDATE outbox SET state = @state, attempts = @attempts, last_at = @at, next_at = @next, last_outcome = @outcome WHERE id = @id",
            all,
            static attempt =>
            [
                ("@state", (int)attempt.State),
                ("@attempts", attempt.Attempts),
                ("@at", StoredTime.ToMicroseconds(attempt.At)),
                ("@next", StoredTime.ToMicroseconds(attempt.NextAttemptAt)),
                ("@outcome", attempt.Outcome),
                ("@id", attempt.Id),
            ]));
    }

    /// <inheritdoc/>
    public ValueTask<OutboxEntry?> FindAsync(string id, CancellationToken cancellation) => readers.ReadAsync(id, Find, cancellation);

    /// <inheritdoc/>
    public ValueTask<OutboxPage> QueryAsync(OutboxQuery query, CancellationToken cancellation) => readers.ReadAsync(query, Query, cancellation);

    /// <inheritdoc/>
    public OutboxEntry? Reopen(string id, DateTimeOffset at)
    {
        OutboxEntry? reopened = null;
        writer.Commit(0, (connection, _) =>
        {
            using var command = connection.Command("""
                UPDATE outbox SET state = 0, attempts = 0, last_at = NULL, next_at = NULL, last_outcome = NULL, created_at = @at
                WHERE id = @id AND state <> 0
                """);
            command.Add("@at", StoredTime.ToMicroseconds(at));
            command.Add("@id", id);
            command.ExecuteNonQuery();
            reopened = Find(connection, id);
        });
        return reopened;
    }

    private static OutboxEntry? Find(DbConnection connection, string id)
    {
        using var command = connection.Command($"SELECT {Columns} FROM outbox WHERE id = @id");
        command.Add("@id", id);
        return Read(command) is [var entry] ? entry : null;
    }

    private static OutboxPage Query(DbConnection connection, OutboxQuery query)
    {
        // One snapshot for both, so that total and page agree.
        using var snapshot = connection.Snapshot();
        using var command = connection.CreateCommand();
        List<string> conditions = [];
        Add("account", query.Account);
        Add("call", query.Call?.Value);
        Add("dialect", query.Dialect);
        if (query.State is { } state)
            conditions.Add($"state = {(int)state}");   // as text: the index of pending ones is found by it
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        command.CommandText = $"SELECT count(*) FROM outbox{where}";
        var total = (long)command.ExecuteScalar()!;

        var size = Math.Clamp(query.PageSize, 1, MaxPageSize);
        command.CommandText = $"SELECT {Columns} FROM outbox{where} ORDER BY number DESC LIMIT @size OFFSET @skip";
        command.Add("@size", size);
        command.Add("@skip", (long)Math.Max(query.Page, 0) * size);
        return new OutboxPage(Read(command), total);

        void Add(string column, object? value)
        {
            if (value is null)
                return;
            conditions.Add($"{column} = @{column}");
            command.Add($"@{column}", value);
        }
    }

    private static List<OutboxEntry> Read(DbCommand command)
    {
        List<OutboxEntry> entries = [];
        using var row = command.ExecuteReader();
        while (row.Read())
            entries.Add(Read(row));
        return entries;
    }

    private static OutboxEntry Read(DbDataReader row)
    {
        var call = new CallId(row.GetInt64(2));
        var request = CallJson.ReadRequest(row.Utf8(8)).ToCall(call, (byte[])row.GetValue(9));
        var notification = new Notification(row.GetString(1), call, row.GetString(4), request, row.GetBoolean(5))
        {
            Account = row.IsDBNull(3) ? null : row.GetString(3),
            Signed = row.GetBoolean(6),
            Policy = CallJson.ReadPolicy(row.Utf8(7)),
        };
        return new OutboxEntry(
            row.GetInt64(0), notification, row.Time(10), (OutboxState)row.GetInt32(11), row.GetInt32(12),
            row.IsDBNull(13) ? null : row.Time(13), row.IsDBNull(14) ? null : row.Time(14),
            row.IsDBNull(15) ? null : row.GetString(15));
    }
}
