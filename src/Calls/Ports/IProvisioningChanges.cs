using Switchhook.Calls.Directory;

namespace Switchhook.Calls.Ports;

/// <summary>Changes what is provisioned while the server runs. Safe from any thread; changes come one after the other.</summary>
public interface IProvisioningChanges
{
    /// <summary>Changes the document and stores it; the directory is the new one when this returns.</summary>
    /// <param name="change">The document as it becomes; the same document to change nothing. Asked more than once.</param>
    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    void Change(Func<Provisioning, Provisioning> change);
}
