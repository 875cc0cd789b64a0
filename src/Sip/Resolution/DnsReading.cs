using System.Collections.Immutable;

namespace Switchhook.Sip.Resolution;

/// <summary>What a server's answer says about the question: an answer, or the name to ask about instead.</summary>
/// <param name="Answer">The answer, or null when it is still to be had under <paramref name="Alias"/>.</param>
/// <param name="Alias">The true name when the server gave the alias alone.</param>
/// <param name="TimeToLive">The shortest time to live of the aliases on the way.</param>
internal readonly record struct DnsReading(DnsAnswer? Answer, string? Alias, TimeSpan TimeToLive)
{
    /// <summary>So many aliases may follow one another.</summary>
    public const int MostAliases = 8;

    /// <summary>Absence is remembered no longer, whatever the zone says; a server just added should be found the same hour.</summary>
    public static readonly TimeSpan LongestAbsence = TimeSpan.FromMinutes(15);

    private const int NoError = 0;
    private const int NoSuchName = 3;

    /// <summary>Follows the aliases in the answer from the name in its question; records of other names are passed over.</summary>
    public static DnsReading Of(DnsMessage response)
    {
        var (name, type) = response.Question;
        var timeToLive = TimeSpan.MaxValue;
        if (response.ResponseCode is not (NoError or NoSuchName)) return Ended(DnsAnswer.Without(DnsOutcome.ServerFailure));
        for (var aliases = 0; aliases <= MostAliases; aliases++)
        {
            var found = response.Answers.Where(r => r.Name == name && r.Is(type)).Distinct().ToImmutableArray();
            if (!found.IsEmpty)
            {
                var shortest = found.Min(static r => r.TimeToLive);
                return Ended(new DnsAnswer(DnsOutcome.Found, found, shortest < timeToLive ? shortest : timeToLive));
            }

            if (response.Answers.OfType<DnsRecord.Alias>().FirstOrDefault(a => a.Name == name) is not { } alias)
                return Absent(response, name, timeToLive);
            if (alias.TimeToLive < timeToLive) timeToLive = alias.TimeToLive;
            name = alias.Target;
        }

        return Ended(DnsAnswer.Without(DnsOutcome.ServerFailure));
    }

    /// <summary>RFC 2308 §2 and §5: absence lives as long as the SOA record says; without one it is not remembered at all.</summary>
    private static DnsReading Absent(DnsMessage response, string name, TimeSpan aliased)
    {
        var authority = response.Authorities.OfType<DnsRecord.Authority>().FirstOrDefault();
        if (authority is null && response.ResponseCode == NoError && name != response.Question.Name) return new DnsReading(null, name, aliased);
        var timeToLive = authority is null ? TimeSpan.Zero : Shortest(authority.TimeToLive, authority.Minimum, LongestAbsence, aliased);
        return Ended(DnsAnswer.Without(response.ResponseCode == NoSuchName ? DnsOutcome.NoSuchName : DnsOutcome.NoData, timeToLive));
    }

    private static TimeSpan Shortest(params ReadOnlySpan<TimeSpan> times)
    {
        var shortest = TimeSpan.MaxValue;
        foreach (var time in times)
        {
            if (time < shortest) shortest = time;
        }

        return shortest;
    }

    private static DnsReading Ended(DnsAnswer answer) => new(answer, null, answer.TimeToLive);
}
