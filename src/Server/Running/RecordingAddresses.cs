using System.Net;
using System.Security.Cryptography;
using Switchhook.Calls;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Server.Native;

namespace Switchhook.Server.Running;

/// <summary>Where a recording can be had, as applications are told it. The server's own addresses are known once it listens.</summary>
/// <param name="key">What addresses that need no credentials are made with.</param>
/// <param name="outside">The address this machine is reached at, said where it listens on all it has; null: its name.</param>
internal sealed class RecordingAddresses(ReadOnlyMemory<byte> key, string? outside)
{
    private const int KeyLength = 32;

    public ReadOnlyMemory<byte> Key => key;

    /// <summary>The first address of the native API; null before it listens.</summary>
    public string? Server { get; set; }

    /// <summary>The first address of a dialect that serves recordings to whoever was told where; null for none.</summary>
    public string? Told { get; set; }

    /// <summary>A key that stays the same over restarts, so that addresses that were told stay good.</summary>
    public static byte[] KeyOf(string directory, ILogger log)
    {
        var kept = new StateFile<KeptKey>(Path.Combine(directory, "recordings-key.json"), "the key of the addresses of recordings", log);
        if (kept.Load()?.Key is { Length: KeyLength } key)
            return key;
        var made = RandomNumberGenerator.GetBytes(KeyLength);
        kept.Save(new KeptKey(made));
        return made;
    }

    public string Of(CallId call, string file) => Told is { } told
        ? OzekiRecordings.Address(Reached(told), key.Span, Path.GetFileName(file))
        : $"{Server?.TrimEnd('/')}{NativeApi.Root}/recordings/{Path.GetFileNameWithoutExtension(file)}/audio?format={Path.GetExtension(file).TrimStart('.')}";

    /// <summary>Nobody can connect to the address that stands for all of a machine.</summary>
    private string Reached(string listened)
    {
        var address = new Uri(listened);
        return IPAddress.TryParse(address.IdnHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = outside ?? Dns.GetHostName() }.Uri.AbsoluteUri : listened;
    }

    private sealed record KeptKey(byte[] Key);
}
