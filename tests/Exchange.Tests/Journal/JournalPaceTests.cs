using Switchhook.Exchange.Journal;

namespace Switchhook.Exchange.Tests.Journal;

public sealed class JournalPaceTests
{
    [Theory]
    [InlineData(5, 10, 0)]     // 500 entries a second: those of some 60 calls
    [InlineData(15, 10, 5)]
    [InlineData(60, 10, 8)]
    [InlineData(1000, 100, 8)]
    public void Writes_keep_a_distance_only_while_much_comes_in(int entries, int everyMs, int expectedMs)
    {
        var pace = new JournalPace();
        var now = TimeSpan.Zero;
        for (var n = 0; n < 200; n++)
            pace.Took(entries, now = TimeSpan.FromMilliseconds(n * everyMs));

        var left = pace.Left(now);

        Assert.Equal(expectedMs, left.TotalMilliseconds);
    }

    [Theory]
    [InlineData(5, 15)]      // 500 entries a second
    [InlineData(15, 60)]
    [InlineData(100, 25)]
    [InlineData(400, 15)]
    public void What_nobody_waits_for_gathers_company_under_load_until_there_is_enough(int entriesEvery10Ms, double expectedMs)
    {
        var pace = new JournalPace();
        var now = TimeSpan.Zero;
        for (var n = 0; n < 200; n++)
            pace.Took(entriesEvery10Ms, now = TimeSpan.FromMilliseconds(n * 10));

        Assert.InRange(pace.Gather(now).TotalMilliseconds, 0.9 * expectedMs, 1.1 * expectedMs);
    }

    [Fact]
    public void The_distance_counts_from_the_write_before()
    {
        var pace = new JournalPace();
        for (var n = 0; n <= 100; n++)
            pace.Took(60, TimeSpan.FromMilliseconds(n * 10));

        Assert.Equal(3, pace.Left(TimeSpan.FromMilliseconds(1005)).TotalMilliseconds);
        Assert.Equal(TimeSpan.Zero, pace.Left(TimeSpan.FromMilliseconds(1008)));
    }

    [Fact]
    public void After_a_quiet_time_nothing_waits()
    {
        var pace = new JournalPace();
        for (var n = 0; n <= 100; n++)
            pace.Took(60, TimeSpan.FromMilliseconds(n * 10));
        pace.Took(1, TimeSpan.FromSeconds(3));

        var left = pace.Left(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.Zero, left);
    }
}
