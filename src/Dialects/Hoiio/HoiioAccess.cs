using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Hoiio;

/// <summary>Finds the account of an application and checks its token, in a time that tells nothing about the token.</summary>
internal sealed class HoiioAccess(IDirectory directory)
{
    private readonly DirectoryView<FrozenDictionary<string, Account>> _applications = new(directory, static current => current.Provisioning.Accounts
        .Where(static a => a.Hoiio is not null && a.MayUse(HoiioWords.Dialect)).ToFrozenDictionary(static a => a.Hoiio!.AppId, StringComparer.Ordinal));

    public Account? Find(string application) => _applications.Current.GetValueOrDefault(application);

    public static bool IsTokenOf(Account account, string token) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(account.Hoiio!.AccessToken)));
}
