using System.Net;
using System.Text;
using Switchhook.Dialects.OpenVox;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.Tests.OpenVox;

public class OpenVoxTransportTests
{
    private const string Success = """{"status":"Success"}""";

    [Theory]
    [InlineData("v0.0.1")]
    [InlineData("v1.1.0")]
    [InlineData("v2.0.0")]
    public async Task Three_version_segments_are_the_same(string version)
    {
        var world = new OpenVoxWorld();

        var answer = await world.SendAsync("POST", $"/api/{version}/heartbeat?token={await world.LoginAsync()}");

        Assert.Equal((200, Success), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("/api/v0.0.1/nonsense")]
    [InlineData("/api/v9.9.9/heartbeat")]
    [InlineData("/api/v0.0.1/Heartbeat")]
    [InlineData("/")]
    public async Task An_unknown_path_is_10003_with_a_token_and_20005_without(string path)
    {
        var world = new OpenVoxWorld();

        var with = await world.SendAsync("POST", $"{path}?token={await world.LoginAsync()}");
        var without = await world.SendAsync("POST", path);

        Assert.Equal("""{"status":"Failed","errno":"10003"}""", with.Body);
        Assert.Equal("""{"status":"Failed","errno":"20005"}""", without.Body);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Another_method_is_20001_with_status_200(string method)
    {
        var answer = await new OpenVoxWorld().SendAsync(method, "/api/v0.0.1/heartbeat");

        Assert.Equal((200, """{"status":"Failed","errno":"20001"}"""), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("", "20007")]
    [InlineData(" \r\n", "20007")]
    [InlineData("{}", "10004")]
    [InlineData("<xml></xml>", "10004")]
    public async Task No_body_where_one_is_needed_is_20007_and_one_without_the_parameter_10004(string body, string errno)
    {
        var world = new OpenVoxWorld();

        var missed = await world.AskAsync("extension/hangup", body);
        var unneeded = await world.AskAsync("extension/query", body);

        Assert.Equal($$"""{"status":"Failed","errno":"{{errno}}"}""", missed);
        Assert.StartsWith("""{"status":"Success",""", unneeded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preflight_is_answered_empty_with_the_vendors_headers()
    {
        var answer = await new OpenVoxWorld().SendAsync("OPTIONS", "/api/v0.0.1/heartbeat");

        Assert.Equal((200, ""), (answer.Status, answer.Body));
        Assert.Equal("*", answer.Headers["Access-control-allow-origin"]);
        Assert.Equal("GET, POST, OPTIONS, PUT, DELETE", answer.Headers["Access-control-allow-methods"]);
        Assert.Equal("Content-Type", answer.Headers["Access-Control-Allow-Headers"]);
    }

    [Fact]
    public async Task Every_answer_has_the_vendors_headers()
    {
        var answer = await new OpenVoxWorld().SendAsync("POST", "/api/v0.0.1/heartbeat");

        Assert.Equal("*", answer.Headers["Access-control-allow-origin"]);
    }

    [Theory]
    [InlineData("type=json", """{"extid":"2001"}""", "application/json")]
    [InlineData("type=json", "<xml><extid>2001</extid></xml>", "application/json")]
    [InlineData("type=yaml", """{"extid":2001}""", "text/plain")]
    [InlineData("", " \r\n{\"extid\":\"2001\",\"unknown\":[1,{}]}", null)]
    [InlineData("type=xml", "<xml><extid>2001</extid></xml>", "application/json")]
    [InlineData("type=xml", "\n<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<xml>\n  <extid>2001</extid>\n</xml>\n", "application/xml")]
    [InlineData("type=xml", """{"extid":"2001"}""", "application/xml")]
    [InlineData("type=xml", "<xml><a><b>deep</b></a><extid><![CDATA[2001]]></extid></xml>", "application/xml")]
    public async Task The_first_character_decides_how_a_body_is_read_and_type_how_it_is_answered(string type, string body, string? contentType)
    {
        var world = new OpenVoxWorld { Exchange = { Calls = { OpenVoxWorld.Internal() } } };

        var answer = await world.SendAsync("POST", $"/api/v0.0.1/extension/hold?&token={await world.LoginAsync()}&{type}", body, contentType);

        var isXml = type == "type=xml";
        Assert.Equal(isXml ? "application/xml; charset=utf-8" : "application/json", answer.ContentType);
        Assert.Contains(isXml ? "<status>Success</status>" : Success, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "20000")]
    [InlineData("[]", "20000")]
    [InlineData("""{"extid":"\ud800"}""", "20000")]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}""", "20000")]
    [InlineData("nonsense", "20000")]
    [InlineData("<xml>", "10002")]
    [InlineData("<other></other>", "10002")]
    [InlineData("<xml><a></xml>", "10002")]
    [InlineData("<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><extid>&e;</extid></xml>", "10002")]
    [InlineData("<!DOCTYPE xml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><xml><extid>&b;</extid></xml>", "10002")]
    [InlineData("<xml><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></xml>", "10002")]
    public async Task A_body_that_cannot_be_read_has_the_number_of_its_format(string body, string errno)
    {
        var answer = await new OpenVoxWorld().AskAsync("extension/hold", body);

        Assert.Equal($$"""{"status":"Failed","errno":"{{errno}}"}""", answer);
    }

    [Theory]
    [InlineData("json", "20000")]
    [InlineData("xml", "10002")]
    public async Task A_body_beyond_64_KiB_is_not_read(string type, string errno)
    {
        var answer = await new OpenVoxWorld().AskAsync("extension/hold", "{\"extid\":\"" + new string('1', 70_000) + "\"}", type);

        Assert.Contains(errno, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_parameters_than_anyone_needs_are_refused()
    {
        var many = string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"p{i}\":\"1\""));

        var answer = await new OpenVoxWorld().AskAsync("extension/hold", $"{{{many}}}");

        Assert.Equal("""{"status":"Failed","errno":"20000"}""", answer);
    }

    [Fact]
    public async Task Random_bytes_always_get_an_answer_in_the_vendors_shape()
    {
        const string alphabet = "<>{}\":,xml&;/ \u0000é[]\\u1";
        var random = new Random(4711);
        var world = new OpenVoxWorld();
        var token = await world.LoginAsync();

        for (var i = 0; i < 500; i++)
        {
            var body = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            var answer = await world.SendAsync("POST", $"/api/v0.0.1/extension/hangup?token={token}", body);
            Assert.StartsWith("""{"status":"Failed","errno":""", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_outside_the_allowed_networks_is_20003()
    {
        var world = new OpenVoxWorld { Options = new OpenVoxOptions { Allow = [IPNetwork.Parse("10.0.0.0/8")] } };

        var answer = await world.PostAsync("login", "", "");

        Assert.Equal("""{"status":"Failed","errno":"20003"}""", answer);
    }

    [Fact]
    public void Text_is_written_as_text_never_as_markup()
    {
        var document = OpenVoxNode.Of(("a", "<é&\"'\u0001>"), ("b", ""));

        var json = Encoding.UTF8.GetString(OpenVoxJson.Write(document));
        var xml = Encoding.UTF8.GetString(OpenVoxXml.Write(document));

        Assert.Equal("""{"a":"<é&\"'\u0001>","b":""}""", json);
        Assert.Contains("<a>&lt;é&amp;&quot;&apos;\uFFFD&gt;</a>\n  <b></b>\n", xml, StringComparison.Ordinal);
    }
}
