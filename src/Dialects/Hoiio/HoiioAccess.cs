using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Hoiio;

/// <summary>Finds the account of an application and checks its token, in a time that tells nothing about the token.</summary>
internal sealed class HoiioAccess(IDirectory directory)
{
    private Applications _known = new(CallDirectory.Empty);

    public Account? Find(string application) => Current().Find(application);

    public static bool IsTokenOf(Account account, string token) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(account.Hoiio!.AccessToken)));

    private Applications Current()
    {
        var current = directory.Current;
        var known = Volatile.Read(ref _known);
        if (ReferenceEquals(known.Directory, current))
            return known;
        known = new Applications(current);
        Volatile.Write(ref _known, known);
        return known;
    }

    private sealed class Applications(CallDirectory directory)
    {
        private readonly FrozenDictionary<string, Account> _accounts = directory.Provisioning.Accounts
            .Where(static a => a.Hoiio is not null && a.MayUse(HoiioWords.Dialect)).ToFrozenDictionary(static a => a.Hoiio!.AppId, StringComparer.Ordinal);

        public CallDirectory Directory => directory;

        public Account? Find(string application) => _accounts.GetValueOrDefault(application);
    }
}
