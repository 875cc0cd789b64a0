using Switchhook.Server.Tests.Sip;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.OpenVox;

/// <summary>The whole server as an application of the OpenVox dialect sees it: a bare socket for reports, real phones on the other side.</summary>
public sealed class OpenVoxServerTests(Lab lab) : LabTests(lab)
{
    private const string Success = "Success";

    [Fact]
    public async Task An_application_dials_follows_and_hangs_up_a_call_between_two_phones()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var (first, second) = (await PhoneAsync(), await PhoneAsync());

        var dialled = await openVox.AskAsync("extension/dial_extension", ("caller", first.User), ("callee", second.User));
        var near = await first.IncomingAsync();
        await near.RingAsync();
        await near.AnswerAsync(ScriptedPhone.SilentSdp());
        var far = await second.IncomingAsync();
        await far.RingAsync();
        var ring = await reports.NextAsync("RING", r => r.Body.Contains(second.User, StringComparison.Ordinal));
        await far.AnswerAsync(ScriptedPhone.SilentSdp());
        var answered = await reports.NextAsync("ANSWER", r => Parties(r) == $"[\"{first.User}\",\"{second.User}\"]");
        var id = (await Native.LiveBySipAsync(near.CallId)).Id;
        var status = await openVox.AskAsync("extension/query", ("extid", first.User));
        var hangup = await openVox.AskAsync("extension/hangup", ("extid", first.User));
        await near.ExpectByeAsync();
        await far.ExpectByeAsync();

        Assert.Equal((Success, Success), (dialled.Outcome, hangup.Outcome));
        Assert.Equal($"[\"{second.User}\",\"{first.User}\"]", Parties(ring));
        Assert.Contains("\"status\":\"Busy\"", status.Text, StringComparison.Ordinal);
        var call = await EndedAsync(id);
        AssertRecord(call.Caller, "api", 16, "bridged", sent: "BYE", confirmed: "yes");
        Assert.Equal("openvox/lab", call.Caller.Hangup!.ByDetail);
        var bye = await reports.NextAsync("BYE", r => Parties(r) == $"[\"{first.User}\",\"{second.User}\"]");
        var cdr = await reports.NextAsync("NewCdr", r => r["callto"] == second.User);
        Assert.Equal(answered["callid"], bye["callid"]);
        Assert.Equal(("ANSWERED", "Internal", bye["callid"]), (cdr["status"], cdr["type"], cdr["callid"]));
        Assert.Contains("Connection: close", cdr.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Content-Type: application/json", cdr.Head, StringComparison.Ordinal);
        Assert.Equal(1, reports.All.Count(r => r["action"] == "NewCdr" && r["callto"] == second.User));
        Assert.Equal(2, reports.All.Count(r => r["action"] == "BYE" && r.Body.Contains(second.User, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_phone_is_asked_to_answer_by_itself()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var (first, second) = (await PhoneAsync(), await PhoneAsync());

        await openVox.AskAsync("extension/dial_extension", ("caller", first.User), ("callee", second.User), ("autoanswer", "yes"));
        var near = await first.IncomingAsync();
        await near.AnswerAsync(ScriptedPhone.SilentSdp());
        var far = await second.IncomingAsync();
        await far.RingAsync();
        await openVox.AskAsync("extension/hangup", ("extid", first.User));
        await near.ExpectByeAsync();
        await far.ExpectCancelAsync();

        Assert.Equal(("Auto", "<sip:127.0.0.1>;answer-after=0"), (near.Offered!.Header("Answer-Mode"), near.Offered.Header("Call-Info")));
        Assert.Equal("", far.Offered!.Header("Call-Info"));
    }

    [Fact]
    public async Task A_call_out_over_a_trunk_is_found_and_hung_up_by_its_outboundid()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var number = Lab.NextNumber();
        var talk = await DialOutAsync(number, Lab.Carrier);
        var connected = talk.Caller.ConnectAsync();
        await talk.Callee.AnswerAsync(ScriptedPhone.SilentSdp());
        await connected;

        var list = await openVox.AskAsync("outbound/query");
        var shown = list.Json.GetProperty("outbound").EnumerateArray().Single(c => c.GetProperty("to").GetString() == number);
        var id = shown.GetProperty("outboundid").GetString()!;
        var xml = await openVox.AskXmlAsync("outbound/query", $"<xml><outboundid>{id}</outboundid></xml>");
        var hangup = await openVox.AskAsync("outbound/hangup", ("outboundid", id));
        await talk.Caller.ExpectByeAsync();
        await talk.Callee.ExpectByeAsync();

        Assert.Equal(("carrier", "Talking"), (shown.GetProperty("trunk").GetString(), shown.GetProperty("status").GetString()));
        Assert.Contains($"<outbound>\n    <outboundid>{id}</outboundid>", xml, StringComparison.Ordinal);
        Assert.Equal(Success, hangup.Outcome);
        await EndedAsync(talk.Id);
        var late = await openVox.AskAsync("outbound/hangup", ("outboundid", id));
        Assert.Equal("10007", late.Outcome);
        Assert.Contains($"\"outboundid\":\"{id}\"", (await reports.NextAsync("BYE", r => r.Body.Contains(number, StringComparison.Ordinal))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hangup_while_it_rings_cancels_and_the_call_failed_with_487()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var talk = await RingAsync();

        var hangup = await openVox.AskAsync("extension/hangup", ("extid", talk.Callee.Phone.User));
        await talk.Callee.ExpectCancelAsync();
        await talk.Caller.ExpectRefusalAsync(480);

        Assert.Equal(Success, hangup.Outcome);
        await EndedAsync(talk.Id);
        var failed = await reports.NextAsync("CallFailed", r => r.Body.Contains(talk.Callee.Phone.User, StringComparison.Ordinal));
        Assert.Equal("487", failed["reason"]);
        Assert.Equal("NO ANSWER", (await reports.NextAsync("NewCdr", r => r["callto"] == talk.Callee.Phone.User))["status"]);
    }

    [Theory]
    [InlineData(486, 486, "BUSY")]
    [InlineData(603, 603, "BUSY")]
    [InlineData(480, 408, "NO ANSWER")]
    public async Task A_refusal_is_reported_with_its_status(int status, int toCaller, string outcome)
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var talk = await RingAsync();

        await talk.Callee.RejectAsync(status);
        await talk.Caller.ExpectRefusalAsync(toCaller);
        await EndedAsync(talk.Id);

        var callee = talk.Callee.Phone.User;
        Assert.Equal($"{status}", (await reports.NextAsync("CallFailed", r => r.Body.Contains(callee, StringComparison.Ordinal)))["reason"]);
        Assert.Equal(outcome, (await reports.NextAsync("NewCdr", r => r["callto"] == callee))["status"]);
    }

    [Fact]
    public async Task Hangups_by_three_dialects_in_the_same_instant_make_one_end()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var talk = await TalkAsync();
        talk.Caller.Phone.AlwaysAnswer("BYE", 200);
        talk.Callee.Phone.AlwaysAnswer("BYE", 200);

        var asked = Enumerable.Range(0, 15).Select(async i => (i % 3) switch
        {
            0 => $"openvox {(await openVox.AskAsync("extension/hangup", ("extid", talk.Caller.Phone.User))).Outcome}",
            1 => $"ozeki {(await Ozeki.HangUpAsync(talk.Id)).Code}",
            _ => $"native {(await Native.HangUpAsync(talk.Id)).Status}",
        }).ToArray();
        var answers = await Task.WhenAll(asked);

        Assert.All(answers, a => Assert.Contains(a, (string[])["openvox Success", "openvox 10007", "ozeki 200", "ozeki 601", "native 200"]));
        await EndedAsync(talk.Id);
        var callee = talk.Callee.Phone.User;
        await reports.NextAsync("NewCdr", r => r["callto"] == callee);
        Assert.Equal(1, reports.All.Count(r => r["action"] == "NewCdr" && r["callto"] == callee));
        Assert.Equal(2, reports.All.Count(r => r["action"] == "BYE" && r.Body.Contains(callee, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_hangup_while_another_is_under_way_is_Success_and_afterwards_10007()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(Lab.AnswerService);
        var answer = await placed.ExpectAsync(200);
        var id = await IdOfAsync(placed);

        var first = await Native.HangUpAsync(id, 17);
        var during = await openVox.AskAsync("extension/hangup", ("extid", caller.User));
        await placed.AcknowledgeAsync(answer);
        await placed.ExpectByeAsync();
        await EndedAsync(id);
        var after = await openVox.AskAsync("extension/hangup", ("extid", caller.User));

        Assert.Equal((200, Success, "10007"), (first.Status, during.Outcome, after.Outcome));
    }

    [Fact]
    public async Task Another_accounts_call_is_unknown_and_left_alone()
    {
        await using var reports = ReportListener.Open();
        await using var own = await LoginAsync(reports);
        using var other = own.As(Lab.OtherAccount, Lab.OtherPassword);
        Assert.Equal(Success, (await other.LoginAsync(reports.Port)).Outcome);
        var talk = await TalkAsync();

        var hangup = await other.AskAsync("extension/hangup", ("extid", talk.Caller.Phone.User));

        Assert.Equal("10006", hangup.Outcome);
        Assert.Equal("talking", (await Native.CallAsync(talk.Id)).State);
        var bye = talk.Caller.HangUpAsync();
        await talk.Callee.ExpectByeAsync();
        await bye;
        await EndedAsync(talk.Id);
    }

    [Fact]
    public async Task A_report_is_sent_again_until_it_is_answered_200()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var caller = await PhoneAsync();
        await reports.NextAsync("ExtensionStatus", r => r["extension"] == caller.User && r["status"] == "Registered");
        reports.Status = null;

        var placed = await caller.DialAsync(Lab.BusyService);
        await placed.ExpectRefusalAsync(486);
        var first = await reports.NextAsync("ExtensionStatus", r => r["extension"] == caller.User);
        reports.Status = 500;
        var again = await reports.NextAsync("ExtensionStatus", r => r.Body == first.Body);
        reports.Status = 200;

        await reports.NextAsync("NewCdr", r => r["callfrom"] == caller.User, TimeSpan.FromSeconds(60));
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(1, reports.All.Count(r => r["action"] == "NewCdr" && r["callfrom"] == caller.User));
    }

    [Fact]
    public async Task Every_end_is_one_terminal_event_of_the_dialect()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var before = (await Server.MetricsAsync()).Sum("switchhook_terminal_events_total", ("dialect", "openvox"));
        var talk = await TalkAsync();

        await openVox.AskAsync("extension/hangup", ("extid", talk.Caller.Phone.User));
        await talk.Caller.ExpectByeAsync();
        await talk.Callee.ExpectByeAsync();
        await EndedAsync(talk.Id);

        await Eventually.GetAsync(
            Server.MetricsAsync, m => m.Sum("switchhook_terminal_events_total", ("dialect", "openvox")) == before + 1, "one terminal event of openvox");
    }

    [Fact]
    public async Task A_call_is_held_by_one_party_and_brought_back_by_the_other()
    {
        await using var reports = ReportListener.Open();
        await using var openVox = await LoginAsync(reports);
        var talk = await TalkAsync();

        var hold = await openVox.AskAsync("extension/hold", ("extid", talk.Caller.Phone.User));
        var held = (await Native.CallAsync(talk.Id)).State;
        var unhold = await openVox.AskAsync("extension/unhold", ("extid", talk.Callee.Phone.User));
        var talking = (await Native.CallAsync(talk.Id)).State;
        await openVox.AskAsync("extension/hangup", ("extid", talk.Caller.Phone.User));

        Assert.Equal((Success, "held", Success, "talking"), (hold.Outcome, held, unhold.Outcome, talking));
        await talk.Caller.ExpectByeAsync();
        await talk.Callee.ExpectByeAsync();
        await EndedAsync(talk.Id);
    }

    /// <summary>A login whose reports go to that listener, closed with the client: the reports of later tests are none of its business.</summary>
    private async Task<LoggedIn> LoginAsync(ReportListener reports)
    {
        var openVox = Server.OpenVox();
        Assert.Equal(Success, (await openVox.LoginAsync(reports.Port)).Outcome);
        return new LoggedIn(openVox);
    }

    private static string Parties(Report report)
    {
        using var json = System.Text.Json.JsonDocument.Parse(report.Body);
        return json.RootElement.TryGetProperty("ext", out var ext) ? ext.GetProperty("extid").GetRawText() : "";
    }

    private sealed class LoggedIn(OpenVoxApi api) : IAsyncDisposable
    {
        public Task<OpenVoxAnswer> AskAsync(string operation, params (string Name, string Value)[] parameters) => api.AskAsync(operation, parameters);

        public Task<string> AskXmlAsync(string operation, string body) => api.AskXmlAsync(operation, body);

        public OpenVoxApi As(string user, string password) => api.As(user, password);

        public async ValueTask DisposeAsync()
        {
            await api.AskAsync("logout");
            api.Dispose();
        }
    }
}
