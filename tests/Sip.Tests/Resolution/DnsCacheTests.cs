using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transport.Dns;
using Switchhook.TestKit.Timing;

namespace Switchhook.Sip.Tests.Resolution;

public sealed class DnsCacheTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void An_answer_is_found_until_its_time_to_live_is_over_and_says_what_is_left()
    {
        var cache = new DnsCache(10, _time);
        cache.Add(Name(1), DnsAnswer.Without(DnsOutcome.NoData, TimeSpan.FromSeconds(60)));

        _time.Advance(TimeSpan.FromSeconds(59));
        var shortly = cache.Find(Name(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        var late = cache.Find(Name(1));

        Assert.Equal(TimeSpan.FromSeconds(1), shortly!.TimeToLive);
        Assert.Null(late);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void When_full_the_answer_used_longest_ago_goes()
    {
        var cache = new DnsCache(3, _time);
        for (var i = 1; i <= 3; i++)
            cache.Add(Name(i), DnsAnswer.Without(DnsOutcome.NoData, TimeSpan.FromSeconds(60)));
        _ = cache.Find(Name(1));

        cache.Add(Name(4), DnsAnswer.Without(DnsOutcome.NoData, TimeSpan.FromSeconds(60)));

        Assert.Equal(3, cache.Count);
        Assert.Null(cache.Find(Name(2)));
        Assert.NotNull(cache.Find(Name(1)));
    }

    [Fact]
    public void Nothing_is_kept_for_longer_than_a_day_or_for_no_time()
    {
        var cache = new DnsCache(3, _time);
        cache.Add(Name(1), DnsAnswer.Without(DnsOutcome.NoData, TimeSpan.FromDays(900)));
        cache.Add(Name(2), DnsAnswer.Without(DnsOutcome.NoData, TimeSpan.Zero));

        var unkept = cache.Find(Name(2));
        _time.Advance(TimeSpan.FromDays(1));
        var old = cache.Find(Name(1));

        Assert.Null(unkept);
        Assert.Null(old);
    }

    private static DnsQuestion Name(int number) => new($"n{number}.example", DnsType.A);
}
