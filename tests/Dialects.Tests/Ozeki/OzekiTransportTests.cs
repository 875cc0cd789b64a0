using System.Net;
using System.Text;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Ozeki;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiTransportTests
{
    private const string Ok = """
        <?xml version="1.0"?>
        <Response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
          <Code>200</Code>
          <Message>Command successfully executed</Message>
        </Response>
        """;

    [Fact]
    public async Task An_answer_has_the_vendors_layout_and_type_to_the_letter()
    {
        var world = new OzekiWorld();

        var answer = await world.SendAsync("GET", "/api?command=Call&Dialed=204" + OzekiWorld.Credentials);

        Assert.Equal((200, "application/xml", Ok), answer);
    }

    [Fact]
    public async Task A_form_body_says_the_same_as_a_query()
    {
        var world = new OzekiWorld();

        var answer = await world.SendAsync("POST", "/api", "command=Call&Dialed=204&Username=ops&Password=s3cret");

        Assert.Equal((200, "application/xml", Ok), answer);
        Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
    }

    [Fact]
    public async Task The_body_wins_over_the_query_and_what_only_the_query_has_counts()
    {
        var world = new OzekiWorld();

        await world.SendAsync("POST", "/api?command=Hangup&Dialed=201&CallerId=3000", "command=Call&Dialed=204" + OzekiWorld.Credentials);

        var call = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("204", "3000"), (call.Dialed, call.Caller.Number));
    }

    [Theory]
    [InlineData("command=call&dialed=204&username=OPS&PASSWORD=s3cret")]
    [InlineData("COMMAND=CALL&DIALED=204&USERNAME=Ops&password=s3cret")]
    public async Task Names_of_parameters_and_commands_and_users_match_in_any_case(string query)
    {
        var world = new OzekiWorld();

        var answer = await world.GetAsync(query);

        Assert.Equal(Ok, answer);
    }

    [Fact]
    public async Task Values_are_decoded_as_UTF_8_with_plus_for_space()
    {
        var world = new OzekiWorld();

        await world.AskAsync("command=Call&Dialed=%2B3615550100&CallerDisplayName=%C3%81gnes+N");

        var call = Assert.IsType<CallCommand.Originate>(Assert.Single(world.Exchange.Asked));
        Assert.Equal(("+3615550100", "Ágnes N"), (call.Dialed, call.Caller.DisplayName));
    }

    [Theory]
    [InlineData("command=Call&Dialed=%zz", "broken encoding")]
    [InlineData("command=Call&Dialed=%2", "broken encoding")]
    [InlineData("command=Call&Dialed=%C3%28", "broken encoding")]
    [InlineData("Dialed=204", "no command")]
    [InlineData("command=&Dialed=204", "no command")]
    [InlineData("", "no command")]
    public async Task A_request_that_cannot_be_read_is_300_before_anything_else(string query, string why)
    {
        var world = new OzekiWorld();

        var answer = await world.GetAsync(query);

        Assert.Contains($"<Code>300</Code>\n  <Message>Error occured during parsing message: '{why}'</Message>", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "{}", "body is not a form")]
    [InlineData("text/xml", "<a/>", "body is not a form")]
    public async Task A_body_that_is_no_form_is_300(string contentType, string body, string why)
    {
        var world = new OzekiWorld();

        var answer = await world.SendAsync("POST", "/api?command=ListExtensions" + OzekiWorld.Credentials, body, contentType);

        Assert.Contains($"<Code>300</Code>\n  <Message>Error occured during parsing message: '{why}'</Message>", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_a_megabyte_is_300()
    {
        var world = new OzekiWorld();

        var answer = await world.SendAsync("POST", "/api", "command=ListExtensions&x=" + new string('a', 1024 * 1024));

        Assert.Equal(200, answer.Status);
        Assert.Contains("'body too large'", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_parameters_than_anyone_needs_are_300()
    {
        var world = new OzekiWorld();

        var answer = await world.GetAsync(string.Concat(Enumerable.Range(0, 201).Select(i => $"a{i}=1&")));

        Assert.Contains("'too many parameters'", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/x")]
    [InlineData("/API2")]
    public async Task Another_path_is_a_plain_404(string path)
    {
        var world = new OzekiWorld();

        var answer = await world.SendAsync("GET", path + "?command=ListExtensions" + OzekiWorld.Credentials);

        Assert.Equal((404, null, ""), answer);
    }

    [Fact]
    public async Task Another_method_is_405()
    {
        var world = new OzekiWorld();

        var answer = await world.SendAsync("DELETE", "/api?command=ListExtensions" + OzekiWorld.Credentials);

        Assert.Equal((405, null, ""), answer);
    }

    [Fact]
    public async Task What_a_client_sent_is_repeated_as_text_never_as_markup()
    {
        var world = new OzekiWorld();

        var answer = await world.GetAsync("command=%3Cb%3E%26%01" + OzekiWorld.Credentials);

        Assert.Contains("<Message>Not implemented command: '&lt;b&gt;&amp;\uFFFD'</Message>", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("10.9.0.1", false)]
    [InlineData("192.168.0.1", false)]
    public async Task An_address_outside_the_allowed_networks_or_inside_the_denied_ones_is_307(string from, bool admitted)
    {
        var world = new OzekiWorld
        {
            Options = new OzekiOptions { Allow = [IPNetwork.Parse("10.0.0.0/8")], Deny = [IPNetwork.Parse("10.9.0.0/16")] },
            From = IPAddress.Parse(from),
        };

        var answer = await world.AskAsync("command=ListExtensions");

        Assert.Equal(admitted ? (200, "Command successfully executed") : (307, "Use API from this address is forbidden"), answer);
    }

    [Fact]
    public async Task A_refused_address_is_refused_before_its_request_is_read()
    {
        var world = new OzekiWorld { Options = new OzekiOptions { Deny = [IPNetwork.Parse("127.0.0.0/8")] } };

        var answer = await world.GetAsync("%zz");

        Assert.Contains("<Code>307</Code>", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_always_get_an_answer_in_the_vendors_shape()
    {
        var world = new OzekiWorld();
        var random = new Random(7);

        for (var i = 0; i < 500; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var body = "command=" + Encoding.Latin1.GetString(bytes);
            var answer = await world.SendAsync("POST", "/api", body);

            Assert.Equal((200, "application/xml"), (answer.Status, answer.ContentType));
            System.Xml.Linq.XElement.Parse(answer.Body);
        }
    }
}
