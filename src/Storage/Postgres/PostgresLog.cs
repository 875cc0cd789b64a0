using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Postgres;

/// <summary>The log in PostgreSQL.</summary>
internal sealed class PostgresLog(PostgresWriter writer, IReaders readers, TimeProvider time) : CallLog(readers)
{
    /// <inheritdoc/>
    protected override void Store(IReadOnlyList<LogWrite> writes) =>
        writer.Run((Writes: writes, Memory, At: StoredTime.ToMicroseconds(time.GetUtcNow())), static (connection, append) =>
        {
            var rows = new PostgresLogRows(connection, append.Memory, append.At);
            rows.Add(append.Writes);
            // One round trip, and one transaction: a batch that begins none is one by itself.
            using var batch = rows.ToBatch();
            batch.ExecuteNonQuery();
        });
}
