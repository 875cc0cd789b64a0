using Switchhook.Calls.Ports;
using Switchhook.Storage.Documents;
using Switchhook.Storage.History;
using Switchhook.Storage.Keys;
using Switchhook.Storage.Log;
using Switchhook.Storage.Registrations;

namespace Switchhook.Storage;

/// <summary>Every durable port over one writer and its readers. Safe from any thread.</summary>
public abstract class DurableStorage : IDurableStorage
{
    private readonly IWriter _writer;
    private readonly IReaders _readers;
    private readonly CallLog _log;

    private protected DurableStorage(IWriter writer, IReaders readers, CallLog log, TimeProvider time)
    {
        (_writer, _readers, _log, Time) = (writer, readers, log, time);
        History = new CallHistory(readers);
        Outbox = new Outbox(writer, readers);
        Registrations = new RegistrationStore(readers);
        Provisioning = new ProvisioningStore(writer, readers);
        RequestKeys = new RequestKeyStore(writer, readers);
    }

    /// <inheritdoc/>
    public abstract string Name { get; }
    public ICallHistory History { get; }
    public ICallLog Log => _log;
    public IOutbox Outbox { get; }
    public IRegistrationStore Registrations { get; }
    public IProvisioningStore Provisioning { get; }
    public IRequestKeys RequestKeys { get; }

    private protected TimeProvider Time { get; }

    /// <inheritdoc/>
    public abstract bool CanWrite(out string? problem);

    /// <inheritdoc/>
    public bool Prune(LogRetention retention) => Prune(retention, Time.GetUtcNow());

    /// <summary>Octets in use.</summary>
    internal long Size() => _readers.Read(0, static (connection, _) => LogSize.Of(connection));

    /// <summary>What reads, for tests that look at how.</summary>
    internal IReaders Readers => _readers;

    internal bool Prune(LogRetention retention, DateTimeOffset now)
    {
        // Beside the writer, which is not held up by it.
        var isTooLarge = Size() > (long)retention.MaxMegabytes * 1024 * 1024;
        var more = false;
        _writer.Commit(
            (Retention: retention, IsTooLarge: isTooLarge, Now: now),
            (connection, step) => more = LogPruner.Prune(connection, step.Retention, step.IsTooLarge, step.Now));
        if (more)
            Settle();
        return more;
    }

    /// <inheritdoc/>
    public virtual void GiveBack()
    {
    }

    /// <summary>What a removal leaves to be done while others write.</summary>
    private protected virtual void Settle()
    {
    }

    /// <summary>Closes every connection.</summary>
    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
        _log.Dispose();
        GC.SuppressFinalize(this);
    }
}
