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

    private readonly DirectoryView<FrozenDictionary<string, Account>> _accounts = new(directory, static current => current.Provisioning.Accounts
        .Where(static a => a.Native is not null).ToFrozenDictionary(static a => Digest(a.Native!.Key), StringComparer.Ordinal));

    /// <summary>The account, or why there is none.</summary>
    public Account? Find(HttpContext context, out Problem? problem)
    {
        problem = Problem.Unauthorized;
        if (KeyOf(context) is not { Length: <= LongestKey } key || _accounts.Current.GetValueOrDefault(Digest(key)) is not { } account)
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

    private static string Digest(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
