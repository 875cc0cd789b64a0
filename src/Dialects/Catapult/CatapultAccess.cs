using System.Buffers.Text;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Catapult;

/// <summary>
/// Finds the account of an API token and its secret. Both are looked up by one SHA-256, so that the time of it tells nothing about either.
/// </summary>
internal sealed class CatapultAccess(IDirectory directory)
{
    private const string Scheme = "Basic ";
    private const int LongestHeader = 1024;

    private readonly DirectoryView<FrozenDictionary<string, Account>> _accounts = new(directory, static current => current.Provisioning.Accounts
        .Where(static a => a.Catapult is not null && a.MayUse(CatapultWords.Dialect))
        .GroupBy(static a => Digest(Encoding.UTF8.GetBytes($"{a.Catapult!.ApiToken}:{a.Catapult.ApiSecret}")), StringComparer.Ordinal)
        .ToFrozenDictionary(static g => g.Key, static g => g.First(), StringComparer.Ordinal));

    /// <summary>The account of an Authorization header; null for every other header.</summary>
    public Account? Find(string header)
    {
        if (header.Length > LongestHeader || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var encoded = Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim());
        return Base64.DecodeFromUtf8InPlace(encoded, out var length) == System.Buffers.OperationStatus.Done
            ? _accounts.Current.GetValueOrDefault(Digest(encoded.AsSpan(0, length))) : null;
    }

    private static string Digest(ReadOnlySpan<byte> text) => Convert.ToHexString(SHA256.HashData(text));
}
