using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Log;

/// <summary>The log in SQLite.</summary>
internal sealed class SqliteLog(WriteConnection writer, IReaders readers, TimeProvider time) : CallLog(readers)
{
    /// <inheritdoc/>
    protected override void Store(IReadOnlyList<LogWrite> writes) =>
        writer.Commit((Writes: writes, Memory, At: StoredTime.ToMicroseconds(time.GetUtcNow())), static (connection, batch) =>
        {
            using var rows = new LogWriter(connection, batch.Memory, batch.At);
            rows.Write(batch.Writes);
        });
}
