using Switchhook.Calls;
using Switchhook.Server.Native;

namespace Switchhook.Server.Running;

/// <summary>Where a recording can be had, as scripts are told it. The server's own address is known once it listens.</summary>
internal sealed class RecordingAddresses
{
    /// <summary>The first address of the native API; null before it listens.</summary>
    public string? Server { get; set; }

    public string Of(CallId call, string file) =>
        $"{Server?.TrimEnd('/')}{NativeApi.Root}/recordings/{Path.GetFileNameWithoutExtension(file)}/audio?format={Path.GetExtension(file).TrimStart('.')}";
}
