using Switchhook.Calls;
using Switchhook.Dialects.Catapult;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>Who may ask, what failures look like, pages, ids.</summary>
public sealed class CatapultTransportTests
{
    private readonly CatapultWorld _world = new();

    [Theory]
    [InlineData("")]
    [InlineData("t-token:wrong")]
    [InlineData("t-unknown:secret")]
    [InlineData("t-other:0ther")]
    [InlineData("t-without:secret")]
    [InlineData("t-token")]
    public async Task Wrong_credentials_and_another_user_are_denied_to_the_letter(string credentials)
    {
        var answer = await _world.SendAsync("GET", $"/v1/users/{CatapultWorld.User}/calls", credentials: credentials);

        Assert.Equal(401, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(
            """
            {"category":"authorization","code":"access-denied","message":"The authenticated user does not have sufficient permissions to access this resource",
            "details":[{"name":"requestMethod","value":"GET"},{"name":"remoteAddress","value":"203.0.113.9"},{"name":"requestPath","value":"users/u-4gkq2zr7mnb5xw3yd6tcela/calls"}]}
            """.ReplaceLineEndings(""),
            answer.Body);
    }

    [Fact]
    public async Task Without_credentials_the_way_to_give_them_is_told()
    {
        var answer = await _world.SendAsync("GET", $"/v1/users/{CatapultWorld.User}/calls", credentials: "");

        Assert.StartsWith("Basic realm=", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/users/u-4gkq2zr7mnb5xw3yd6tcela/nothing", 404, "resource-not-found")]
    [InlineData("GET", "/v1/", 404, "resource-not-found")]
    [InlineData("GET", "/v1/phoneNumbers", 404, "resource-not-found")]
    [InlineData("DELETE", "/v1/users/u-4gkq2zr7mnb5xw3yd6tcela/calls", 405, "method-not-allowed")]
    [InlineData("PUT", "/v1/users/u-4gkq2zr7mnb5xw3yd6tcela/applications/a-1", 405, "method-not-allowed")]
    public async Task An_unknown_path_and_a_wrong_verb_have_the_ordinary_body(string method, string path, int status, string code)
    {
        var answer = await _world.SendAsync(method, path);

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_slash_at_the_end_is_taken_and_stays_in_the_path_that_failures_tell()
    {
        var list = await _world.GetAsync("calls/");
        var wrong = await _world.PostAsync("calls/", "{}");

        Assert.Equal(200, list.Status);
        Assert.Contains("""{"name":"requestPath","value":"users/u-4gkq2zr7mnb5xw3yd6tcela/calls/"}""", wrong.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"from\":")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"from\":{\"a\":1},\"to\":\"+13365550177\"}")]
    [InlineData("{\"from\":[\"+19195550100\"],\"to\":\"+13365550177\"}")]
    [InlineData("{\"from\":\"\\ud800\",\"to\":\"+13365550177\"}")]
    [InlineData("{\"from\":\"\\udc00\\ud800\",\"to\":\"+13365550177\"}")]
    [InlineData("{\"from\":\"\\ud83d-\\ude00\",\"to\":\"+13365550177\"}")]
    [InlineData("{\"\\uDFFF\":1,\"from\":\"+19195550100\",\"to\":\"+13365550177\"}")]
    public async Task A_body_that_is_no_object_of_values_is_Bad_parameters(string body)
    {
        var answer = await _world.PostAsync("calls", body);

        Assert.Equal((400, "validation-error", "Bad parameters"), (answer.Status, answer.Code, answer.Message));
        Assert.Empty(_world.Exchange.Asked);
    }

    [Fact]
    public async Task A_body_that_is_no_UTF_8_is_Bad_parameters()
    {
        var answer = await _world.PostAsync("calls", [.. "{\"from\":\""u8, 0xFF, 0xC0, .. "\",\"to\":\"+13365550177\"}"u8]);

        Assert.Equal((400, "validation-error", "Bad parameters"), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task Escapes_of_whole_characters_are_read()
    {
        await _world.PostAsync("calls", """{"from":"\u002b19195550100","to":"+13365550177","tag":"\ud83d\ude00 \\\\ud800"}""");

        var placed = Assert.IsType<Switchhook.Calls.Commands.CallCommand.Originate>(Assert.Single(_world.Exchange.Asked));
        Assert.Equal("\U0001F600 \\\\ud800", placed.Details!["catapult.tag"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_user_itself_is_shown(string slash)
    {
        var answer = await _world.SendAsync("GET", $"/v1/users/{CatapultWorld.User}{slash}");

        Assert.Equal((200, $$"""{"id":"{{CatapultWorld.User}}","username":"crm"}"""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task A_body_beyond_64_KiB_is_not_read()
    {
        var answer = await _world.PostAsync("calls", $$"""{"from":"{{new string('1', 70_000)}}"}""");

        Assert.Equal((413, "validation-error"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Random_bytes_always_get_an_answer_in_the_vendor_s_shape()
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var body = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => "{}[]\":,tag0123 from\\u00+e"[random.Next(25)])]);
            var answer = await _world.PostAsync(random.Next(2) == 0 ? "calls" : "applications", body);

            Assert.InRange(answer.Status, 400, 499);
            Assert.NotEqual("", answer.Code);
        }
    }

    [Fact]
    public async Task A_store_that_fails_is_503_internal_error()
    {
        _world.History.Down = true;

        var answer = await _world.GetAsync("calls");

        Assert.Equal((503, "internal-error"), (answer.Status, answer.Code));
    }

    /// <summary>Example 11 of the manual.</summary>
    [Fact]
    public async Task A_page_names_the_first_and_the_next_as_clients_split_them()
    {
        for (var i = 0; i < 3; i++)
            _world.History.Calls.Add(CatapultWorld.Over(later: i));

        var first = await _world.GetAsync("calls?size=2&from=%2B19195550100");
        var second = await _world.GetAsync("calls?size=2&from=%2B19195550100&page=1");

        const string address = "https://api.catapult.inetwork.com/v1/users/u-4gkq2zr7mnb5xw3yd6tcela/calls?size=2&from=%2B19195550100&page=";
        Assert.Equal($"<{address}0>; rel=\"first\", <{address}1>; rel=\"next\"", first.Headers["Link"]);
        Assert.Equal($"<{address}0>; rel=\"first\", <{address}0>; rel=\"previous\"", second.Headers["Link"]);
        Assert.Equal((2, 1), (first.Json.GetArrayLength(), second.Json.GetArrayLength()));
    }

    [Theory]
    [InlineData("size=1001", "The 'call' resource property 'size' exceeds the limit of '1000'")]
    [InlineData("size=0", "The 'call' resource property 'size' must be greater than '0'")]
    [InlineData("page=-1", "The 'call' resource property 'page' must be greater than '-1'")]
    [InlineData("page=x", "Bad parameters")]
    [InlineData("sortOrder=up", "The 'call' resource property 'sortOrder' must be one of the following values: 'asc, desc'")]
    public async Task A_page_that_cannot_be_is_refused(string query, string message)
    {
        var answer = await _world.GetAsync($"calls?{query}");

        Assert.Equal((400, "validation-error", message), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task Live_and_ended_calls_stand_in_one_order_and_each_once()
    {
        for (var i = 0; i < 450; i++)
            _world.History.Calls.Add(CatapultWorld.Over(later: i * 2));
        for (var i = 0; i < 3; i++)
            _world.Exchange.Calls.Add(CatapultWorld.Outbound(later: 401 + (i * 200)));
        _world.Exchange.Calls.Add(_world.History.Calls[^1]);   // its end is stored, and it is shown as live for a moment longer

        var newest = await IdsAsync("calls?size=1000");
        var oldest = await IdsAsync("calls?size=1000&sortOrder=asc");
        List<string> leafed = [];
        for (var page = 0; leafed.Count < 453; page++)
            leafed.AddRange(await IdsAsync($"calls?size=100&page={page}"));

        Assert.Equal(453, newest.Distinct().Count());
        Assert.Equal(453, newest.Count);
        Assert.Equal(newest.AsEnumerable().Reverse(), oldest);
        Assert.Equal(newest, leafed);
    }

    [Fact]
    public void Ids_have_the_vendor_s_shape_lead_back_and_cannot_be_guessed_by_changing_a_letter()
    {
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            var leg = new LegId(new CallId(random.NextInt64(CallId.MaxValue)), random.Next(1, 131_071));
            var id = CatapultId.Of(CatapultId.Call, leg);
            var place = random.Next(2, id.Length);
            var other = $"{id[..place]}{(id[place] == 'a' ? 'b' : 'a')}{id[(place + 1)..]}";

            Assert.Matches("^c-[a-z2-7]{24}$", id);
            Assert.True(CatapultId.TryParse(CatapultId.Call, id, out var back));
            Assert.Equal(leg, back);
            Assert.False(CatapultId.TryParse(CatapultId.Call, other, out _));
            Assert.False(CatapultId.TryParse(CatapultId.Event, "ce" + id[1..], out _));
        }
    }

    [Theory]
    [InlineData("c-")]
    [InlineData("c-7hw2vq5kzn3xbt6mr4dpgya")]
    [InlineData("c-7HW2VQ5KZN3XBT6MR4DPGYAA")]
    [InlineData("c-aaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("x")]
    [InlineData("c-é7hw2vq5kzn3xbt6mr4dpgya")]
    public async Task An_id_that_is_none_is_a_call_not_found(string id)
    {
        var answer = await _world.GetAsync($"calls/{id}");

        Assert.Equal((404, "call-not-found", $"The call '{id}' could not be found"), (answer.Status, answer.Code, answer.Message));
        Assert.Equal("callId", answer.Json.GetProperty("details")[0].GetProperty("name").GetString());
    }

    private async Task<List<string>> IdsAsync(string path) => [.. (await _world.GetAsync(path)).Json.EnumerateArray().Select(c => c.GetProperty("id").GetString()!)];
}
