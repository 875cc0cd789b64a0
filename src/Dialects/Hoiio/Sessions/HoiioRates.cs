using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>What a call costs.</summary>
/// <param name="Rate">A minute of it.</param>
/// <param name="Minutes">Every one that was begun; 0 for a call that was not answered.</param>
internal readonly record struct HoiioCharge(decimal Rate, long Minutes)
{
    public decimal Debit => Rate * Minutes;
}

/// <summary>Prices by the account's rates: the longest prefix of a number has it; a number without one is free.</summary>
internal static class HoiioRates
{
    public const string NoCurrency = "SGD";

    public static string Currency(Account account) => account.Currency ?? NoCurrency;

    public static decimal Of(Account account, string number)
    {
        var (best, longest) = (0m, -1);
        foreach (var rate in account.Rates)
        {
            if (rate.Prefix.Length > longest && number.StartsWith(rate.Prefix, StringComparison.Ordinal)
                && decimal.TryParse(rate.PerMinute, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price))
                (best, longest) = (price, rate.Prefix.Length);
        }
        return best;
    }

    /// <summary>
    /// The sum of every part of the call: the number of ours that was called, and each that was called by us. A party that took a place later
    /// counts once it has answered.
    /// </summary>
    public static HoiioCharge Of(Account account, CallDirectory directory, Call call)
    {
        var rate = 0m;
        foreach (var leg in call.Legs)
        {
            if (leg.Direction == LegDirection.Outbound && (leg.Id.Number == 1 || leg.AnsweredAt is not null || IsSecond(call, leg)))
                rate += Of(account, leg.Party.Number);
        }
        if (call.Legs[0].Direction == LegDirection.Inbound && directory.Number(call.Dialed) is not null)
            rate += Of(account, call.Dialed);
        if (call is { Legs.Length: 1, Plan: CallPlan.Originated { Then: OnAnswer.Connect second } })
            rate += Of(account, second.Number);
        return new HoiioCharge(rate, Minutes(call));
    }

    private static bool IsSecond(Call call, Leg leg) => leg.Id.Number == 2 && call.Plan is CallPlan.Originated { Then: OnAnswer.Connect };

    private static long Minutes(Call call) => call is { AnsweredAt: { } answered, EndedAt: { } ended }
        ? Math.Max(1, (long)Math.Ceiling((ended - answered).TotalMinutes)) : 0;
}
