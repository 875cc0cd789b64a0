using System.Data.Common;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Keys;

/// <summary>Keys of requests in the table <c>request_keys</c>: a day, and so many; the oldest go first, a few with each that is taken.</summary>
internal sealed class RequestKeyStore(IWriter writer, IReaders readers, long capacity = RequestKeyStore.StandardCapacity) : IRequestKeys
{
    /// <summary>A day at eleven a second.</summary>
    public const long StandardCapacity = 1_000_000;

    private const int PruneStep = 100;
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public async ValueTask<KeptRequest?> TakeAsync(RequestKey key, string digest, DateTimeOffset now, CancellationToken cancellation)
    {
        var expired = StoredTime.ToMicroseconds(now - KeptFor);
        // Most repeats end here, without a write.
        if (await readers.ReadAsync((key, expired), static (connection, asked) => Find(connection, asked.key, asked.expired), cancellation) is { } found)
            return found;
        var taking = new Taking(key, digest, StoredTime.ToMicroseconds(now), expired, capacity);
        writer.Commit(taking, static (connection, taking) => taking.Run(connection));
        return taking.Found;
    }

    /// <inheritdoc/>
    public void Answer(RequestKey key, RequestAnswer answer) => writer.Commit((key, answer), static (connection, kept) =>
    {
        using var command = connection.Command(
            "UPDATE request_keys SET location = @location, body = @body WHERE account = @account AND key = @key");
        command.Add("@location", kept.answer.Location);
        command.Add("@body", kept.answer.Body.ToArray());
        Name(command, kept.key);
        command.ExecuteNonQuery();
    });

    /// <inheritdoc/>
    public void Free(RequestKey key) => writer.Commit(key, static (connection, key) =>
    {
        using var command = connection.Command("DELETE FROM request_keys WHERE account = @account AND key = @key");
        Name(command, key);
        command.ExecuteNonQuery();
    });

    private static KeptRequest? Find(DbConnection connection, RequestKey key, long expired)
    {
        using var command = connection.Command(
            "SELECT digest, location, body FROM request_keys WHERE account = @account AND key = @key AND taken_at > @expired");
        Name(command, key);
        command.Add("@expired", expired);
        using var row = command.ExecuteReader();
        if (!row.Read())
            return null;
        var answer = row.IsDBNull(1) ? null : new RequestAnswer(row.GetString(1), row.GetFieldValue<byte[]>(2));
        return new KeptRequest(row.GetString(0), answer);
    }

    private static void Name(DbCommand command, RequestKey key)
    {
        command.Add("@account", key.Account);
        command.Add("@key", key.Key);
    }

    /// <summary>One look, and the row when there is none: in one transaction, so that of two who take a key one gets it.</summary>
    private sealed class Taking(RequestKey key, string digest, long now, long expired, long capacity)
    {
        public KeptRequest? Found { get; private set; }

        public void Run(DbConnection connection)
        {
            Found = Find(connection, key, expired);
            if (Found is not null)
                return;
            Prune(connection);
            // What is there has expired; the row that takes its place gets the highest number.
            using var command = connection.Command("DELETE FROM request_keys WHERE account = @account AND key = @key");
            Name(command, key);
            command.ExecuteNonQuery();
            command.CommandText = "INSERT INTO request_keys (account, key, digest, taken_at) VALUES (@account, @key, @digest, @now)";
            command.Add("@digest", digest);
            command.Add("@now", now);
            command.ExecuteNonQuery();
        }

        private void Prune(DbConnection connection)
        {
            using var old = connection.Command("""
                DELETE FROM request_keys WHERE number IN (
                  SELECT number FROM request_keys WHERE taken_at <= @expired ORDER BY taken_at LIMIT @step)
                """);
            old.Add("@expired", expired);
            old.Add("@step", PruneStep);
            old.ExecuteNonQuery();
            // Rows get ascending numbers.
            using var many = connection.Command("""
                DELETE FROM request_keys WHERE number IN (
                  SELECT number FROM request_keys WHERE number <= (SELECT max(number) FROM request_keys) + 1 - @capacity ORDER BY number LIMIT @step)
                """);
            many.Add("@capacity", capacity);
            many.Add("@step", PruneStep);
            many.ExecuteNonQuery();
        }
    }
}
