using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki;

/// <summary>Username and Password of a request against the accounts.</summary>
internal static class OzekiAccess
{
    public const string Dialect = "ozeki";

    /// <summary>Compared with when there is no password to compare with, so that an unknown name takes as long as a wrong password.</summary>
    private static readonly byte[] Nobody = SHA256.HashData("nobody"u8);

    /// <param name="parameters">The request's.</param>
    /// <param name="directory">The accounts.</param>
    /// <param name="withoutCredentials">Whose requests are that have neither name nor password; null refuses them.</param>
    /// <param name="account">Whose the request is.</param>
    /// <returns>Null and the account, or what to answer.</returns>
    public static OzekiAnswer? Check(OzekiParameters parameters, CallDirectory directory, string? withoutCredentials, out Account account)
    {
        account = null!;
        if (withoutCredentials is not null && parameters["Username"] is null && parameters["Password"] is null)
        {
            if (directory.Account(withoutCredentials) is not { } open || !open.MayUse(Dialect))
                return OzekiAnswer.AuthenticationRequired;
            account = open;
            return null;
        }
        if (parameters["Username"] is not { } user || parameters["Password"] is not { } password)
            return OzekiAnswer.AuthenticationRequired;
        var known = directory.Account(user);
        var expected = known?.Password is { Length: > 0 } secret ? SHA256.HashData(Encoding.UTF8.GetBytes(secret)) : null;
        var same = CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(password)), expected ?? Nobody);
        if (known is null || expected is null || !same)
            return OzekiAnswer.AuthenticationFailed;
        account = known;
        return known.MayUse(Dialect) ? null : OzekiAnswer.ForbiddenUser;
    }
}
