using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Dialects.Tests.OpenVox;

public class OpenVoxCallTests
{
    private const string Success = """{"status":"Success"}""";

    private static readonly HangupBy By = new HangupBy.Api("openvox", "crm");

    private static string Failed(int errno) => $$"""{"status":"Failed","errno":"{{errno}}"}""";

    // POST /api/v0.0.1/inbound/hangup?token=…&type=json  {"inboundid":"1717401605.410"}  →  {"status":"Success"}
    [Fact]
    public async Task An_inbound_call_is_hung_up_by_the_id_of_its_trunk_leg()
    {
        var world = With(OpenVoxWorld.Inbound());

        var answer = await world.AskAsync("inbound/hangup", $$"""{"inboundid":"{{OpenVoxWorld.Leg1}}"}""");

        Assert.Equal(Success, answer);
        Assert.Equal([new CallCommand.HangUp(OpenVoxWorld.First, By)], world.Exchange.Asked);
    }

    // The same in XML; second answer when the call is already gone: <xml><status>Failed</status><errno>10007</errno></xml>
    [Fact]
    public async Task The_same_in_XML_and_10007_when_the_call_is_gone()
    {
        var world = With(OpenVoxWorld.Inbound());
        var body = $"<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<xml>\n  <inboundid>{OpenVoxWorld.Leg1}</inboundid>\n</xml>";

        var first = await world.AskAsync("inbound/hangup", body, "xml");
        world.Exchange.Calls.Clear();
        var second = await world.AskAsync("inbound/hangup", body, "xml");

        Assert.Contains("<xml>\n  <status>Success</status>\n</xml>", first, StringComparison.Ordinal);
        Assert.Contains("<xml>\n  <status>Failed</status>\n  <errno>10007</errno>\n</xml>", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outbound_call_is_hung_up_by_the_id_of_its_trunk_leg_and_no_other()
    {
        var world = With(OpenVoxWorld.Outbound());

        var inbound = await world.AskAsync("inbound/hangup", $$"""{"inboundid":"{{OpenVoxWorld.Leg2}}"}""");
        var caller = await world.AskAsync("outbound/hangup", $$"""{"outboundid":"{{OpenVoxWorld.Leg1}}"}""");
        var outbound = await world.AskAsync("outbound/hangup", $$"""{"outboundid":"{{OpenVoxWorld.Leg2}}"}""");

        Assert.Equal((Failed(10007), Failed(10007), Success), (inbound, caller, outbound));
        Assert.Equal([new CallCommand.HangUp(OpenVoxWorld.First, By)], world.Exchange.Asked);
    }

    [Fact]
    public async Task A_trunk_leg_keeps_its_id_when_a_transfer_takes_it_to_another_call()
    {
        var there = new CallId(OpenVoxWorld.First.Value + 77);
        var moved = OpenVoxWorld.Inbound() with { Id = there };
        moved = moved with { Legs = moved.Legs.SetItem(0, moved.Legs[0] with { Id = new LegId(there, 1), From = new LegId(OpenVoxWorld.First, 1) }) };
        var world = With(moved);

        var answer = await world.AskAsync("inbound/hangup", $$"""{"inboundid":"{{OpenVoxWorld.Leg1}}"}""");

        Assert.Equal(Success, answer);
        Assert.Equal([new CallCommand.HangUp(there, By)], world.Exchange.Asked);
    }

    [Theory]
    [InlineData("extension/hangup", "extid")]
    [InlineData("inbound/hangup", "inboundid")]
    [InlineData("outbound/hangup", "outboundid")]
    [InlineData("extension/hold", "extid")]
    [InlineData("extension/unhold", "extid")]
    [InlineData("extension/mute", "extid")]
    [InlineData("extension/unmute", "extid")]
    public async Task What_is_to_be_named_and_is_not_is_10004(string operation, string parameter)
    {
        var world = With(OpenVoxWorld.Inbound());

        var missing = await world.AskAsync(operation, "{}");
        var blank = await world.AskAsync(operation, $$"""{"{{parameter}}":" "}""");

        Assert.Equal((Failed(10004), Failed(10004)), (missing, blank));
        Assert.Empty(world.Exchange.Asked);
    }

    [Theory]
    [InlineData("inbound/hangup", "inboundid", "1717401605.410")]
    [InlineData("inbound/hangup", "inboundid", "nonsense")]
    [InlineData("outbound/hangup", "outboundid", "1.1")]
    [InlineData("outbound/hangup", "outboundid", "99999999999999999999.1")]
    [InlineData("outbound/hangup", "outboundid", "1780473605.99999999999999999999")]
    public async Task An_id_that_is_no_live_calls_is_10007(string operation, string parameter, string id)
    {
        var answer = await With(OpenVoxWorld.Inbound()).AskAsync(operation, $$"""{"{{parameter}}":"{{id}}"}""");

        Assert.Equal(Failed(10007), answer);
    }

    [Theory]
    [InlineData("extension/hangup")]
    [InlineData("extension/hold")]
    [InlineData("extension/unhold")]
    [InlineData("extension/mute")]
    [InlineData("extension/unmute")]
    public async Task An_extension_without_a_call_is_10007_and_an_unknown_one_10006(string operation)
    {
        var world = With(OpenVoxWorld.Internal() with { Accounts = ["other"] });

        var without = await world.AskAsync(operation, """{"extid":"2005"}""");
        var anothers = await world.AskAsync(operation, """{"extid":"2001"}""");
        var unknown = await world.AskAsync(operation, """{"extid":"9999"}""");
        var foreign = await world.AskAsync(operation, """{"extid":"3001"}""");
        var service = await world.AskAsync(operation, """{"extid":"800"}""");

        Assert.Equal([Failed(10007), Failed(10007), Failed(10006), Failed(10006), Failed(10006)], [without, anothers, unknown, foreign, service]);
        Assert.Empty(world.Exchange.Asked);
    }

    [Fact]
    public async Task Another_accounts_trunk_call_is_10007_and_left_alone()
    {
        var world = With(OpenVoxWorld.Inbound() with { Accounts = ["other"] });

        var answer = await world.AskAsync("inbound/hangup", $$"""{"inboundid":"{{OpenVoxWorld.Leg1}}"}""");

        Assert.Equal(Failed(10007), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Theory]
    [InlineData(CallRefusal.HangupInProgress, 0)]
    [InlineData(CallRefusal.CallEnded, 10007)]
    [InlineData(CallRefusal.NoSuchCall, 10007)]
    [InlineData(CallRefusal.Congestion, 20010)]
    public async Task A_hangup_under_way_is_Success_and_one_too_late_10007(CallRefusal refusal, int errno)
    {
        var world = With(OpenVoxWorld.Internal());
        world.Exchange.Reply = new CallReply(refusal, null);

        var answer = await world.AskAsync("extension/hangup", """{"extid":"2001"}""");

        Assert.Equal(errno == 0 ? Success : Failed(errno), answer);
    }

    [Fact]
    public async Task A_call_that_ends_is_still_its_extensions_and_one_that_has_ended_is_not()
    {
        var by = new HangupBy.Caller();
        var ending = OpenVoxWorld.Internal() with { State = new CallState.Ending(by, Calls.Causes.HangupCause.NormalClearing) };
        var world = With(ending);
        world.Exchange.Reply = new CallReply(CallRefusal.HangupInProgress, ending);

        var during = await world.AskAsync("extension/hangup", """{"extid":"2001"}""");
        world.Exchange.Calls[0] = OpenVoxWorld.Ended(ending, by);
        var after = await world.AskAsync("extension/hangup", """{"extid":"2001"}""");

        Assert.Equal((Success, Failed(10007)), (during, after));
    }

    [Fact]
    public async Task Of_several_calls_the_one_that_talks_is_the_current_one()
    {
        var held = OpenVoxWorld.Internal() with { Id = new CallId(OpenVoxWorld.First.Value + 1), State = new CallState.Held() };
        var waiting = OpenVoxWorld.Ringing(OpenVoxWorld.Internal()) with { Id = new CallId(OpenVoxWorld.First.Value + 2) };
        var world = With(held, OpenVoxWorld.Internal(), waiting);

        await world.AskAsync("extension/hangup", """{"extid":"2001"}""");

        Assert.Equal([new CallCommand.HangUp(OpenVoxWorld.First, By)], world.Exchange.Asked);
    }

    [Fact]
    public async Task Hold_and_unhold_ask_for_the_extensions_call()
    {
        var world = With(OpenVoxWorld.Inbound());

        var hold = await world.AskAsync("extension/hold", "<xml><extid>2001</extid></xml>", "xml");
        var unhold = await world.AskAsync("extension/unhold", """{"extid":"2001"}""");

        Assert.Contains("<status>Success</status>", hold, StringComparison.Ordinal);
        Assert.DoesNotContain("extid", hold, StringComparison.Ordinal);
        Assert.Equal(Success, unhold);
        Assert.Equal([new CallCommand.Hold(OpenVoxWorld.First), new CallCommand.Unhold(OpenVoxWorld.First)], world.Exchange.Asked);
    }

    [Fact]
    public async Task Mute_and_unmute_ask_for_the_extensions_own_leg()
    {
        var world = With(OpenVoxWorld.Inbound());

        var mute = await world.AskAsync("extension/mute", """{"extid":"2001"}""");
        var unmute = await world.AskAsync("extension/unmute", """{"extid":"2001"}""");

        Assert.Equal((Success, Success), (mute, unmute));
        Assert.Equal(
            [
                new CallCommand.Sound(OpenVoxWorld.First, new AudioOrder.Mute(2, true)),
                new CallCommand.Sound(OpenVoxWorld.First, new AudioOrder.Mute(2, false)),
            ],
            world.Exchange.Asked);
    }

    [Theory]
    [InlineData("extension/hold")]
    [InlineData("extension/unhold")]
    [InlineData("extension/mute")]
    public async Task Hold_of_a_call_in_another_state_is_10015(string operation)
    {
        var world = With(OpenVoxWorld.Ringing(OpenVoxWorld.Internal()));
        world.Exchange.Reply = new CallReply(CallRefusal.WrongState, null);

        Assert.Equal(Failed(10015), await world.AskAsync(operation, """{"extid":"2001"}"""));
    }

    private static OpenVoxWorld With(params Call[] calls)
    {
        var world = new OpenVoxWorld();
        world.Exchange.Calls.AddRange(calls);
        return world;
    }
}
