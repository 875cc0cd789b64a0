using System.Net;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Tests.Native;

public sealed class NativeSurfaceTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Basic c2hrX2RlbW86")]
    [InlineData("Bearer")]
    [InlineData("Bearer shk_wrong")]
    [InlineData("Bearer SHK_DEMO")]
    public async Task Without_a_right_key_the_answer_is_401(string authorization)
    {
        await using var server = await NativeServer.StartAsync();
        server.Client.DefaultRequestHeaders.Authorization = null;

        var answer = await server.GetAsync("/switchhook/v1/calls", authorization);

        Assert.Equal((401, "unauthorized"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task An_account_without_the_native_dialect_is_answered_403()
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync("/switchhook/v1/calls", "Bearer shk_barred");

        Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_foreign_address_is_answered_403_whatever_its_key()
    {
        await using var server = await NativeServer.StartAsync(security: new SecuritySettings([IPNetwork.Parse("10.0.0.0/8")], [], Switchhook.Exchange.Gate.GuessLimits.Default));

        var answer = await server.GetAsync("/switchhook/v1/calls");

        Assert.Equal((403, "forbidden-address"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "no-such-page")]
    [InlineData("GET", "/switchhook/v1/nothing", 404, "no-such-page")]
    [InlineData("DELETE", "/switchhook/v1/calls", 405, "wrong-method")]
    [InlineData("POST", "/switchhook/v1/events", 405, "wrong-method")]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, int status, string code)
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.SendAsync(new HttpMethod(method), path, null);

        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal($"/docs#{code}", answer.Json.GetProperty("type").GetString());
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        await using var server = await NativeServer.StartAsync();
        var body = $$"""{ "to": "811", "tag": "{{new string('x', 300 * 1024)}}" }""";

        var answer = await server.PostAsync("/switchhook/v1/calls", body);

        Assert.Equal((413, "too-large"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_by_its_type_is_refused()
    {
        await using var server = await NativeServer.StartAsync();
        using var form = new FormUrlEncodedContent([new("to", "811")]);

        using var response = await server.Client.PostAsync("/switchhook/v1/calls", form);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_every_address_and_the_key()
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync("/openapi/v1.json");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            ["/switchhook/v1/calls", "/switchhook/v1/calls/export", "/switchhook/v1/calls/{id}", "/switchhook/v1/calls/{id}/conference",
                "/switchhook/v1/calls/{id}/digits", "/switchhook/v1/calls/{id}/gather", "/switchhook/v1/calls/{id}/hangup", "/switchhook/v1/calls/{id}/mute",
                "/switchhook/v1/calls/{id}/play", "/switchhook/v1/calls/{id}/record", "/switchhook/v1/calls/{id}/speak", "/switchhook/v1/calls/{id}/supervise",
                "/switchhook/v1/calls/{id}/trace", "/switchhook/v1/conferences", "/switchhook/v1/conferences/{room}", "/switchhook/v1/events",
                "/switchhook/v1/events/ws",
                "/switchhook/v1/messages", "/switchhook/v1/recordings", "/switchhook/v1/recordings/{id}", "/switchhook/v1/recordings/{id}/audio", "/switchhook/v1/webhooks", "/switchhook/v1/webhooks/{id}", "/switchhook/v1/webhooks/{id}/replay"],
            answer.Json.GetProperty("paths").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        var originate = answer.Json.GetProperty("paths").GetProperty("/switchhook/v1/calls").GetProperty("post");
        Assert.True(originate.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
        Assert.True(originate.GetProperty("responses").TryGetProperty("201", out _));
        Assert.Equal("bearer", answer.Json.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString());
    }

    [Theory]
    [InlineData("OriginateBody", "to")]
    [InlineData("HangupBody", "")]
    [InlineData("RecordBody", "")]
    [InlineData("DigitsBody", "keys")]
    [InlineData("MessageBody", "to text")]
    [InlineData("SuperviseBody", "call")]
    public async Task The_document_for_machines_requires_of_a_body_what_the_server_requires(string body, string required)
    {
        await using var server = await NativeServer.StartAsync();

        var schemas = (await server.GetAsync("/openapi/v1.json")).Json.GetProperty("components").GetProperty("schemas");

        var said = schemas.GetProperty(body).TryGetProperty("required", out var members) ? members.EnumerateArray().Select(m => m.GetString()!) : [];
        Assert.Equal(required, string.Join(' ', said));
        var seconds = schemas.GetProperty("OriginateBody").GetProperty("properties").GetProperty("ringTimeSeconds").GetProperty("type");
        Assert.Equal(["null", "integer"], seconds.EnumerateArray().Select(t => t.GetString()!).Order(StringComparer.Ordinal).Reverse());
    }

    /// <summary>As <c>curl -X POST -d ''</c> sends it.</summary>
    [Fact]
    public async Task A_body_of_nothing_may_bear_any_type()
    {
        await using var server = await NativeServer.StartAsync();
        using var nothing = new HttpRequestMessage(HttpMethod.Post, "/switchhook/v1/calls/0Nt3uhQ7/hangup")
        {
            Content = new StringContent("", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded"),
        };

        using var answer = await server.Client.SendAsync(nothing);

        Assert.Contains("no-such-call", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_readable_page_stands_alone_and_explains_every_problem()
    {
        await using var server = await NativeServer.StartAsync();

        var page = await server.GetAsync("/docs");

        Assert.Equal((200, "text/html"), (page.Status, page.Type));
        Assert.DoesNotContain("src=\"http", page.Text, StringComparison.Ordinal);
        Assert.All(
            ["unauthorized", "forbidden", "forbidden-address", "no-such-call", "no-such-leg", "no-such-extension", "call-ended", "hangup-in-progress", "wrong-state", "no-route", "not-registered",
                "invalid-number", "too-many-calls", "shutting-down", "congestion", "storage-unavailable", "bad-request", "key-reused",
                "no-such-page", "wrong-method", "too-large", "wrong-type", "internal-error", "too-many-readers", "no-such-webhook", "webhook-pending",
                "not-playing", "already-gathering", "not-gathering", "already-recording", "not-recording", "already-in-conference", "not-in-conference", "conference-full",
                "no-such-recording"],
            code => Assert.Contains($"id=\"{code}\"", page.Text, StringComparison.Ordinal));
    }
}
