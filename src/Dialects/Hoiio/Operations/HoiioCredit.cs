using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>Whether an account can pay, and for how long.</summary>
internal static class HoiioCredit
{
    /// <summary>One minute must be paid for.</summary>
    public static async ValueTask<string?> CheckAsync(HoiioAsk ask, decimal rate, CancellationToken cancellation) =>
        await ask.Ports.Ledger.BalanceAsync(ask.Account, cancellation) is { } balance && balance < rate ? HoiioStatus.Credit : null;

    /// <summary>Whole minutes the balance pays for; null when nothing limits them.</summary>
    public static async ValueTask<long?> MinutesAsync(HoiioAsk ask, decimal rate, CancellationToken cancellation) =>
        rate > 0 && await ask.Ports.Ledger.BalanceAsync(ask.Account, cancellation) is { } balance ? (long)Math.Clamp(Math.Floor(balance / rate), 0, 1_000_000) : null;

    /// <summary>The longest a call may be: as asked, and as the balance pays for.</summary>
    public static async ValueTask<TimeSpan?> LongestAsync(HoiioAsk ask, int? askedSeconds, decimal rate, CancellationToken cancellation)
    {
        var asked = askedSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var paid = await MinutesAsync(ask, rate, cancellation) is { } minutes ? TimeSpan.FromMinutes(minutes) : (TimeSpan?)null;
        return asked is null || paid < asked ? paid ?? asked : asked;
    }
}
