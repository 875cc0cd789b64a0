using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;
using Switchhook.Server.Events;

namespace Switchhook.Server.Native;

/// <summary>What the native API speaks to.</summary>
/// <param name="ScriptDialects">The dialects whose scripts can be run.</param>
/// <param name="Outbox">The webhooks, done or not.</param>
/// <param name="Redeliver">Delivers one again that was made pending.</param>
/// <param name="Keys">Idempotency-Keys.</param>
internal sealed record NativePorts(
    ICallControl Calls, ICallHistory History, IDirectory Directory, ICallTraces Traces, EventSource Events, TimeProvider Time,
    IReadOnlyCollection<string> ScriptDialects, IMessages Messages, IOutbox Outbox, Action<OutboxEntry> Redeliver,
    IRequestKeys Keys)
{
    /// <summary>The recordings.</summary>
    public required IRecordingShelf Recordings { get; init; }

    /// <summary>The call, live or ended; null when there is none the account may see.</summary>
    /// <exception cref="StorageUnavailableException">It is not live, and ended calls cannot be read.</exception>
    public async ValueTask<Call?> FindAsync(string id, Account account, CancellationToken cancellation)
    {
        if (!CallId.TryParse(id, out var call))
            return null;
        // In this order: a call leaves the live ones only after its end was stored.
        var found = Calls.Find(call) ?? await History.FindAsync(call, cancellation);
        return found is not null && found.IsVisibleTo(account.Name) ? found : null;
    }
}
