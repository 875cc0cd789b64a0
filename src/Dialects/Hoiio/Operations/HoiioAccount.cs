using System.Text.Json.Nodes;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>The account itself: <c>user/get_balance</c> and <c>user/get_info</c>.</summary>
internal static class HoiioAccount
{
    public static async ValueTask<JsonObject> BalanceAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var balance = HoiioWords.Amount(await ask.Ports.Ledger.BalanceAsync(ask.Account, cancellation) ?? 0m);
        return HoiioReply.Success(("currency", HoiioRates.Currency(ask.Account)), ("balance", balance), ("points", balance), ("bonus", HoiioWords.Amount(0m)));
    }

    public static ValueTask<JsonObject> InfoAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var account = ask.Account;
        var numbers = HoiioCallers.NumbersOf(account, ask.Directory);
        var (country, prefix) = CountryOf(account);
        return new(HoiioReply.Success(
            ("uid", account.Hoiio!.AppId), ("name", account.Name), ("mobile_number", numbers.Count > 0 ? numbers[0] : ""), ("caller_ids", HoiioReply.List(["p", .. numbers])),
            // Clients fail without one; nobody reads mail there.
            ("email", $"{account.Name}@switchhook.invalid"), ("country", country), ("prefix", prefix), ("currency", HoiioRates.Currency(account)),
            ("time_zone", "GMT+0800"), ("user_status", "active"), ("sms_rebrand_status", "disabled"), ("call_rebrand_status", numbers.Count > 0 ? "enabled" : "disabled")));
    }

    /// <summary>Where an account is, told by what it pays with.</summary>
    private static (string Country, string Prefix) CountryOf(Account account) => HoiioRates.Currency(account) switch
    {
        "HKD" => ("HK", "+852"),
        "USD" => ("US", "+1"),
        "AUD" => ("AU", "+61"),
        _ => ("SG", "+65"),
    };
}
