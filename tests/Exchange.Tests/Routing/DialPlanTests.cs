using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Scripts;
using Switchhook.Exchange.Routing;

namespace Switchhook.Exchange.Tests.Routing;

public sealed class DialPlanTests
{
    private static readonly Extension Alice = new() { Number = "101", Account = "a" };

    private static readonly CallDirectory Directory = new(new Provisioning
    {
        Extensions =
        [
            Alice,
            new() { Number = "811", Kind = ExtensionKind.DemoPhone, Account = "a" },
            new() { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Play, Prompt = "hello.wav" },
            new() { Number = "900", Kind = ExtensionKind.Api, Account = "app", Url = "http://127.0.0.1/in" },
            new() { Number = "901", Kind = ExtensionKind.Api, Account = "app" },
        ],
        Trunks = [new() { Name = "carrier", Host = "127.0.0.1" }, new() { Name = "mobile", Host = "127.0.0.2" }],
        Numbers =
        [
            new() { Number = "+3611", Account = "b", To = new() { Extension = "900" } },
            new() { Number = "+3612", To = new() { Extension = "101" } },
            new() { Number = "+3613", Account = "b", To = new() { Extension = "gone" } },
            new() { Number = "+3614", Account = "b", To = new() { Hoiio = "http://127.0.0.1/x" } },
            new() { Number = "150", Account = "b", To = new() { Extension = "800" } },
        ],
        OutboundRoutes =
        [
            new() { Name = "world", Pattern = "+X.", Strip = 1, Prepend = "00", Trunk = "carrier" },
            new() { Name = "mobile", Pattern = "+65[89]X.", Trunk = "mobile" },
            new() { Name = "again", Pattern = "+65NX.", Trunk = "carrier" },
            new() { Name = "stripped to nothing", Pattern = "7!", Strip = 9, Trunk = "carrier" },
            new() { Name = "operator", Pattern = "6!", Strip = 9, Prepend = "0", Trunk = "carrier" },
            new() { Name = "nowhere", Pattern = "5!", Trunk = "no such" },
        ],
    });

    private static readonly CallerIdentity Phone = new CallerIdentity.Phone(Alice);

    [Fact]
    public void A_phone_reaches_a_phone()
    {
        var route = DialPlan.ForInbound(Directory, Phone, "101");

        var plan = Assert.IsType<CallPlan.Connect>(route.Plan);
        Assert.Equal(new LegTarget.Extension("101"), plan.Target);
        Assert.Equal(TimeSpan.FromSeconds(90), plan.RingTime);
        Assert.Equal(("101", "a", null), (route.CalleeDialed, route.Account, route.ApiExtension));
    }

    [Fact]
    public void A_demo_phone_is_rung_like_any_phone() =>
        Assert.Equal(new LegTarget.Extension("811"), Assert.IsType<CallPlan.Connect>(DialPlan.ForInbound(Directory, Phone, "811").Plan).Target);

    [Fact]
    public void A_service_extension_is_answered_by_the_exchange() =>
        Assert.Equal(new CallPlan.Service(ServiceBehaviour.Play, "hello.wav"), DialPlan.ForInbound(Directory, Phone, "800").Plan);

    [Fact]
    public void An_api_extension_runs_the_script_behind_its_url()
    {
        var route = DialPlan.ForInbound(Directory, Phone, "900");

        Assert.Equal(new ScriptRef("ozeki", "http://127.0.0.1/in"), Assert.IsType<CallPlan.Scripted>(route.Plan).Script);
        Assert.Equal(("app", "900"), (route.Account, route.ApiExtension));
    }

    [Fact]
    public void An_api_extension_without_a_url_refuses_and_says_so()
    {
        var route = DialPlan.ForInbound(Directory, Phone, "901");

        Assert.Equal(new CallPlan.Refused(HangupCause.NoUserResponse, "API extension has no url"), route.Plan);
        Assert.Equal("901", route.ApiExtension);
    }

    [Fact]
    public void A_number_leads_to_its_extension_and_belongs_to_its_own_account()
    {
        var route = DialPlan.ForInbound(Directory, Peer(TrunkDial.Numbers), "+3611");

        Assert.IsType<CallPlan.Scripted>(route.Plan);
        Assert.Equal(("900", "b", "900"), (route.CalleeDialed, route.Account, route.ApiExtension));
    }

    [Fact]
    public void A_number_without_an_account_belongs_to_its_extensions() =>
        Assert.Equal("a", DialPlan.ForInbound(Directory, Peer(TrunkDial.Numbers), "+3612").Account);

    [Theory]
    [InlineData("+3613")]
    [InlineData("+3614")]
    public void A_number_that_leads_nowhere_is_refused_in_its_accounts_name(string dialed)
    {
        var route = DialPlan.ForInbound(Directory, Peer(TrunkDial.All), dialed);

        Assert.Equal(new CallPlan.Refused(HangupCause.NoUserResponse, "number has no usable destination"), route.Plan);
        Assert.Equal("b", route.Account);
    }

    [Theory]
    [InlineData(TrunkDial.Numbers, "150", "Service")]
    [InlineData(TrunkDial.Numbers, "101", "Refused 21 trunk may not dial extensions")]
    [InlineData(TrunkDial.Numbers, "800", "Refused 21 trunk may not dial extensions")]
    [InlineData(TrunkDial.Numbers, "+491", "Refused 1 no route")]
    [InlineData(TrunkDial.Extensions, "150", "Service")]
    [InlineData(TrunkDial.Extensions, "101", "Connect")]
    [InlineData(TrunkDial.Extensions, "800", "Service")]
    [InlineData(TrunkDial.Extensions, "+491", "Refused 1 no route")]
    [InlineData(TrunkDial.All, "101", "Connect")]
    [InlineData(TrunkDial.All, "+491", "Connect")]
    [InlineData(TrunkDial.All, "999", "Refused 1 no route")]
    public void A_trunk_dials_what_it_may(TrunkDial mayDial, string dialed, string expected)
    {
        var plan = DialPlan.ForInbound(Directory, Peer(mayDial), dialed).Plan;

        Assert.Equal(expected, plan is CallPlan.Refused refused ? $"Refused {(int)refused.Cause} {refused.Rule}" : plan.GetType().Name);
    }

    [Theory]
    [InlineData("+4930123", "carrier", "004930123")]
    [InlineData("+6581234", "mobile", "+6581234")]
    [InlineData("+6521234", "carrier", "+6521234")]
    [InlineData("+6511", "carrier", "006511")]
    [InlineData("61", "carrier", "0")]
    public void An_outbound_route_strips_then_prepends_and_the_longest_literal_prefix_wins(string dialed, string trunk, string number)
    {
        var route = DialPlan.ForInbound(Directory, Phone, dialed);

        Assert.Equal(new LegTarget.Trunk(trunk, number), Assert.IsType<CallPlan.Connect>(route.Plan).Target);
        Assert.Equal(number, route.CalleeDialed);
    }

    [Theory]
    [InlineData("7123")]
    [InlineData("5123")]
    [InlineData("222")]
    public void A_number_that_no_route_can_carry_is_not_allocated(string dialed)
    {
        Assert.Equal(new CallPlan.Refused(HangupCause.UnallocatedNumber, "no route"), DialPlan.ForInbound(Directory, Phone, dialed).Plan);
        Assert.Null(DialPlan.ForOutbound(Directory, dialed));
    }

    [Fact]
    public void Of_two_routes_alike_the_first_is_taken()
    {
        var directory = new CallDirectory(Directory.Provisioning with
        {
            OutboundRoutes = [new() { Name = "one", Pattern = "9X.", Trunk = "carrier" }, new() { Name = "two", Pattern = "9Z.", Trunk = "mobile" }],
        });

        Assert.Equal(new LegTarget.Trunk("carrier", "912"), DialPlan.ForOutbound(directory, "912"));
    }

    [Theory]
    [InlineData("101")]
    [InlineData("811")]
    public void A_call_of_ours_to_a_phone_goes_to_its_extension(string dialed) =>
        Assert.Equal(new LegTarget.Extension(dialed), DialPlan.ForOutbound(Directory, dialed));

    [Fact]
    public void A_call_of_ours_to_a_number_of_ours_stays_inside() => Assert.Equal(new LegTarget.Extension("101"), DialPlan.ForOutbound(Directory, "+3612"));

    [Fact]
    public void A_call_of_ours_to_anything_else_takes_the_routes() =>
        Assert.Equal(new LegTarget.Trunk("carrier", "00441"), DialPlan.ForOutbound(Directory, "+441"));

    [Theory]
    [InlineData("800")]
    [InlineData("900")]
    public void The_exchange_does_not_call_what_it_answers_itself(string dialed) => Assert.Null(DialPlan.ForOutbound(Directory, dialed));

    private static CallerIdentity.Peer Peer(TrunkDial mayDial) => new(new Trunk { Name = "carrier", Host = "127.0.0.1", MayDial = mayDial });
}
