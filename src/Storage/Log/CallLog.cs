using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Log;

/// <summary>The log in the table <c>call_events</c>, with the calls, live calls and notifications that each of its writes brings along.</summary>
internal sealed class CallLog(WriteConnection writer, ReadConnections readers, TimeProvider time) : ICallLog, IDisposable
{
    private readonly LogBuffer _buffer = new();
    private readonly CallChains _chains = new();

    /// <inheritdoc/>
    public long LastCursor() => readers.Read(0, static (connection, _) => LogReader.LastCursor(connection));

    /// <inheritdoc/>
    public void Append(IReadOnlyList<LogWrite> writes)
    {
        if (writes.Count == 0)
            return;
        try
        {
            writer.Commit((Writes: writes, Buffer: _buffer, Chains: _chains, At: StoredTime.ToMicroseconds(time.GetUtcNow())), static (connection, batch) =>
            {
                using var rows = new LogWriter(connection, batch.Buffer, batch.Chains, batch.At);
                rows.Write(batch.Writes);
            });
            _chains.Keep();
        }
        finally
        {
            _chains.Forget();
        }
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
