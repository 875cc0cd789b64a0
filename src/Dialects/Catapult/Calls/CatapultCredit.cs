using System.Globalization;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>Whether an account's balance covers the first minute of a call, at the rate with the longest prefix of the number. Nothing is debited.</summary>
internal static class CatapultCredit
{
    private const NumberStyles Amount = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    /// <summary>The failure; null when the balance will do, and for an account without a balance or without a rate for the number.</summary>
    public static CatapultError? Refuse(Account account, string number)
    {
        if (account.Balance is not { } balance || !decimal.TryParse(balance, Amount, CultureInfo.InvariantCulture, out var left))
            return null;
        var rate = account.Rates.Where(r => number.StartsWith(r.Prefix, StringComparison.Ordinal)).MaxBy(static r => r.Prefix.Length)?.PerMinute;
        return rate is not null && decimal.TryParse(rate, Amount, CultureInfo.InvariantCulture, out var price) && left < price
            ? new CatapultError(403, "credit", "insufficient-available-balance", $"balance {balance} is insufficient for amount {rate}") : null;
    }
}
