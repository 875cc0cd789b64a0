using Switchhook.Calls.Directory;

namespace Switchhook.Calls.Ports;

/// <summary>The provisioning document, durable.</summary>
public interface IProvisioningStore
{
    /// <summary>The document as last saved, or null when nothing was ever saved.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be read now.</exception>
    Provisioning? Load();

    /// <summary>Replaces the document as a whole, in one durable transaction.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was changed.</exception>
    void Save(Provisioning provisioning);
}
