using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;
using Switchhook.Ivr.Simulation;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>What the vendor's Call and Hangup pages print, over a socket and to the letter.</summary>
public class OzekiVendorPageTests
{
    /// <summary>As on both pages, where it stands in one line.</summary>
    private const string PrintedAnswer =
        """<?xml version="1.0"?> <Response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"> <Code>200</Code> <Message>Command successfully executed</Message> </Response>""";

    /// <summary>Call page: <c>http://127.0.0.1:9509/api?command=Call&amp;Dialed=102&amp;ApiExtension=101&amp;Url=…&amp;Username=HTTP_User_1&amp;Password=qwe123</c></summary>
    [Fact]
    public async Task The_request_of_the_Call_page_places_its_call_and_gets_the_printed_answer()
    {
        var (request, expected) = Golden("vendor-call.http");
        var exchange = new FakeExchange();

        var answer = await ExchangeAsync(exchange, request);

        Assert.Equal(expected, answer);
        Assert.Equal(PrintedAnswer, OneLine(answer.Body));
        Assert.Equal(
            [
                new CallCommand.Originate
                {
                    Dialect = "ozeki",
                    Account = "HTTP_User_1",
                    Caller = new Party("101", "101"),
                    Dialed = "102",
                    Then = new OnAnswer.RunScript(new ScriptRef("ozeki", "http://yourapp.com/callconnected.php")),
                    ApiExtension = "101",
                    RingTime = TimeSpan.FromSeconds(90),
                    Callbacks = new CallCallbacks("http://yourapp.com/callconnected.php", "http://yourapp.com/error.php"),
                },
            ],
            exchange.Asked);
    }

    /// <summary>Hangup page: CallId 345fad34, Username admin, Password abc123.</summary>
    [Fact]
    public async Task The_parameters_of_the_Hangup_page_end_its_call_and_get_the_printed_answer()
    {
        var (request, expected) = Golden("vendor-hangup.http");
        var isId = CallId.TryParse("345fad34", out var id);
        var exchange = new FakeExchange { Calls = { OzekiWorld.Ordinary() with { Id = id, Accounts = ["admin"] } } };

        var answer = await ExchangeAsync(exchange, request);

        Assert.True(isId);
        Assert.Equal(expected, answer);
        Assert.Equal(PrintedAnswer, OneLine(answer.Body));
        Assert.Equal([new CallCommand.HangUp(id, new HangupBy.Api("ozeki", "admin"))], exchange.Asked);
    }

    [Theory]
    [InlineData("hangup-unknown-call.http")]
    [InlineData("unknown-path.http")]
    public async Task Other_exchanges_are_as_recorded(string file)
    {
        var (request, expected) = Golden(file);

        var answer = await ExchangeAsync(new FakeExchange(), request);

        Assert.Equal(expected, answer);
    }

    /// <summary>Call page: the values of its parameter table, where the script is one word to speak.</summary>
    [Fact]
    public async Task The_example_values_of_the_Call_page_are_all_accepted()
    {
        var exchange = new FakeExchange();
        const string query = "command=Call&Dialed=100&ApiExtension=1000&CallerId=1000&CallerDisplayName=John+Smith&Url=http://yourapp.com/callconnected.php"
            + "&ResponseOzML=hello&ErrorUrl=http://yourapp.com/error.php&FinishedUrl=http://yourapp.com/callfinished.php&RingTime=120&Username=admin&Password=abc123";

        var answer = await ExchangeAsync(exchange, $"GET /api?{query} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Equal(PrintedAnswer, OneLine(answer.Body));
        var call = Assert.IsType<CallCommand.Originate>(Assert.Single(exchange.Asked));
        Assert.Equal(new Party("1000", "John Smith"), call.Caller);
        Assert.Equal(TimeSpan.FromSeconds(120), call.RingTime);
        Assert.Equal([new Verb.Speak("hello", null, null, 1)], Ozml.ReadParameter(((OnAnswer.RunScript)call.Then).Script!.Document!).Verbs);
    }

    /// <summary>Call page: a script that places another call.</summary>
    [Fact]
    public async Task The_script_of_the_Call_page_places_its_call()
    {
        const string document = """<?xml version="1.0"?> <Response> <Call Url="http://yourdomain.com/ozml_example/call_connected.php" CallerId="3000">102</Call> </Response>""";
        var http = new FakeHttp { Reply = FakeHttp.Ok(document) };
        var call = OzekiWorld.Placed() with { Origin = OzekiWorld.Placed().Origin with { ApiExtension = "101" }, Accounts = ["HTTP_User_1"] };
        call = call with { Origin = call.Origin with { Account = "HTTP_User_1" } };

        var fetch = await new OzekiScripts(http, new FakeDirectory(Provisioned)).FetchAsync(
            new ScriptRequest(call, new ScriptRef("ozeki", "http://app.test/up"), ScriptOccasion.CallConnected), CancellationToken.None);

        var order = Assert.IsType<Verb.Order>(Assert.Single(Assert.IsType<ScriptFetch.Loaded>(fetch).Script.Verbs));
        var placed = Assert.IsType<CallCommand.Originate>(order.Command);
        Assert.Equal(("102", "101", "HTTP_User_1"), (placed.Dialed, placed.ApiExtension, placed.Account));
        Assert.Equal(new Party("3000", "101"), placed.Caller);
        Assert.Equal(new OnAnswer.RunScript(new ScriptRef("ozeki", "http://yourdomain.com/ozml_example/call_connected.php")), placed.Then);
    }

    /// <summary>Hangup page: a menu whose choices say goodbye.</summary>
    [Theory]
    [InlineData('1', "silver")]
    [InlineData('2', "golden")]
    public async Task The_menu_of_the_Hangup_page_runs(char key, string package)
    {
        const string document = """<?xml version="1.0"?> <Response> <UserInput timeout="2" repeat="true"> <InitialCommands> <Speak>To subscribe to the silver package, press 1.</Speak> <Speak>To subscribe to the golden package, press 2.</Speak> </InitialCommands> <Inputs> <Input key="1"> <Speak>Congratulation! You subscribed to the silver package. Goodbye!</Speak> <Hangup></Hangup> </Input> <Input key="2"> <Speak>Congratulation! You subscribed to the golden package. Goodbye!</Speak> <Hangup></Hangup> </Input> </Inputs> </UserInput> </Response>""";
        var web = new SimulatedWeb();
        var caller = new SimulationOptions { Keys = [new SimulatedKey(key, TimeSpan.FromSeconds(1))] };

        var story = await new ScriptSimulation(new OzekiScripts(web), OzekiWorld.Incoming(), web, caller).RunAsync(new ScriptRef("ozeki", null, document));

        Assert.Equal(
            ["\"To subscribe to the silver package, press 1.\"", $"\"Congratulation! You subscribed to the {package} package. Goodbye!\""],
            story.Of(SimulationKind.Hears));
        Assert.Equal((SimulationEnd.ScriptHungUp, 0), (story.End, story.Errors));
    }

    private sealed record Answer(string Status, string? ContentType, string Body);

    private static Provisioning Provisioned => new()
    {
        Accounts =
        [
            new Account { Name = "HTTP_User_1", Password = "qwe123", Dialects = ["ozeki"] },
            new Account { Name = "admin", Password = "abc123", Dialects = ["ozeki"] },
        ],
        Extensions =
        [
            new Extension { Number = "101", Kind = ExtensionKind.Api, Account = "HTTP_User_1" },
            new Extension { Number = "1000", Kind = ExtensionKind.Api, Account = "admin" },
        ],
    };

    /// <summary>One request over loopback to the dialect on a listener of its own.</summary>
    private static async Task<Answer> ExchangeAsync(FakeExchange exchange, string request)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.RunOzeki(new OzekiApi(
            exchange, new FakeHistory(), new FakeDirectory(Provisioned), new FakeRegistrations(), TimeProvider.System, new OzekiOptions()));
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, deadline.Token);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request), deadline.Token);
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return Read(await reader.ReadToEndAsync(deadline.Token));
    }

    private static (string Request, Answer Expected) Golden(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root was not found above the tests.");
        var text = File.ReadAllText(Path.Combine(folder.FullName, "tests", "Dialects.Tests", "Ozeki", "Golden", file));
        var answer = text.IndexOf("\nHTTP/1.1 ", StringComparison.Ordinal);
        var parts = text[..answer].Split("\n\n", 2);
        var request = parts[0].TrimEnd('\n').Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n\r\n" + parts.ElementAtOrDefault(1);
        return (request, Read(text[(answer + 1)..]));
    }

    private static Answer Read(string answer)
    {
        var text = answer.Replace("\r\n", "\n", StringComparison.Ordinal);
        var gap = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = text[..gap].Split('\n');
        var type = head.FirstOrDefault(h => h.StartsWith("Content-Type: ", StringComparison.Ordinal))?["Content-Type: ".Length..];
        return new Answer(head[0], type, text[(gap + 2)..].TrimEnd('\n'));
    }

    /// <summary>The answer with each line break and its indentation as one space, as the pages print it.</summary>
    private static string OneLine(string body)
    {
        XElement.Parse(body);
        return string.Join(' ', body.Split('\n').Select(l => l.Trim()));
    }
}
