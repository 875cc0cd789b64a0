using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>A destination: a number in E.164, a SIP address of this server's, or an extension.</summary>
internal static class CatapultNumber
{
    private const int FewestDigits = 3;
    private const int MostDigits = 15;

    /// <summary>True for a plus and digits, the first of which is not zero.</summary>
    public static bool IsE164(string text) =>
        text is ['+', >= '1' and <= '9', ..] && text.Length - 1 is >= FewestDigits and <= MostDigits && !text.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    /// <summary>What is dialled for a destination; null for a text that is none.</summary>
    /// <remarks>The host of a SIP address is not looked at: there is no way to others than by a trunk, and those go by numbers.</remarks>
    public static string? Dialed(string to, CallDirectory directory)
    {
        if (IsE164(to) || directory.Extension(to) is not null)
            return to;
        if (!to.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) || to.IndexOf('@', StringComparison.Ordinal) is not (> 4 and var at) || at == to.Length - 1)
            return null;
        var user = Uri.UnescapeDataString(to[4..at]);
        return user.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c)) ? null : user;
    }
}
