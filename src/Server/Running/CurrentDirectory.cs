using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Running;

/// <summary>The directory as it is, and the one way to change it: what is stored is what counts.</summary>
internal sealed class CurrentDirectory(Provisioning provisioning, IProvisioningStore store) : IDirectory, IProvisioningChanges
{
    private readonly Lock _changing = new();
    private volatile CallDirectory _current = new(provisioning);

    public CallDirectory Current => _current;

    /// <inheritdoc/>
    public void Change(Func<Provisioning, Provisioning> change)
    {
        lock (_changing)
        {
            var before = _current.Provisioning;
            var after = change(before);
            if (ReferenceEquals(before, after))
                return;
            // What was imported meanwhile counts from the next start on, and is not lost.
            var stored = store.Load() ?? before;
            store.Save(change(stored));
            _current = new CallDirectory(after);
        }
    }
}
