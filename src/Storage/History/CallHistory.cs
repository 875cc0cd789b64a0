using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.History;

/// <summary>Ended calls in the tables <c>calls</c>, <c>call_bodies</c>, <c>call_accounts</c> and <c>call_confirmations</c>, which the log writes.</summary>
internal sealed class CallHistory(IReaders readers) : ICallHistory
{
    /// <inheritdoc/>
    public ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation) => readers.ReadAsync(id, CallReader.Find, cancellation);

    /// <inheritdoc/>
    public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation) =>
        readers.ReadAsync(query, CallReader.Query, cancellation);

    /// <inheritdoc/>
    public CallId LastId() => readers.Read(0, static (connection, _) => CallReader.LastId(connection));
}
