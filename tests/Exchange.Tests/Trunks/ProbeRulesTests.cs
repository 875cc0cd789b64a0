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
    [InlineData(null, false, 30)]
    [InlineData(null, true, 0)]
    [InlineData(0, false, 0)]
    [InlineData(5, true, 5)]
    public void A_trunk_is_probed_unless_its_registration_tells_as_much(int? given, bool register, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TrunkProbes.IntervalOf(new Trunk { Name = "c", Host = "c", ProbeSeconds = given, Register = register }));
}
