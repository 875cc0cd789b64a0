using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Scripts;

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

        var missing = await world.AskAsync(operation);
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
    [InlineData("extension/listen")]
    [InlineData("extension/whisper")]
    [InlineData("extension/barge")]
    public async Task Monitoring_is_not_served_yet_and_10003(string operation)
    {
        var answer = await With(OpenVoxWorld.Internal()).AskAsync(operation, """{"listener":"2005","listenedext":"2001"}""");

        Assert.Equal(Failed(10003), answer);
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

    [Fact]
    public async Task An_extension_is_rung_and_then_the_other()
    {
        var world = new OpenVoxWorld();

        var answer = await world.AskAsync("extension/dial_extension", """{"caller":"2001","callee":"2002","autoanswer":"yes"}""");

        Assert.Equal(Success, answer);
        var asked = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("openvox", "crm", "2001", new OnAnswer.Connect("2002")), (asked.Dialect, asked.Account, asked.Dialed, asked.Then));
        Assert.Equal(new Party("2001", "Front desk"), asked.Caller);
    }

    // {"extid":"2001","outto":"90755550123","autoanswer":"no"}  →  {"status":"Success"}
    [Fact]
    public async Task An_extension_is_rung_and_then_a_number_outside()
    {
        var world = new OpenVoxWorld();

        var answer = await world.AskAsync("extension/dial_outbound", """{"extid":"2001","outto":"90755550123","autoanswer":"no"}""");

        Assert.Equal(Success, answer);
        var asked = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("2001", new OnAnswer.Connect("90755550123")), (asked.Dialed, asked.Then));
    }

    [Fact]
    public async Task Two_numbers_outside_are_connected()
    {
        var world = new OpenVoxWorld();

        var answer = await world.AskAsync("outbound/dial_outbound", """{"caller":"90755550111","outto":"90755550123"}""");

        Assert.Equal(Success, answer);
        var asked = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("90755550111", new OnAnswer.Connect("90755550123"), new Party("90755550111")), (asked.Dialed, asked.Then, asked.Caller));
    }

    [Theory]
    [InlineData("extension/dial_extension", """{"callee":"2002"}""", 10004)]
    [InlineData("extension/dial_extension", """{"caller":"2001"}""", 10004)]
    [InlineData("extension/dial_extension", """{"caller":"2001","callee":"2002","autoanswer":"maybe"}""", 10004)]
    [InlineData("extension/dial_extension", """{"caller":"9999","callee":"2002"}""", 10006)]
    [InlineData("extension/dial_extension", """{"caller":"3001","callee":"2002"}""", 10006)]
    [InlineData("extension/dial_extension", """{"caller":"2002","callee":"2001"}""", 10008)]
    [InlineData("extension/dial_extension", """{"caller":"2005","callee":"9999"}""", 10011)]
    [InlineData("extension/dial_outbound", """{"extid":"2001"}""", 10004)]
    [InlineData("extension/dial_outbound", """{"outto":"90755550123"}""", 10004)]
    [InlineData("extension/dial_outbound", """{"extid":"9999","outto":"90755550123"}""", 10006)]
    [InlineData("extension/dial_outbound", """{"extid":"2002","outto":"90755550123"}""", 10008)]
    [InlineData("extension/dial_outbound", """{"extid":"2001","outto":"2002"}""", 10031)]
    [InlineData("extension/dial_outbound", """{"extid":"2001","outto":"+"}""", 10031)]
    [InlineData("extension/dial_outbound", """{"extid":"2001","outto":"sip:x@y"}""", 10031)]
    [InlineData("outbound/dial_outbound", """{"caller":"90755550111"}""", 10004)]
    [InlineData("outbound/dial_outbound", """{"caller":"2001","outto":"90755550123"}""", 10031)]
    [InlineData("outbound/dial_outbound", """{"caller":"90755550111","outto":"abc"}""", 10031)]
    [InlineData("extension/playprompt", """{"extid":"2001"}""", 10004)]
    [InlineData("extension/playprompt", """{"prompt":"welcome"}""", 10004)]
    [InlineData("extension/playprompt", """{"extid":"9999","prompt":"welcome"}""", 10006)]
    [InlineData("extension/playprompt", """{"extid":"2002","prompt":"welcome"}""", 10008)]
    [InlineData("extension/playprompt", """{"extid":"2001","prompt":"nothing"}""", 10023)]
    [InlineData("extension/playprompt", """{"extid":"2001","prompt":"welcome++bye-bye"}""", 10023)]
    [InlineData("extension/playprompt", """{"extid":"2001","prompt":"123"}""", 10023)]
    [InlineData("outbound/playprompt", """{"prompt":"welcome"}""", 10004)]
    [InlineData("outbound/playprompt", """{"outto":"2001","prompt":"welcome"}""", 10031)]
    [InlineData("outbound/playprompt", """{"outto":"90755550123","prompt":"nothing"}""", 10023)]
    public async Task What_is_wrong_with_a_call_that_is_asked_for_has_its_number(string operation, string body, int errno)
    {
        var world = new OpenVoxWorld();

        Assert.Equal(Failed(errno), await world.AskAsync(operation, body));
        Assert.Empty(world.Exchange.Asked);
    }

    [Fact]
    public async Task An_extension_in_a_call_is_10008()
    {
        var world = With(OpenVoxWorld.Internal());

        Assert.Equal(Failed(10008), await world.AskAsync("extension/dial_outbound", """{"extid":"2001","outto":"90755550123"}"""));
    }

    [Theory]
    [InlineData(CallRefusal.NoRoute, 10031)]
    [InlineData(CallRefusal.InvalidNumber, 10031)]
    [InlineData(CallRefusal.NotRegistered, 10031)]
    [InlineData(CallRefusal.TooManyCalls, 20010)]
    [InlineData(CallRefusal.ShuttingDown, 20010)]
    public async Task A_call_the_exchange_does_not_take_has_its_number(CallRefusal refusal, int errno)
    {
        var world = new OpenVoxWorld();
        world.Exchange.Reply = new CallReply(refusal, null);

        Assert.Equal(Failed(errno), await world.AskAsync("extension/dial_outbound", """{"extid":"2001","outto":"90755550123"}"""));
    }

    [Fact]
    public async Task Prompts_are_played_to_an_extension_and_the_answer_names_the_call()
    {
        var world = new OpenVoxWorld();
        world.Exchange.Reply = new CallReply(CallRefusal.None, OpenVoxWorld.Internal());

        var answer = await world.AskAsync("extension/playprompt", """{"extid":"2001","prompt":"welcome+bye-bye","autoanswer":"no"}""");

        Assert.Equal($$"""{"status":"Success","callid":"{{OpenVoxWorld.Leg1}}"}""", answer);
        var asked = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("2001", new OnAnswer.RunScript(new ScriptRef("openvox", null, "welcome.wav\nbye-bye.wav"))), (asked.Dialed, asked.Then));
    }

    [Fact]
    public async Task Prompts_are_played_to_a_number_outside_which_is_shown_one_of_the_accounts()
    {
        var world = new OpenVoxWorld();

        var answer = await world.AskAsync("outbound/playprompt", """{"outto":"90755550123","prompt":"welcome"}""");

        Assert.Equal(Success, answer);
        var asked = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("90755550123", new Party("+6512345678", "UC501")), (asked.Dialed, asked.Caller));
    }

    [Fact]
    public async Task The_script_of_a_prompt_plays_it_and_hangs_up()
    {
        var script = new ScriptRef("openvox", null, "welcome.wav\nbye-bye.wav");

        var fetched = await new Switchhook.Dialects.OpenVox.Prompts.OpenVoxPrompts().FetchAsync(
            new(OpenVoxWorld.Internal(), script, Ivr.ScriptOccasion.CallConnected), default);

        Assert.Equal(
            [new Ivr.Verb.Play("welcome.wav", false, null, 1), new Ivr.Verb.Play("bye-bye.wav", false, null, 2), new Ivr.Verb.HangUp(null, 3)],
            Assert.IsType<Ivr.ScriptFetch.Loaded>(fetched).Script.Verbs);
    }

    [Fact]
    public async Task A_call_is_transferred_by_any_of_its_ids_and_the_party_that_leaves()
    {
        var world = With(OpenVoxWorld.Inbound());

        var byTrunk = await world.AskAsync("calltransfer", $$"""{"callid":"{{OpenVoxWorld.Leg1}}","transferor":"2001","transferto":"2002"}""");
        var byExtension = await world.AskAsync("calltransfer", $$"""{"callid":"{{OpenVoxWorld.Leg2}}","transferor":"0755550199","transferto":"90755550123"}""");

        Assert.Equal((Success, Success), (byTrunk, byExtension));
        Assert.Equal(
            [
                new CallCommand.Transfer(OpenVoxWorld.First, LegRole.Callee, "2002"),
                new CallCommand.Transfer(OpenVoxWorld.First, LegRole.Caller, "90755550123"),
            ],
            world.Exchange.Asked);
    }

    [Theory]
    [InlineData("", "2001", "2002", 10004)]
    [InlineData("LEG", "", "2002", 10004)]
    [InlineData("LEG", "2001", "", 10004)]
    [InlineData("1717401605.410", "2001", "2002", 10007)]
    [InlineData("LEG", "2005", "2002", 10006)]
    [InlineData("LEG", "2001", "nobody", 10031)]
    public async Task What_is_wrong_with_a_transfer_has_its_number(string call, string transferor, string target, int errno)
    {
        var world = With(OpenVoxWorld.Inbound());
        var id = call.Replace("LEG", OpenVoxWorld.Leg1, StringComparison.Ordinal);

        var answer = await world.AskAsync("calltransfer", $$"""{"callid":"{{id}}","transferor":"{{transferor}}","transferto":"{{target}}"}""");

        Assert.Equal(Failed(errno), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Theory]
    [InlineData(CallRefusal.WrongState, 10015)]
    [InlineData(CallRefusal.NoRoute, 10031)]
    [InlineData(CallRefusal.NotRegistered, 10031)]
    [InlineData(CallRefusal.CallEnded, 10007)]
    public async Task A_refused_transfer_has_its_number(CallRefusal refusal, int errno)
    {
        var world = With(OpenVoxWorld.Inbound());
        world.Exchange.Reply = new CallReply(refusal, null);

        var answer = await world.AskAsync("calltransfer", $$"""{"callid":"{{OpenVoxWorld.Leg1}}","transferor":"2001","transferto":"2002"}""");

        Assert.Equal(Failed(errno), answer);
    }

    private static OpenVoxWorld With(params Call[] calls)
    {
        var world = new OpenVoxWorld();
        world.Exchange.Calls.AddRange(calls);
        return world;
    }
}
