using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiRequestTests
{
    private const string Script =
        "<request DialedAddress='201@localhost' CallerPhoneNumber='77' RingTime='20'><OnInCall><Speak>in</Speak></OnInCall><OnSetup><Beep/></OnSetup><OnBusy><Beep/></OnBusy><OnFax><Beep/></OnFax></request>";

    [Fact]
    public async Task The_parameters_win_over_the_attributes_of_the_script()
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync($"command=Request&DialedAddress=204&ExtensionAddress=901@localhost&CallerDisplayName=Desk&RequestOzML={Uri.EscapeDataString(Script)}");

        Assert.Equal((200, "Command successfully executed"), answer);
        var call = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("204", "901", new Party("77", "Desk"), TimeSpan.FromSeconds(20)), (call.Dialed, call.ApiExtension, call.Caller, call.RingTime));
        Assert.NotNull(Assert.IsType<OnAnswer.RunScript>(call.Then).Script!.Document);
    }

    [Fact]
    public async Task The_blocks_of_the_answered_call_run_and_unknown_ones_are_reported()
    {
        var world = new OzekiWorld();
        await world.AskAsync($"command=Request&RequestOzML={Uri.EscapeDataString(Script)}");
        var placed = ((OnAnswer.RunScript)Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked)).Then).Script!;

        var fetch = await new OzekiScripts(new FakeHttp()).FetchAsync(new ScriptRequest(OzekiWorld.Placed(), placed, ScriptOccasion.CallConnected), CancellationToken.None);

        Assert.Equal(
            [new Verb.Invalid("OnFax", 301, "Not implemented command: 'OnFax'", 1), new Verb.Beep(1), new Verb.Speak("in", null, null, 1)],
            Assert.IsType<ScriptFetch.Loaded>(fetch).Script.Verbs);
    }

    [Fact]
    public void Of_the_setup_what_needs_the_party_waits_for_the_answer_with_what_follows_it()
    {
        const string script = """
            <Request DialedAddress='204'>
              <OnSetup><Var ID='n'>7</Var><Call Dialed='201'/><Delay>1</Delay><Speak>$n</Speak><Beep/></OnSetup><OnInCall><Hangup/></OnInCall>
            </Request>
            """;

        var verbs = Ozml.ReadParameter(script).Verbs;

        Assert.Equal(["Var", "Delay", "Speak", "Beep", "Hangup"], verbs.Select(v => v.Name));
    }

    [Theory]
    [InlineData("", 302, "Missing or invalid parameter 'DialedAddress' for command 'Request'")]
    [InlineData("DialedAddress=204&RingTime=0", 302, "Missing or invalid parameter 'RingTime' for command 'Request'")]
    [InlineData("DialedAddress=204&CallerPhoneNumber=a%0Ab", 302, "Missing or invalid parameter 'CallerPhoneNumber' for command 'Request'")]
    [InlineData("DialedAddress=204&ExtensionAddress=977", 401, "API extension '977' unavailable, please check configuration or permissions")]
    [InlineData("DialedAddress=204&RequestOzML=%3CResponse/%3E", 302, "Missing or invalid parameter 'RequestOzML' for command 'Request'")]
    [InlineData("DialedAddress=204&RequestOzML=%3CRequest%3E", 300, "Error occured during parsing message: 'not well-formed, line 1'")]
    public async Task The_first_parameter_that_is_missing_or_wrong_is_named(string parameters, int code, string message)
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync("command=Request&" + parameters);

        Assert.Equal((code, message), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Fact]
    public async Task A_script_may_place_a_request()
    {
        var http = new FakeHttp { Reply = FakeHttp.Ok("<Response><Request DialedAddress='204'><OnInCall><Speak>a &lt; b</Speak></OnInCall></Request></Response>") };

        var fetch = await new OzekiScripts(http, new FakeDirectory(OzekiWorld.Provisioned)).FetchAsync(
            new ScriptRequest(OzekiWorld.Incoming(), new ScriptRef("ozeki", "http://app.test/in"), ScriptOccasion.IncomingCall), CancellationToken.None);

        var order = Assert.IsType<Verb.Order>(Assert.Single(Assert.IsType<ScriptFetch.Loaded>(fetch).Script.Verbs));
        var call = Assert.IsType<CallCommand.Originate>(order.Command);
        Assert.Equal(("204", "900"), (call.Dialed, call.ApiExtension));
        Assert.Equal([new Verb.Speak("a < b", null, null, 1)], Ozml.ReadParameter(((OnAnswer.RunScript)call.Then).Script!.Document!).Verbs);
    }
}
