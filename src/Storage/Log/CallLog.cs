using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Log;

/// <summary>The log in the table <c>call_events</c>, with the calls, live calls and notifications that each of its writes brings along.</summary>
internal abstract class CallLog(IReaders readers) : ICallLog, IDisposable
{
    /// <summary>Of whoever writes, one batch at a time.</summary>
    protected LogMemory Memory { get; } = new();

    /// <inheritdoc/>
    public long LastCursor() => readers.Read(0, static (connection, _) => LogReader.LastCursor(connection));

    /// <inheritdoc/>
    public void Append(IReadOnlyList<LogWrite> writes)
    {
        if (writes.Count == 0)
            return;
        try
        {
            Memory.Chains.Expect(writes);
            Store(writes);
            Memory.Keep();
        }
        finally
        {
            Memory.Forget();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<UnfinishedCall> Unfinished() => readers.Read(0, static (connection, _) => LogReader.Unfinished(connection));

    /// <inheritdoc/>
    public ValueTask<LogPage> ReadAsync(long after, int most, EventFilter filter, CancellationToken cancellation) =>
        readers.ReadAsync((after, most, filter), static (connection, asked) => LogReader.Read(connection, asked.after, asked.most, asked.filter), cancellation);

    public void Dispose() => Memory.Dispose();

    /// <summary>One durable transaction.</summary>
    protected abstract void Store(IReadOnlyList<LogWrite> writes);
}
