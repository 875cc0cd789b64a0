using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Postgres;

/// <summary>The log in the table <c>call_events</c>, with the calls, live calls and notifications that each of its writes brings along.</summary>
internal sealed class PostgresLog(PostgresWriter writer, IReaders readers, TimeProvider time) : ICallLog, IDisposable
{
    private readonly LogBuffer _buffer = new();

    /// <inheritdoc/>
    public long LastCursor() => readers.Read(0, static (connection, _) => LogReader.LastCursor(connection));

    /// <inheritdoc/>
    public void Append(IReadOnlyList<LogWrite> writes)
    {
        if (writes.Count == 0)
            return;
        writer.Run((Writes: writes, Buffer: _buffer, At: StoredTime.ToMicroseconds(time.GetUtcNow())), static (connection, append) =>
        {
            var rows = new PostgresLogRows(append.Buffer, append.At);
            rows.Add(append.Writes);
            // One round trip, and one transaction: a batch that begins none is one by itself.
            using var batch = rows.ToBatch(connection);
            batch.ExecuteNonQuery();
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<UnfinishedCall> Unfinished() => readers.Read(0, static (connection, _) => LogReader.Unfinished(connection));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LoggedEvent>> ReadAsync(long after, int most, CancellationToken cancellation) =>
        readers.ReadAsync((after, most), static (connection, page) => LogReader.Read(connection, page.after, page.most), cancellation);

    /// <inheritdoc/>
    public ValueTask<long> HorizonAsync(CancellationToken cancellation) =>
        readers.ReadAsync(0, static (connection, _) => LogReader.Horizon(connection), cancellation);

    public void Dispose() => _buffer.Dispose();
}
