using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;

namespace Switchhook.Server.Tests.Native;

public sealed class NativeCallTests
{
    private const string Calls = "/switchhook/v1/calls";

    [Fact]
    public async Task A_placed_call_is_answered_201_with_its_location()
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.PostAsync(Calls, """{ "to": "811", "connect": "812", "fromName": "Desk", "ringTimeSeconds": 20, "tag": "t-1" }""");

        var id = answer.Json.GetProperty("id").GetString();
        Assert.Equal((201, $"{Calls}/{id}"), (answer.Status, answer.Location));
        var command = Assert.IsType<CallCommand.Originate>(Assert.Single(server.Exchange.Asked));
        Assert.Equal(("native", "demo", "811"), (command.Dialect, command.Account, command.Dialed));
        Assert.Equal(new Party("811", "Desk"), command.Caller);
        Assert.Equal(new OnAnswer.Connect("812"), command.Then);
        Assert.Equal((TimeSpan.FromSeconds(20), "t-1"), (command.RingTime, command.Callbacks.Tag));
    }

    [Fact]
    public async Task A_call_may_run_a_script_or_wait()
    {
        await using var server = await NativeServer.StartAsync();

        await server.PostAsync(Calls, """{ "to": "811", "from": "100", "script": { "document": "<Response/>" } }""");
        await server.PostAsync(Calls, """{ "to": "811" }""");

        Assert.Equal(
            [new OnAnswer.RunScript(new("ozeki", null, "<Response/>")), new OnAnswer.Wait()],
            server.Exchange.Asked.Cast<CallCommand.Originate>().Select(c => c.Then));
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("{", "is not JSON")]
    [InlineData("[]", "must be an object")]
    [InlineData("{}", "to: is needed")]
    [InlineData("""{ "to": 811 }""", "to: must be text")]
    [InlineData("""{ "to": "8 11" }""", "to: must be a number")]
    [InlineData("""{ "to": "811", "conect": "812" }""", "the nearest known one is connect")]
    [InlineData("""{ "to": "811", "ringTimeSeconds": 0 }""", "ringTimeSeconds: must be a whole number from 1 to 600")]
    [InlineData("""{ "to": "811", "script": { "url": "nowhere" } }""", "script.url: must be an absolute http or https address")]
    [InlineData("""{ "to": "811", "script": {} }""", "script: must hold either url or document")]
    [InlineData("""{ "to": "811", "script": { "dialect": "vxml", "document": "x" } }""", "script.dialect: must be one of ozeki")]
    [InlineData("""{ "to": "811", "connect": "812", "script": { "document": "x" } }""", "script: cannot stand beside connect")]
    public async Task A_bad_body_is_a_problem_that_names_the_mistake(string body, string mistake)
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.PostAsync(Calls, body);

        Assert.Equal((400, "bad-request"), (answer.Status, answer.Code));
        Assert.Contains(mistake, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(server.Exchange.Asked);
    }

    [Theory]
    [InlineData(CallRefusal.NoRoute, 422, "no-route")]
    [InlineData(CallRefusal.NotRegistered, 422, "not-registered")]
    [InlineData(CallRefusal.InvalidNumber, 422, "invalid-number")]
    [InlineData(CallRefusal.TooManyCalls, 503, "too-many-calls")]
    [InlineData(CallRefusal.ShuttingDown, 503, "shutting-down")]
    [InlineData(CallRefusal.Congestion, 503, "congestion")]
    public async Task A_refusal_has_its_own_problem(CallRefusal refusal, int status, string code)
    {
        await using var server = await NativeServer.StartAsync();
        server.Exchange.Refuse = refusal;

        var answer = await server.PostAsync(Calls, """{ "to": "811" }""");

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Two_requests_with_one_key_place_one_call_and_get_one_answer()
    {
        await using var server = await NativeServer.StartAsync();
        var gate = new TaskCompletionSource();
        server.Exchange.Gate = gate.Task;

        var first = server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        var second = server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        gate.SetResult();
        var answers = await Task.WhenAll(first, second);
        var third = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        var otherAccount = await server.PostAsync(Calls, """{ "to": "811" }""", "Bearer shk_other", "k1");

        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(answers[0], third);
        Assert.Equal(201, third.Status);
        Assert.NotEqual(third.Location, otherAccount.Location);
        Assert.Equal(2, server.Exchange.Asked.Count);
    }

    [Fact]
    public async Task A_key_used_for_another_request_is_refused_and_a_failed_request_frees_its_key()
    {
        await using var server = await NativeServer.StartAsync();

        await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        var other = await server.PostAsync(Calls, """{ "to": "812" }""", idempotencyKey: "k1");
        server.Exchange.Refuse = CallRefusal.TooManyCalls;
        var refused = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k2");
        server.Exchange.Refuse = CallRefusal.None;
        var again = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k2");

        Assert.Equal((422, "key-reused"), (other.Status, other.Code));
        Assert.Equal((503, 201), (refused.Status, again.Status));
    }

    [Fact]
    public async Task A_key_that_cannot_be_kept_places_nothing()
    {
        await using var server = await NativeServer.StartAsync();
        server.Keys.TakesNothing = true;

        var refused = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        server.Keys.TakesNothing = false;
        var again = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");

        Assert.Equal((503, "storage-unavailable", 201), (refused.Status, refused.Code, again.Status));
        Assert.Single(server.Exchange.Asked);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_kept_is_given_all_the_same_and_kept_at_the_next_repeat()
    {
        await using var server = await NativeServer.StartAsync();
        server.Keys.KeepsNothing = true;

        var first = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        var second = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        server.Keys.KeepsNothing = false;
        var third = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        var fourth = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");

        Assert.Equal(201, first.Status);
        Assert.Equal([first, first, first], [second, third, fourth]);
        Assert.Single(server.Exchange.Asked);
    }

    [Fact]
    public async Task A_key_whose_request_a_crash_cut_off_places_nothing_more()
    {
        await using var server = await NativeServer.StartAsync();
        var digest = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("""{ "to": "811" }"""u8));
        await server.Keys.TakeAsync(new RequestKey("demo", "k1"), digest, DateTimeOffset.UnixEpoch, CancellationToken.None);

        var same = await server.PostAsync(Calls, """{ "to": "811" }""", idempotencyKey: "k1");
        var other = await server.PostAsync(Calls, """{ "to": "812" }""", idempotencyKey: "k1");

        Assert.Equal((409, "outcome-unknown"), (same.Status, same.Code));
        Assert.Equal((422, "key-reused"), (other.Status, other.Code));
        Assert.Empty(server.Exchange.Asked);
    }

    [Fact]
    public async Task An_ended_call_shows_its_hangup_record_with_every_member()
    {
        await using var server = await NativeServer.StartAsync();
        var placed = await server.PostAsync(Calls, """{ "to": "811" }""");

        await server.PostAsync($"{placed.Location}/hangup", """{ "cause": 17 }""");
        var answer = await server.GetAsync(placed.Location!);

        var call = answer.Json;
        Assert.Equal(("ended", 17, "USER_BUSY", "api", "native/demo"), (
            call.GetProperty("state").GetString(), call.GetProperty("cause").GetInt32(), call.GetProperty("causeName").GetString(),
            call.GetProperty("by").GetString(), call.GetProperty("byDetail").GetString()));
        var record = call.GetProperty("legs")[0].GetProperty("hangup");
        Assert.Equal(
            ["call", "leg", "by", "byDetail", "cause", "causeName", "received", "sent", "phase", "startedAt", "ringingAt", "answeredAt", "endedAt", "confirmed", "media"],
            record.EnumerateObject().Select(m => m.Name));
        Assert.Equal(call.GetProperty("id").GetString(), record.GetProperty("call").GetString());
        Assert.Equal($"{call.GetProperty("id").GetString()}-1", record.GetProperty("leg").GetString());
        Assert.Equal("CANCEL", record.GetProperty("sent").GetProperty("message").GetString());
        Assert.Equal("2026-01-31T08:00:00.000001Z", record.GetProperty("ringingAt").GetString());
        Assert.Equal("2026-01-31T08:00:02.000000Z", record.GetProperty("endedAt").GetString());
        Assert.Equal(JsonValueKind.Null, record.GetProperty("confirmed").ValueKind);
    }

    [Fact]
    public async Task A_second_hangup_is_answered_like_the_first()
    {
        await using var server = await NativeServer.StartAsync();
        var placed = await server.PostAsync(Calls, """{ "to": "811" }""");

        var first = await server.PostAsync($"{placed.Location}/hangup", null);
        var second = await server.PostAsync($"{placed.Location}/hangup", """{ "cause": 21 }""");

        Assert.Equal(200, first.Status);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_hangup_may_name_a_leg_of_the_call()
    {
        await using var server = await NativeServer.StartAsync();
        var placed = await server.PostAsync(Calls, """{ "to": "811" }""");
        var id = placed.Json.GetProperty("id").GetString();

        var none = await server.PostAsync($"{placed.Location}/hangup", $$"""{ "leg": "{{id}}-7" }""");
        var foreign = await server.PostAsync($"{placed.Location}/hangup", """{ "leg": "00000000-1" }""");
        var cause = await server.PostAsync($"{placed.Location}/hangup", """{ "cause": 999 }""");
        var fine = await server.PostAsync($"{placed.Location}/hangup", $$"""{ "leg": "{{id}}-1", "cause": "CALL_REJECTED" }""");

        Assert.Equal(("no-such-leg", "bad-request", "bad-request", 200), (none.Code, foreign.Code, cause.Code, fine.Status));
        Assert.Equal(1, Assert.IsType<CallCommand.HangUp>(server.Exchange.Asked[^1]).Leg);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/hangup")]
    [InlineData("/trace")]
    public async Task Another_accounts_call_and_no_call_look_the_same(string what)
    {
        await using var server = await NativeServer.StartAsync();
        var placed = await server.PostAsync(Calls, """{ "to": "811" }""", "Bearer shk_other");
        var method = what == "/hangup" ? HttpMethod.Post : HttpMethod.Get;

        var foreign = await server.SendAsync(method, $"{placed.Location}{what}", null);
        var unknown = await server.SendAsync(method, $"{Calls}/00000000{what}", null);
        var nonsense = await server.SendAsync(method, $"{Calls}/nonsense-id{what}", null);

        Assert.Equal((404, "no-such-call"), (foreign.Status, foreign.Code));
        Assert.Equal(foreign.Code, unknown.Code);
        Assert.Equal(foreign.Code, nonsense.Code);
        Assert.Single(server.Exchange.Live());
    }

    [Fact]
    public async Task Calls_are_listed_by_state_cause_party_and_page()
    {
        await using var server = await NativeServer.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add((await server.PostAsync(Calls, """{ "to": "811" }""")).Json.GetProperty("id").GetString()!);
        await server.PostAsync(Calls, """{ "to": "811" }""", "Bearer shk_other");
        await server.PostAsync($"{Calls}/{ids[0]}/hangup", """{ "cause": 17 }""");
        await server.PostAsync($"{Calls}/{ids[1]}/hangup", null);
        await server.PostAsync($"{Calls}/{ids[2]}/hangup", null);

        Assert.Equal([ids[4], ids[3]], Ids(await server.GetAsync($"{Calls}?state=live")));
        Assert.Equal([ids[2], ids[1], ids[0]], Ids(await server.GetAsync($"{Calls}?state=ended")));
        Assert.Equal([ids[4], ids[3], ids[2], ids[1], ids[0]], Ids(await server.GetAsync(Calls)));
        Assert.Equal([ids[0]], Ids(await server.GetAsync($"{Calls}?cause=17&by=api")));
        Assert.Equal([ids[2], ids[1]], Ids(await server.GetAsync($"{Calls}?cause=ORIGINATOR_CANCEL")));
        Assert.Empty(Ids(await server.GetAsync($"{Calls}?since=2026-02-01T00:00:00Z")));
        var page = await server.GetAsync($"{Calls}?state=ended&pageSize=2");
        Assert.Equal((3, $"{Calls}?state=ended&pageSize=2&page=1"), (page.Json.GetProperty("total").GetInt32(), page.Json.GetProperty("next").GetString()));
        Assert.Equal([ids[0]], Ids(await server.GetAsync(page.Json.GetProperty("next").GetString()!)));
    }

    [Theory]
    [InlineData("state=dead")]
    [InlineData("cause=busy-ish")]
    [InlineData("by=nobody")]
    [InlineData("since=yesterday-ish")]
    [InlineData("page=-1")]
    [InlineData("pageSize=100000")]
    public async Task A_bad_filter_is_a_problem(string filter)
    {
        await using var server = await NativeServer.StartAsync();

        var answer = await server.GetAsync($"{Calls}?{filter}");

        Assert.Equal((400, "bad-request"), (answer.Status, answer.Code));
        Assert.Contains(filter[..filter.IndexOf('=')], answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trace_is_in_order_of_time()
    {
        await using var server = await NativeServer.StartAsync();
        var placed = await server.PostAsync(Calls, """{ "to": "811" }""");
        var id = placed.Json.GetProperty("id").GetString();
        Assert.True(CallId.TryParse(id, out var call));
        server.Traces.Add(call, new TraceEntry(FakeExchange.Start.AddSeconds(1), "sip-in", "180 Ringing", "SIP/2.0 180 Ringing"));
        server.Traces.Add(call, new TraceEntry(FakeExchange.Start, "sip-out", "INVITE", null));

        var answer = await server.GetAsync($"{placed.Location}/trace");

        Assert.Equal(["INVITE", "180 Ringing"], answer.Json.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("summary").GetString()));
        Assert.Equal(id, answer.Json.GetProperty("call").GetString());
    }

    [Fact]
    public async Task A_trace_that_memory_has_lost_tells_what_the_log_knows()
    {
        await using var server = await NativeServer.StartAsync();
        var placed = await server.PostAsync(Calls, """{ "to": "811" }""");
        await server.PostAsync(Calls, """{ "to": "812" }""");
        await server.PostAsync($"{placed.Location}/hangup", null);
        var id = placed.Json.GetProperty("id").GetString();

        var lost = await server.GetAsync($"{placed.Location}/trace");
        Assert.True(CallId.TryParse(id, out var call));
        server.Traces.Add(call, new TraceEntry(FakeExchange.Start.AddSeconds(1), "sip-in", "180 Ringing", null));
        var half = await server.GetAsync($"{placed.Location}/trace");

        Assert.Equal(["call.started", $"leg.ended {id}-1 by api, ORIGINATOR_CANCEL", "call.ended"], Summaries(lost));
        Assert.Equal(["call.started", "180 Ringing"], Summaries(half));

        static IEnumerable<string?> Summaries(Answer trace) =>
            trace.Json.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("summary").GetString());
    }

    [Fact]
    public async Task A_store_that_is_down_is_a_503_problem_and_live_calls_still_answer()
    {
        await using var server = await NativeServer.StartAsync();
        var placed = await server.PostAsync(Calls, """{ "to": "811" }""");
        server.Exchange.StorageIsDown = true;

        var ended = await server.GetAsync($"{Calls}?state=ended");
        var live = await server.GetAsync(placed.Location!);

        Assert.Equal((503, "storage-unavailable"), (ended.Status, ended.Code));
        Assert.Equal(200, live.Status);
    }

    private static IEnumerable<string?> Ids(Answer answer) =>
        answer.Json.GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("id").GetString());
}
