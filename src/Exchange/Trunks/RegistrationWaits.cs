namespace Switchhook.Exchange.Trunks;

/// <summary>How long a registration waits for its next REGISTER.</summary>
internal static class RegistrationWaits
{
    private static readonly TimeSpan Base = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Refusal = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MostRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Four fifths of what was granted, so that a lost refresh can be repeated in time; never less than a second.</summary>
    public static TimeSpan Refresh(int grantedSeconds) => TimeSpan.FromSeconds(Math.Max(1, grantedSeconds * 0.8));

    /// <summary>
    /// RFC 5626 §4.5: the base doubled with every failure up to a bound, of which between a half and the whole is waited. Never less
    /// than the far side's Retry-After, up to an hour.
    /// </summary>
    /// <param name="failures">Attempts that failed in a row, from 1.</param>
    /// <param name="chance">From 0 to below 1.</param>
    /// <param name="retryAfter">What the far side asked for; zero when it did not.</param>
    public static TimeSpan AfterFailure(int failures, double chance, TimeSpan retryAfter = default)
    {
        var whole = Base * Math.Pow(2, Math.Min(failures, 16));
        var wait = Spread(whole < Most ? whole : Most, chance);
        var asked = retryAfter < MostRetryAfter ? retryAfter : MostRetryAfter;
        return wait > asked ? wait : asked;
    }

    /// <summary>Long, because a registrar that hears a wrong password often may shut us out.</summary>
    public static TimeSpan AfterRefusal(double chance) => Spread(Refusal, chance);

    private static TimeSpan Spread(TimeSpan whole, double chance) => whole * (0.5 + (0.5 * chance));
}
