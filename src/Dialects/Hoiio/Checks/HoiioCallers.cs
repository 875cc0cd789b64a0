using Switchhook.Calls;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Hoiio.Checks;

/// <summary>Which numbers an account may show: its own, or none.</summary>
internal static class HoiioCallers
{
    private const string Anonymous = "anonymous";

    /// <summary>The numbers that calls to the account come to, first the one it is registered with.</summary>
    public static IReadOnlyList<string> NumbersOf(Account account, CallDirectory directory) =>
        [.. directory.Provisioning.Numbers.Where(n => string.Equals(n.Account, account.Name, StringComparison.OrdinalIgnoreCase)).Select(static n => n.Number)];

    /// <summary>Who is shown; null when the account may not show that number.</summary>
    /// <param name="asked">The parameter; null for the usual.</param>
    /// <param name="account">Who asks.</param>
    /// <param name="directory">Which numbers are whose.</param>
    /// <param name="also">A number that may be shown too.</param>
    public static Party? Find(string? asked, Account account, CallDirectory directory, string? also = null)
    {
        var own = NumbersOf(account, directory);
        var registered = own.Count > 0 ? own[0] : Anonymous;
        if (asked is "private" or "p")
            return new Party(registered, IsWithheld: true);
        if (asked is null)
            return new Party(registered, IsWithheld: own.Count == 0);
        var number = HoiioWords.PhoneNumber(asked) ?? asked;
        return own.Contains(number) || number == also ? new Party(number) : null;
    }
}
