using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Hoiio.Notifications;

/// <summary>Addresses of recordings: fetched without credentials, so that nobody can guess them.</summary>
internal static class HoiioRecordings
{
    public const string Path = "/open/recordings/";

    private const int SecretLength = 32;

    public static string Address(HoiioOptions options, Account account, string file) => $"{options.ServerAddress()?.TrimEnd('/')}{Path}{Secret(account, file)}/{file}";

    /// <summary>The file of a path, when the path is one that was told.</summary>
    public static string? FileOf(string path, CallDirectory directory)
    {
        if (!path.StartsWith(Path, StringComparison.Ordinal) || path[Path.Length..].Split('/') is not [{ Length: SecretLength } secret, var file])
            return null;
        var given = Encoding.UTF8.GetBytes(secret);
        return IsName(file) && directory.Provisioning.Accounts.Any(a => a.Hoiio is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Secret(a, file)), given))
            ? file : null;
    }

    /// <summary>A call's id, a number and the suffix: nothing that leads anywhere else.</summary>
    private static bool IsName(string file) =>
        file.EndsWith(".mp3", StringComparison.Ordinal) && file[..^4].Split('-') is [var call, var number] && CallId.TryParse(call, out _)
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string Secret(Account account, string file) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes($"recordings {account.Hoiio!.AccessToken}"), Encoding.UTF8.GetBytes(file)))[..SecretLength];
}
