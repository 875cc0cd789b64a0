using Switchhook.Calls.Directory;
using Switchhook.Exchange.Trunks;

namespace Switchhook.Exchange.Tests.Trunks;

public sealed class ProbeRulesTests
{
    [Theory]
    [InlineData(200, true)]
    [InlineData(404, true)]
    [InlineData(405, true)]
    [InlineData(500, true)]
    [InlineData(408, false)]
    [InlineData(503, false)]
    public void Whoever_answers_is_there_unless_it_says_that_it_serves_nobody(int status, bool alive) => Assert.Equal(alive, TrunkProbes.IsAlive(status));

    [Theory]
    [InlineData(null, 0)]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    public void A_trunk_is_probed_when_it_is_asked_for(int? given, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TrunkProbes.IntervalOf(new Trunk { Name = "c", Host = "c", ProbeSeconds = given }));
}
