using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Routing;

namespace Switchhook.Exchange.Tests.Trunks;

public sealed class RouteChoiceTests
{
    private static readonly CallDirectory Directory = new(new Provisioning
    {
        Trunks = [new() { Name = "near", Host = "192.0.2.1" }, new() { Name = "far", Host = "192.0.2.2" }, new() { Name = "spare", Host = "192.0.2.3" }],
        OutboundRoutes =
        [
            new() { Name = "world", Pattern = "+X.", Strip = 1, Prepend = "00", Trunk = "far" },
            new() { Name = "home", Pattern = "+36X.", Trunk = "near" },
            new() { Name = "home again", Pattern = "+36X.", Trunk = "spare" },
        ],
    });

    [Theory]
    [InlineData("near:+3612")]
    [InlineData("near:+3612", "far")]
    [InlineData("near:+3612", "far", "spare")]
    [InlineData("spare:+3612", "near")]
    [InlineData("far:003612", "near", "spare")]
    [InlineData("near:+3612", "near", "spare", "far")]
    public void The_longest_prefix_whose_trunk_is_up_serves_and_the_longest_of_all_when_none_is(string expected, params string[] down)
    {
        var target = Assert.IsType<LegTarget.Trunk>(DialPlan.ForOutbound(Directory, "+3612", new States(down)));

        Assert.Equal(expected, $"{target.Name}:{target.Number}");
    }

    private sealed class States(string[] down) : ITrunkStates
    {
        public IReadOnlyList<TrunkStatus> All() => [.. Directory.Provisioning.Trunks.Select(t => Of(t.Name))];

        public TrunkStatus Of(string trunk) => new() { Name = trunk, IsUp = !down.Contains(trunk) };
    }
}
