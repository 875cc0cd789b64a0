using Switchhook.Calls.Directory;

namespace Switchhook.Server.Running;

/// <summary>The directory as it was at the start; a change of the provisioning takes effect with the next one.</summary>
internal sealed class CurrentDirectory(Provisioning provisioning) : IDirectory
{
    public CallDirectory Current { get; } = new(provisioning);
}
