using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Scripts;

namespace Switchhook.Dialects.Tests.OpenVox;

public class OpenVoxDialTests
{
    private const string Success = """{"status":"Success"}""";

    private static string Failed(int errno) => $$"""{"status":"Failed","errno":"{{errno}}"}""";

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

    [Theory]
    [InlineData("extension/dial_extension", """ "caller":"2001","callee":"2002" """)]
    [InlineData("extension/dial_outbound", """ "extid":"2001","outto":"90755550123" """)]
    [InlineData("extension/playprompt", """ "extid":"2001","prompt":"welcome" """)]
    public async Task The_phone_is_asked_to_answer_by_itself_when_it_is_to(string operation, string parameters)
    {
        var world = new OpenVoxWorld();

        foreach (var autoAnswer in (string[])["yes", "no", ""])
            await world.AskAsync(operation, $$"""{{{parameters}},"autoanswer":"{{autoAnswer}}"}""");

        Assert.Equal(
            ["Answer-Mode: Auto", "Call-Info: <sip:127.0.0.1>;answer-after=0", "Alert-Info: <http://127.0.0.1>;info=alert-autoanswer;delay=0"],
            world.Exchange.Asked.OfType<CallCommand.Originate>().First().Enclosed.Select(h => $"{h.Key}: {h.Value}"));
        Assert.All(world.Exchange.Asked.OfType<CallCommand.Originate>().Skip(1), asked => Assert.Empty(asked.Enclosed));
        Assert.Equal(3, world.Exchange.Asked.Count);
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
