using Switchhook.Calls;
using Switchhook.Exchange.Shards;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Shards;

public sealed class CallIdSourceTests
{
    [Fact]
    public void An_id_tells_when_the_call_began()
    {
        var time = new ManualTime();

        var id = new CallIdSource(time, default).NextCall();

        Assert.Equal(time.GetUtcNow(), CallId.Epoch + TimeSpan.FromSeconds((double)id.Value / CallId.StepsPerSecond));
    }

    [Fact]
    public void Ids_ascend_while_the_clock_stands()
    {
        var source = new CallIdSource(new ManualTime(), default);

        CallId[] ids = [source.NextCall(), source.NextCall(), source.NextCall()];

        Assert.Equal(ids[0].Value + 1, ids[1].Value);
        Assert.Equal(ids[1].Value + 1, ids[2].Value);
    }

    [Fact]
    public void A_clock_stepped_back_does_not_bring_ids_back()
    {
        var time = new SteppedTime { Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) };
        var source = new CallIdSource(time, default);
        var before = source.NextCall();

        time.Now -= TimeSpan.FromHours(3);
        var after = source.NextCall();
        time.Now = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var last = source.NextCall();

        Assert.True(after > before);
        Assert.True(last > after);
    }

    [Fact]
    public void Ids_stay_above_the_last_one_stored()
    {
        var stored = new CallId(CallId.MaxValue / 2);

        Assert.Equal(stored.Value + 1, new CallIdSource(new ManualTime(), stored).NextCall().Value);
    }

    [Fact]
    public async Task Many_threads_get_ascending_ids_and_never_the_same_one()
    {
        var source = new CallIdSource(TimeProvider.System, default);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 20_000).Select(_ => source.NextCall().Value).ToArray())));

        Assert.All(taken, ids => Assert.True(ids.Zip(ids.Skip(1)).All(pair => pair.First < pair.Second)));
        Assert.Equal(160_000, taken.SelectMany(ids => ids).Distinct().Count());
    }

    private sealed class SteppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
