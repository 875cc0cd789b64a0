using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Scripts;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiCallTests
{
    [Fact]
    public async Task Every_parameter_reaches_the_exchange()
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync(
            "command=Call&Dialed=204&ApiExtension=901&CallerId=3000&CallerDisplayName=Reception&Url=http%3A%2F%2Fapp.test%2Fup%3Fjob%3D17" +
            "&ErrorUrl=http%3A%2F%2Fapp.test%2Ffail&FinishedUrl=https%3A%2F%2Fapp.test%2Fdone&RingTime=45");

        Assert.Equal((200, "Command successfully executed"), answer);
        Assert.Equal(
            [
                new CallCommand.Originate
                {
                    Dialect = "ozeki",
                    Account = "ops",
                    Caller = new Party("3000", "Reception"),
                    Dialed = "204",
                    Then = new OnAnswer.RunScript(new ScriptRef("ozeki", "http://app.test/up?job=17")),
                    ApiExtension = "901",
                    RingTime = TimeSpan.FromSeconds(45),
                    Callbacks = new CallCallbacks("http://app.test/up?job=17", "http://app.test/fail", "https://app.test/done"),
                },
            ],
            world.Exchange.Asked);
    }

    [Fact]
    public async Task What_is_left_out_has_the_vendors_defaults()
    {
        var world = new OzekiWorld();

        await world.AskAsync("command=Call&Dialed=204&CallerId=&Url=");

        var call = Asked(world);
        Assert.Equal("900", call.ApiExtension);
        Assert.Equal(new Party("900", "900"), call.Caller);
        Assert.Equal(TimeSpan.FromSeconds(90), call.RingTime);
        Assert.Equal(new OnAnswer.RunScript(null), call.Then);
        Assert.Equal(CallCallbacks.None, call.Callbacks);
    }

    [Fact]
    public async Task A_script_given_with_the_call_wins_over_its_address()
    {
        var world = new OzekiWorld();

        await world.AskAsync("command=Call&Dialed=204&Url=http://app.test/up&ResponseOzML=%3CResponse%3E%3CHangup%2F%3E%3C%2FResponse%3E");

        Assert.Equal(new OnAnswer.RunScript(new ScriptRef("ozeki", "http://app.test/up", "<Response><Hangup/></Response>")), Asked(world).Then);
    }

    [Theory]
    [InlineData("204", "204")]
    [InlineData("204@localhost", "204")]
    [InlineData("%2B36201234567", "+36201234567")]
    [InlineData("*97", "*97")]
    public async Task Dialed_is_a_number_or_an_extension_of_this_host(string sent, string dialed)
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync($"command=Call&Dialed={sent}");

        Assert.Equal(200, answer.Code);
        Assert.Equal(dialed, Asked(world).Dialed);
    }

    [Fact]
    public async Task Dialed_may_be_spelled_as_in_the_vendors_scripts()
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync("command=Call&Dialled=204");

        Assert.Equal(200, answer.Code);
    }

    [Theory]
    [InlineData("ApiExtension=900", "Dialed")]
    [InlineData("Dialed=somebody", "Dialed")]
    [InlineData("Dialed=204@elsewhere", "Dialed")]
    [InlineData("Dialed=+", "Dialed")]
    [InlineData("Dialed=1234567890123456789012345678901234567890", "Dialed")]
    [InlineData("Dialed=204&ApiExtension=9%0D%0A00", "ApiExtension")]
    [InlineData("Dialed=204&CallerId=30%0D%0A00", "CallerId")]
    [InlineData("Dialed=204&CallerDisplayName=a%00b", "CallerDisplayName")]
    [InlineData("Dialed=204&Url=callconnected.php", "Url")]
    [InlineData("Dialed=204&Url=ftp://app.test/", "Url")]
    [InlineData("Dialed=204&Url=file:///etc/passwd", "Url")]
    [InlineData("Dialed=204&ErrorUrl=/fail", "ErrorUrl")]
    [InlineData("Dialed=204&FinishedUrl=nowhere", "FinishedUrl")]
    [InlineData("Dialed=204&RingTime=soon", "RingTime")]
    [InlineData("Dialed=204&RingTime=0", "RingTime")]
    [InlineData("Dialed=204&RingTime=-5", "RingTime")]
    [InlineData("Dialed=204&RingTime=2.5", "RingTime")]
    [InlineData("Dialed=204&RingTime=99999999999", "RingTime")]
    [InlineData("Url=x&RingTime=x", "Dialed")]
    [InlineData("Dialed=204&RingTime=x&Url=x", "Url")]
    public async Task The_first_wrong_parameter_in_the_order_of_the_table_is_302(string query, string parameter)
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync("command=Call&" + query);

        Assert.Equal((302, $"Missing or invalid parameter '{parameter}' for command 'Call'"), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Theory]
    [InlineData("%3CResponse%3E%3CSpeak%3E", "not well-formed, line 1")]
    [InlineData("%3Chtml%2F%3E", "unknown root element html")]
    public async Task A_script_that_cannot_be_read_is_300(string document, string why)
    {
        var answer = await new OzekiWorld().AskAsync("command=Call&Dialed=204&ResponseOzML=" + document);

        Assert.Equal((300, $"Error occured during parsing message: '{why}'"), answer);
    }

    [Theory]
    [InlineData("77")]
    [InlineData("204")]
    [InlineData("977")]
    public async Task An_extension_that_is_no_API_extension_of_the_account_is_401(string extension)
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync($"command=Call&Dialed=204&ApiExtension={extension}");

        Assert.Equal((401, $"API extension '{extension}' unavailable, please check configuration or permissions"), answer);
        Assert.Empty(world.Exchange.Asked);
    }

    [Fact]
    public async Task An_account_without_an_API_extension_is_401()
    {
        var world = new OzekiWorld { Directory = new FakeDirectory(OzekiWorld.Provisioned with { Extensions = [] }) };

        var answer = await world.AskAsync("command=Call&Dialed=204");

        Assert.Equal((401, "API extension '' unavailable, please check configuration or permissions"), answer);
    }

    [Theory]
    [InlineData(CallRefusal.NoRoute, "Call connect to '204' failed with result state 'NotFound'")]
    [InlineData(CallRefusal.NotRegistered, "Call connect to '204' failed with result state 'Error'")]
    [InlineData(CallRefusal.TooManyCalls, "Call connect to '204' failed with result state 'Error'")]
    [InlineData(CallRefusal.ShuttingDown, "Call connect to '204' failed with result state 'Error'")]
    [InlineData(CallRefusal.Congestion, "Call connect to '204' failed with result state 'Error'")]
    public async Task A_call_that_cannot_even_be_begun_is_402(CallRefusal refusal, string message)
    {
        var world = new OzekiWorld { Exchange = { Reply = new CallReply(refusal, null) } };

        var answer = await world.AskAsync("command=Call&Dialed=204");

        Assert.Equal((402, message), answer);
    }

    [Fact]
    public async Task A_number_the_exchange_does_not_take_is_302()
    {
        var world = new OzekiWorld { Exchange = { Reply = new CallReply(CallRefusal.InvalidNumber, null) } };

        var answer = await world.AskAsync("command=Call&Dialed=204");

        Assert.Equal((302, "Missing or invalid parameter 'Dialed' for command 'Call'"), answer);
    }

    private static CallCommand.Originate Asked(OzekiWorld world) => Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));

    [Fact]
    public async Task CallSetup_rings_the_caller_and_then_the_callee()
    {
        var world = new OzekiWorld();

        var answer = await world.AskAsync("command=CallSetup&Caller=201@localhost&Callee=204&ErrorUrl=http://app.test/fail");

        Assert.Equal((200, "Command successfully executed"), answer);
        var call = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("201", new Party("201"), new OnAnswer.Connect("204")), (call.Dialed, call.Caller, call.Then));
        Assert.Equal(new CallCallbacks(ErrorUrl: "http://app.test/fail"), call.Callbacks);
    }

    [Theory]
    [InlineData("Caller=201&Callee=5550", "5550")]
    [InlineData("Caller=5551&Callee=201", "5551")]
    public async Task The_number_of_a_CallSetup_that_leads_nowhere_is_named(string parameters, string number)
    {
        var world = new OzekiWorld { Exchange = { Reply = new(CallRefusal.NoRoute, null) } };

        var answer = await world.AskAsync("command=CallSetup&" + parameters);

        Assert.Equal((402, $"Call connect to '{number}' failed with result state 'NotFound'"), answer);
    }

    [Theory]
    [InlineData("Callee=204", "Caller")]
    [InlineData("Caller=201&Callee=Bob+S", "Callee")]
    [InlineData("Caller=201&Callee=204&ErrorUrl=here", "ErrorUrl")]
    public async Task The_first_parameter_of_CallSetup_that_is_missing_or_wrong_is_named(string parameters, string wrong)
    {
        var answer = await new OzekiWorld().AskAsync("command=CallSetup&" + parameters);

        Assert.Equal((302, $"Missing or invalid parameter '{wrong}' for command 'CallSetup'"), answer);
    }
}
