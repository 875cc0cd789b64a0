using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.History;

/// <summary>Ended calls in the tables <c>calls</c>, <c>call_accounts</c>, <c>legs</c> and <c>hangup_records</c>.</summary>
internal sealed class CallHistory(WriteConnection writer, ReadConnections readers) : ICallHistory
{
    /// <inheritdoc/>
    public void Append(IReadOnlyList<HistoryWrite> writes)
    {
        if (writes.Count == 0)
            return;
        writer.Commit(writes, static (connection, batch) =>
        {
            using var rows = new CallWriter(connection);
            foreach (var write in batch)
            {
                switch (write)
                {
                    case HistoryWrite.Ended(var call): rows.Write(call); break;
                    case HistoryWrite.Confirmed(var leg, var confirmation): rows.Confirm(leg, confirmation); break;
                }
            }
        });
    }

    /// <inheritdoc/>
    public ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation) => readers.ReadAsync(id, CallReader.Find, cancellation);

    /// <inheritdoc/>
    public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation) =>
        readers.ReadAsync(query, CallReader.Query, cancellation);

    /// <inheritdoc/>
    public CallId LastId() => readers.Read(0, static (connection, _) => CallReader.LastId(connection));
}
