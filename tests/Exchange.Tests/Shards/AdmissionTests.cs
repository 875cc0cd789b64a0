using Switchhook.Exchange.Shards;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Shards;

public sealed class AdmissionTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void The_limit_of_live_calls_is_the_last_one_allowed()
    {
        var admission = new Admission(maxLive: 2, maxPerSecond: 100, _time);

        Assert.Null(admission.Refuse(live: 1));
        Assert.Equal("too many calls", admission.Refuse(live: 2));
        Assert.Equal("too many calls", admission.Refuse(live: 3));
    }

    [Fact]
    public void The_limit_of_calls_a_second_begins_anew_each_second()
    {
        var admission = new Admission(maxLive: 100, maxPerSecond: 2, _time);
        admission.Count();
        Assert.Null(admission.Refuse(live: 0));
        admission.Count();

        Assert.Equal("too many calls a second", admission.Refuse(live: 0));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(admission.Refuse(live: 0));
        admission.Count();
        admission.Count();
        Assert.Equal("too many calls a second", admission.Refuse(live: 0));
    }

    [Fact]
    public void Asking_alone_uses_nothing_up()
    {
        var admission = new Admission(maxLive: 100, maxPerSecond: 1, _time);

        Assert.Null(admission.Refuse(live: 0));
        Assert.Null(admission.Refuse(live: 0));
        admission.Count();
        Assert.NotNull(admission.Refuse(live: 0));
    }

    [Fact]
    public void A_server_that_stops_takes_no_call()
    {
        var admission = new Admission(maxLive: 100, maxPerSecond: 100, _time) { Stopping = true };

        Assert.Equal("stopping", admission.Refuse(live: 0));
    }
}
