using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Tests.Native;

public sealed class NativeMessageTests
{
    [Theory]
    [InlineData(MessageOutcome.Delivered, 200, "delivered")]
    [InlineData(MessageOutcome.Refused, 486, "refused")]
    [InlineData(MessageOutcome.NotRegistered, null, "not-registered")]
    [InlineData(MessageOutcome.Unanswered, null, "unanswered")]
    public async Task A_message_is_sent_and_its_outcome_told(MessageOutcome outcome, int? status, string word)
    {
        await using var server = await NativeServer.StartAsync();
        server.Exchange.MessageReply = new(outcome, status);

        var response = await PostAsync(server, """{"to":"101","from":"shop","text":"gr\u00fc\u00df dich"}""");
        var document = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(word, document.GetProperty("outcome").GetString());
        Assert.Equal(status, document.GetProperty("status").ValueKind == JsonValueKind.Null ? null : document.GetProperty("status").GetInt32());
        var sent = Assert.Single(server.Exchange.Sent);
        Assert.Equal(("shop", "101", "gr\u00fc\u00df dich"), (sent.From, sent.To, sent.Text));
    }

    [Theory]
    [InlineData("""{"to":"101"}""")]
    [InlineData("""{"text":"x"}""")]
    [InlineData("""{"to":"1 01","text":"x"}""")]
    [InlineData("""{"to":"101","from":"<a>","text":"x"}""")]
    [InlineData("""{"to":"101","text":"x","when":"later"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_is_no_message_is_refused(string body)
    {
        await using var server = await NativeServer.StartAsync();

        var response = await PostAsync(server, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(server.Exchange.Sent);
    }

    [Theory]
    [InlineData(1300, HttpStatusCode.Accepted)]
    [InlineData(1302, HttpStatusCode.BadRequest)]
    public async Task Its_length_is_counted_in_bytes(int bytes, HttpStatusCode status)
    {
        await using var server = await NativeServer.StartAsync();

        var response = await PostAsync(server, JsonSerializer.Serialize(new { to = "101", text = new string('\u00fc', bytes / 2) }));

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("999")]
    [InlineData("201")]
    public async Task Another_accounts_extension_looks_like_none(string to)
    {
        await using var server = await NativeServer.StartAsync();

        var response = await PostAsync(server, JsonSerializer.Serialize(new { to, text = "x" }));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("no-such-extension", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(server.Exchange.Sent);
    }

    private static Task<HttpResponseMessage> PostAsync(NativeServer server, string body) =>
        server.Client.PostAsync("/switchhook/v1/messages", new StringContent(body, Encoding.UTF8, "application/json"));
}
