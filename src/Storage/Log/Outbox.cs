using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Log;

/// <summary>Notifications in the table <c>outbox</c>.</summary>
internal sealed class Outbox(WriteConnection writer, ReadConnections readers) : IOutbox
{
    private const int MaxPageSize = 1000;

    private const string Columns =
        "number, id, call, account, dialect, terminal, signed, policy, request, body, created_at, state, attempts, last_at, next_at, last_outcome";

    /// <inheritdoc/>
    public IReadOnlyList<OutboxEntry> Pending(long after, int most) => readers.Read((after, most), static (connection, page) =>
    {
        using var command = new SqliteCommand(
            connection, $"SELECT {Columns} FROM outbox WHERE state = 0 AND number > @after ORDER BY number LIMIT @most");
        command.Parameters.Add("@after", page.after);
        command.Parameters.Add("@most", page.most);
        return Read(command);
    });

    /// <inheritdoc/>
    public void Save(IReadOnlyList<DeliveryAttempt> attempts)
    {
        if (attempts.Count == 0)
            return;
        writer.Commit(attempts, static (connection, all) =>
        {
            using var command = new SqliteCommand(connection, """
                UPDATE outbox SET state = @state, attempts = @attempts, last_at = @at, next_at = @next, last_outcome = @outcome WHERE id = @id
                """);
            foreach (var name in (string[])["@state", "@attempts", "@at", "@next", "@outcome", "@id"])
                command.Parameters.Add(name, null);
            foreach (var attempt in all)
            {
                command.Parameters[0].Value = (int)attempt.State;
                command.Parameters[1].Value = attempt.Attempts;
                command.Parameters[2].Value = attempt.At;
                command.Parameters[3].Value = attempt.NextAttemptAt;
                command.Parameters[4].Value = attempt.Outcome;
                command.Parameters[5].Value = attempt.Id;
                command.ExecuteNonQuery();
            }
        });
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
            using var command = new SqliteCommand(connection, """
                UPDATE outbox SET state = 0, attempts = 0, last_at = NULL, next_at = NULL, last_outcome = NULL, created_at = @at
                WHERE id = @id AND state <> 0
                """);
            command.Parameters.Add("@at", at);
            command.Parameters.Add("@id", id);
            command.ExecuteNonQuery();
            reopened = Find(connection, id);
        });
        return reopened;
    }

    private static OutboxEntry? Find(SqliteConnection connection, string id)
    {
        using var command = new SqliteCommand(connection, $"SELECT {Columns} FROM outbox WHERE id = @id");
        command.Parameters.Add("@id", id);
        return Read(command) is [var entry] ? entry : null;
    }

    private static OutboxPage Query(SqliteConnection connection, OutboxQuery query)
    {
        // One snapshot for both, so that total and page agree.
        using var snapshot = connection.BeginTransaction();
        using var command = new SqliteCommand { Connection = connection };
        List<string> conditions = [];
        Add("account", query.Account);
        Add("call", query.Call?.Value);
        if (query.State is { } state)
            conditions.Add($"state = {(int)state}");   // as text: the index of pending ones is found by it
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        command.CommandText = $"SELECT count(*) FROM outbox{where}";
        var total = (long)command.ExecuteScalar()!;

        var size = Math.Clamp(query.PageSize, 1, MaxPageSize);
        command.CommandText = $"SELECT {Columns} FROM outbox{where} ORDER BY number DESC LIMIT @size OFFSET @skip";
        command.Parameters.Add("@size", size);
        command.Parameters.Add("@skip", (long)Math.Max(query.Page, 0) * size);
        return new OutboxPage(Read(command), total);

        void Add(string column, object? value)
        {
            if (value is null)
                return;
            conditions.Add($"{column} = @{column}");
            command.Parameters.Add($"@{column}", value);
        }
    }

    private static List<OutboxEntry> Read(SqliteCommand command)
    {
        List<OutboxEntry> entries = [];
        using var row = command.ExecuteReader();
        while (row.Read())
            entries.Add(Read(row));
        return entries;
    }

    private static OutboxEntry Read(SqliteDataReader row)
    {
        var call = new CallId(row.GetInt64(2));
        var request = CallJson.ReadRequest(row.GetUtf8(8)).ToCall(call, (byte[])row.GetValue(9));
        var notification = new Notification(row.GetString(1), call, row.GetString(4), request, row.GetBoolean(5))
        {
            Account = row.IsDBNull(3) ? null : row.GetString(3),
            Signed = row.GetBoolean(6),
            Policy = CallJson.ReadPolicy(row.GetUtf8(7)),
        };
        return new OutboxEntry(
            row.GetInt64(0), notification, row.GetDateTimeOffset(10), (OutboxState)row.GetInt32(11), row.GetInt32(12),
            row.IsDBNull(13) ? null : row.GetDateTimeOffset(13), row.IsDBNull(14) ? null : row.GetDateTimeOffset(14),
            row.IsDBNull(15) ? null : row.GetString(15));
    }
}
