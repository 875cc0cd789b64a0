using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.OpenVox.Sessions;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>login: an account's name and the MD5 of its password for a token, and where reports go.</summary>
internal sealed class OpenVoxLogin(OpenVoxSessions sessions, TimeProvider time)
{
    private readonly OpenVoxLockouts _lockouts = new(time);

    public OpenVoxAnswer Run(IReadOnlyDictionary<string, string> fields, IPAddress from, CallDirectory directory)
    {
        if (_lockouts.IsLocked(from))
            return OpenVoxErrno.LockedOut;
        if (Text("username") is not { } user || Text("password") is not { } password || Text("port") is not { } port)
            return OpenVoxErrno.MissingParameter;
        if (!OpenVoxTarget.IsPort(port))
            return OpenVoxErrno.BadPort;
        if (OpenVoxTarget.Make(from.ToString(), port, Text("url"), Text("urltag")) is not { } target)
            return OpenVoxErrno.MissingParameter;
        var account = directory.Account(user);
        if (!IsPassword(account?.Password, password) || !account!.MayUse(OpenVoxWords.Dialect))
        {
            _lockouts.Failed(from);
            return OpenVoxErrno.LoginFailed;
        }
        _lockouts.Succeeded(from);
        return OpenVoxAnswer.With(("token", sessions.Open(account.Name, from.ToString(), target)));

        string? Text(string name) => fields.GetValueOrDefault(name)?.Trim() is { Length: > 0 } value ? value : null;
    }

    /// <summary>As long for a name nobody has as for a wrong password.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The vendor's protocol: clients send the MD5 of the password.")]
    private static bool IsPassword(string? secret, string sent)
    {
        var expected = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(secret ?? "")));
        var same = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(sent.ToLowerInvariant()));
        return same && secret is { Length: > 0 };
    }
}
