using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Dialects.Ozeki;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>The classic profile: path, names, mandatory parameters and payloads of its own.</summary>
public class OzekiClassicTests
{
    private readonly OzekiWorld _world = new() { IsClassic = true };

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/api", 404)]
    public async Task It_is_served_at_the_root(string path, int status) =>
        Assert.Equal(status, (await _world.SendAsync("GET", $"{path}?command=ListActiveCalls{OzekiWorld.Credentials}")).Status);

    [Fact]
    public async Task Live_calls_are_listed_in_the_classic_layout()
    {
        _world.Exchange.Calls.Add(OzekiWorld.Ordinary());

        var call = Assert.Single((await _world.ListAsync("command=ListActiveCalls")).Element("ActiveCalls")!.Elements("CallInfo"));

        Assert.Equal(
            [
                ("CallState", "InCall"), ("CallId", OzekiWorld.First.ToString()), ("Source", "201"), ("CallerId", "201"), ("Destination", "204"),
                ("StartTime", "2026-05-06T14:02:11.0000000+00:00"), ("RingDuration", "3"), ("TalkDuration", "41"),
            ],
            call.Elements().Select(e => (e.Name.LocalName, e.Value)));
    }

    [Fact]
    public async Task The_history_has_its_classic_name_and_layout()
    {
        _world.History.Calls.Add(OzekiWorld.Ended(OzekiWorld.Ordinary(), HangupCause.NormalClearing, new HangupBy.Callee()));

        var answer = await _world.ListAsync("command=GetCallHistory&PageNumber=&State=");

        Assert.Equal(["Code", "Message", "NumberOfCalls", "Calls"], answer.Elements().Select(e => e.Name.LocalName));
        Assert.Equal(
            ["StartTime", "Direction", "Source", "Destination", "State", "Dialed", "CallerId", "Type", "CallId"],
            answer.Element("Calls")!.Element("Call")!.Elements().Select(e => e.Name.LocalName));
    }

    [Fact]
    public async Task Extensions_have_a_plain_number_and_a_type()
    {
        var first = (await _world.ListAsync("command=ListExtensions")).Descendants("ExtensionSummary").First();

        Assert.Equal([("Id", "201"), ("Type", "SIP")], first.Elements().Select(e => (e.Name.LocalName, e.Value)));
    }

    [Fact]
    public async Task A_call_is_forwarded_by_its_classic_name_and_told_by_it()
    {
        _world.Exchange.Calls.Add(OzekiWorld.Ordinary());

        Assert.Equal(200, (await _world.AskAsync($"command=forward&CallId={OzekiWorld.First}&Destination=204")).Code);
        Assert.Equal((302, "Missing or invalid parameter 'CallId' for command 'Forward'"), await _world.AskAsync("command=Forward"));

        Assert.IsType<CallCommand.Forward>(Assert.Single(_world.Exchange.Asked));
    }

    [Theory]
    [InlineData("Call&Dialed=204", "ApiExtension", "Call")]
    [InlineData("Call&Dialed=204&ApiExtension=900", "Url", "Call")]
    [InlineData("Call&ApiExtension=900", "Dialed", "Call")]
    [InlineData("SendSms&Recipient=204&Message=hi", "ApiExtension", "SendSms")]
    public async Task What_the_classic_pages_call_mandatory_is(string query, string parameter, string command) =>
        Assert.Equal((302, $"Missing or invalid parameter '{parameter}' for command '{command}'"), await _world.AskAsync("command=" + query));

    [Theory]
    [InlineData("ForwardCall")]
    [InlineData("ListCallHistory")]
    [InlineData("CallSetup")]
    [InlineData("Request")]
    [InlineData("AddConfig")]
    public async Task What_the_profile_does_not_have_is_301(string word) =>
        Assert.Equal((301, $"Not implemented command: '{word}'"), await _world.AskAsync("command=" + word));

    [Theory]
    [InlineData("201", 1)]
    [InlineData("calleehung", 1)]
    [InlineData("2026-05-06", 1)]
    [InlineData("nowhere", 0)]
    public async Task A_general_filter_may_match_any_column(string text, int rows)
    {
        _world.History.Calls.Add(OzekiWorld.Ended(OzekiWorld.Ordinary(), HangupCause.NormalClearing, new HangupBy.Callee()));

        var answer = await _world.ListAsync($"command=GetCallHistory&General={text}");

        Assert.Equal($"{rows}", answer.Element("NumberOfCalls")!.Value);
    }

    [Theory]
    [InlineData("", "200")]
    [InlineData("&Username=ops", "304")]
    [InlineData("&Username=ops&Password=wrong", "305")]
    [InlineData("&Username=other&Password=0ther", "200")]
    public async Task Requests_without_credentials_are_an_accounts_when_one_is_named_for_them(string credentials, string code)
    {
        var world = new OzekiWorld { IsClassic = true, Options = new OzekiOptions { ClassicAccount = "ops" } };

        Assert.Contains($"<Code>{code}</Code>", await world.GetAsync("command=ListActiveCalls" + credentials), StringComparison.Ordinal);
        Assert.Contains("<Code>304</Code>", await new OzekiWorld { Options = world.Options }.GetAsync("command=ListActiveCalls"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("plain")]
    public async Task An_account_that_is_not_there_or_may_not_use_the_dialect_opens_nothing(string account)
    {
        var world = new OzekiWorld { IsClassic = true, Options = new OzekiOptions { ClassicAccount = account } };

        Assert.Contains("<Code>304</Code>", await world.GetAsync("command=ListActiveCalls"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_wanted_here_too() => Assert.Contains("<Code>304</Code>", await _world.GetAsync("command=ListActiveCalls"), StringComparison.Ordinal);
}
