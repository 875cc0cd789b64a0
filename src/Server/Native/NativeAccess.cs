using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls.Directory;

namespace Switchhook.Server.Native;

/// <summary>
/// Finds the account of a native key. Keys are looked up and compared by their SHA-256, so that neither the time of a look-up nor that of a
/// comparison tells anything about a key.
/// </summary>
internal sealed class NativeAccess(IDirectory directory)
{
    private const string Scheme = "Bearer ";
    private const int LongestKey = 512;
    private Keys _keys = new(CallDirectory.Empty);

    /// <summary>The account, or why there is none.</summary>
    public Account? Find(HttpContext context, out Problem? problem)
    {
        problem = Problem.Unauthorized;
        if (KeyOf(context) is not { Length: <= LongestKey } key || Current().Find(key) is not { } account)
            return null;
        problem = account.MayUse("native") ? null : Problem.Forbidden;
        return problem is null ? account : null;
    }

    /// <summary>The header's key, or that of a browser's WebSocket, which cannot set the header.</summary>
    private static string? KeyOf(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return header[Scheme.Length..].Trim();
        if (header.Length > 0 || !context.WebSockets.IsWebSocketRequest)
            return null;
        return context.WebSockets.WebSocketRequestedProtocols
            .FirstOrDefault(p => p.StartsWith(EventsSocket.KeyProtocol, StringComparison.Ordinal))?[EventsSocket.KeyProtocol.Length..];
    }

    private Keys Current()
    {
        var current = directory.Current;
        var keys = Volatile.Read(ref _keys);
        if (ReferenceEquals(keys.Directory, current))
            return keys;
        keys = new Keys(current);
        Volatile.Write(ref _keys, keys);
        return keys;
    }

    private sealed class Keys(CallDirectory directory)
    {
        private readonly FrozenDictionary<string, Account> _accounts = directory.Provisioning.Accounts
            .Where(a => a.Native is not null)
            .ToFrozenDictionary(a => Digest(a.Native!.Key), StringComparer.Ordinal);

        public CallDirectory Directory => directory;

        public Account? Find(string key) => _accounts.GetValueOrDefault(Digest(key));

        private static string Digest(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
