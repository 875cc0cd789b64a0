using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;

namespace Switchhook.Storage;

/// <summary>Every durable port over one database. Safe from any thread.</summary>
public interface IDurableStorage : IDisposable
{
    /// <summary>Tells this database from another one the same server might use: the same wherever it is moved to.</summary>
    string Name { get; }
    ICallHistory History { get; }
    ICallLog Log { get; }
    IOutbox Outbox { get; }
    IRegistrationStore Registrations { get; }
    IProvisioningStore Provisioning { get; }
    IRequestKeys RequestKeys { get; }

    /// <summary>True when the database takes writes now; else the reason.</summary>
    bool CanWrite(out string? problem);

    /// <summary>Removes a little of what is past keeping, in one short transaction. False when there is nothing more to remove now.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was removed.</exception>
    bool Prune(LogRetention retention);

    /// <summary>Lets go of what it holds of the database in memory; whoever asks next reads it again.</summary>
    void GiveBack();
}
