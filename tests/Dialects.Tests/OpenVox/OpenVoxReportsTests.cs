using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Reports;

namespace Switchhook.Dialects.Tests.OpenVox;

public class OpenVoxReportsTests
{
    private static readonly string L1 = OpenVoxWorld.Leg1, L2 = OpenVoxWorld.Leg2;
    private static readonly string InboundMembers =
        $$""" "inbound":{"from":"0755550199","to":"2001","trunk":"carrier-a","inboundid":"{{L1}}"}""".Trim();
    private static readonly string OutboundMembers =
        $$""" "outbound":{"from":"2001","to":"0755550123","trunk":"carrier-a","outboundid":"{{L2}}"}""".Trim();
    private const string Sn = "\"sn\":\"uc50b7d40213\"";

    // {"action":"ALERT","callid":"….412","inbound":{…,"inboundid":"….410"},"sn":"…"}
    // {"action":"RING","callid":"….412","ext":{"extid":"2001"},"inbound":{…},"sn":"…"}
    [Fact]
    public async Task An_inbound_call_that_rings_is_told_of_both_sides_alert_first()
    {
        var told = await TellAsync(Ringing(OpenVoxWorld.Ringing(OpenVoxWorld.Inbound())));

        Assert.Equal(
            [
                $$"""{"action":"ALERT","callid":"{{L2}}",{{InboundMembers}},{{Sn}}}""",
                $$$"""{"action":"RING","callid":"{{{L2}}}","ext":{"extid":"2001"},{{{InboundMembers}}},{{{Sn}}}}""",
                Status("2001", "Ringing"),
            ],
            told);
    }

    // {"action":"RING","callid":"1717401700.501","ext":{"extid":["2002","2001"]},"sn":"uc50b7d40213"}
    [Fact]
    public async Task An_internal_call_that_rings_names_the_called_party_first()
    {
        var told = await TellAsync(Ringing(OpenVoxWorld.Ringing(OpenVoxWorld.Internal())));

        Assert.Equal(
            [
                $$$"""{"action":"ALERT","callid":"{{{L2}}}","ext":{"extid":["2001"]},{{{Sn}}}}""",
                $$$"""{"action":"RING","callid":"{{{L2}}}","ext":{"extid":["2002","2001"]},{{{Sn}}}}""",
            ],
            told.Where(r => !r.Contains("ExtensionStatus", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_outbound_call_that_rings_shows_the_number_as_sent()
    {
        var told = await TellAsync(Ringing(OpenVoxWorld.Ringing(OpenVoxWorld.Outbound())));

        Assert.Equal(
            [
                $$$"""{"action":"ALERT","callid":"{{{L2}}}","ext":{"extid":"2001"},{{{Sn}}}}""",
                $$$"""{"action":"RING","callid":"{{{L2}}}",{{{OutboundMembers}}},"ext":{"extid":"2001"},{{{Sn}}}}""",
            ],
            told.Where(r => !r.Contains("ExtensionStatus", StringComparison.Ordinal)));
    }

    // {"action":"ANSWER","callid":"….410","ext":{"extid":"2001"},"inbound":{…},"sn":"…"}
    [Fact]
    public async Task An_answered_call_with_an_outside_party_is_told_once_the_extension_first()
    {
        var inbound = await TellAsync(new CallAnswered { Call = OpenVoxWorld.Inbound(), Sequence = 4, At = OpenVoxWorld.Start });
        var outbound = await TellAsync(new CallAnswered { Call = OpenVoxWorld.Outbound(), Sequence = 4, At = OpenVoxWorld.Start });

        Assert.Equal($$$"""{"action":"ANSWER","callid":"{{{L1}}}","ext":{"extid":"2001"},{{{InboundMembers}}},{{{Sn}}}}""", inbound[0]);
        Assert.Equal($$$"""{"action":"ANSWER","callid":"{{{L1}}}","ext":{"extid":"2001"},{{{OutboundMembers}}},{{{Sn}}}}""", outbound[0]);
        Assert.Single(inbound, r => r.Contains("ANSWER", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answered_internal_call_is_told_twice_the_called_partys_view_first()
    {
        var told = await TellAsync(new CallAnswered { Call = OpenVoxWorld.Internal(), Sequence = 4, At = OpenVoxWorld.Start });

        Assert.Equal($$$"""{"action":"ANSWER","callid":"{{{L2}}}","ext":{"extid":["2002","2001"]},{{{Sn}}}}""", told[0]);
        Assert.Equal($$$"""{"action":"ANSWER","callid":"{{{L1}}}","ext":{"extid":["2001","2002"]},{{{Sn}}}}""", told[1]);
        Assert.Equal([Status("2001", "InUse"), Status("2002", "InUse")], told[2..]);
    }

    // {"action":"BYE","callid":"….410","inbound":{…},"ext":{"extid":"2001"},"sn":"…"}
    // {"action":"BYE","callid":"….412","ext":{"extid":"2001"},"inbound":{…},"sn":"…"}
    // {"action":"NewCdr","callid":"….410","timestart":"2024-06-03 08:00:05","callfrom":"0755550199","callto":"2001","callduraction":"42",
    //  "talkduraction":"35","status":"ANSWERED","type":"Inbound","recording":"…","sn":"…"}
    [Fact]
    public async Task An_ended_call_is_told_from_both_sides_first_from_the_one_that_hung_up_and_then_its_record()
    {
        var told = await TellAsync(End(OpenVoxWorld.Ended(OpenVoxWorld.Inbound(), new HangupBy.Caller())));

        Assert.Equal(
            [
                $$$"""{"action":"BYE","callid":"{{{L1}}}",{{{InboundMembers}}},"ext":{"extid":"2001"},{{{Sn}}}}""",
                $$$"""{"action":"BYE","callid":"{{{L2}}}","ext":{"extid":"2001"},{{{InboundMembers}}},{{{Sn}}}}""",
                $$"""{"action":"NewCdr","callid":"{{L1}}","timestart":"2026-06-03 08:00:05","callfrom":"0755550199","callto":"2001","callduraction":"42","talkduraction":"35","status":"ANSWERED","type":"Inbound",{{Sn}}}""",
            ],
            told.Where(r => !r.Contains("ExtensionStatus", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_called_party_that_hangs_up_stands_first_and_the_caller_when_somebody_else_did()
    {
        var callee = await TellAsync(End(OpenVoxWorld.Ended(OpenVoxWorld.Internal(), new HangupBy.Callee())));
        var api = await TellAsync(End(OpenVoxWorld.Ended(OpenVoxWorld.Outbound(), new HangupBy.Api("ozeki", "ops"))));

        Assert.Equal($$$"""{"action":"BYE","callid":"{{{L2}}}","ext":{"extid":["2002","2001"]},{{{Sn}}}}""", callee[0]);
        Assert.Equal($$$"""{"action":"BYE","callid":"{{{L1}}}","ext":{"extid":["2001","2002"]},{{{Sn}}}}""", callee[1]);
        Assert.Equal($$$"""{"action":"BYE","callid":"{{{L1}}}","ext":{"extid":"2001"},{{{OutboundMembers}}},{{{Sn}}}}""", api[0]);
        Assert.Contains("\"callto\":\"90755550123\"", api[2], StringComparison.Ordinal);
        Assert.Contains("\"type\":\"Outbound\"", api[2], StringComparison.Ordinal);
    }

    // {"action":"CallFailed","reason":480,"callid":"1717401700.501","ext":{"extid":["2002","2001"]},"sn":"uc50b7d40213"}
    [Theory]
    [InlineData(HangupCause.NoAnswer, 480, "NO ANSWER")]
    [InlineData(HangupCause.NoUserResponse, 480, "NO ANSWER")]
    [InlineData(HangupCause.NormalClearing, 480, "NO ANSWER")]
    [InlineData(HangupCause.OriginatorCancel, 487, "NO ANSWER")]
    [InlineData(HangupCause.UserBusy, 486, "BUSY")]
    [InlineData(HangupCause.CallRejected, 603, "BUSY")]
    [InlineData(HangupCause.UnallocatedNumber, 404, "FAILED")]
    [InlineData(HangupCause.InvalidNumberFormat, 484, "FAILED")]
    [InlineData(HangupCause.NormalTemporaryFailure, 503, "FAILED")]
    [InlineData(HangupCause.NormalCircuitCongestion, 503, "FAILED")]
    [InlineData(HangupCause.SwitchCongestion, 503, "FAILED")]
    [InlineData(HangupCause.RecoveryOnTimerExpire, 408, "FAILED")]
    [InlineData(HangupCause.IncompatibleDestination, 488, "FAILED")]
    [InlineData(HangupCause.NumberChanged, 410, "FAILED")]
    public async Task A_call_that_was_not_answered_failed_with_the_status_of_its_cause(HangupCause cause, int reason, string outcome)
    {
        var call = OpenVoxWorld.Ended(OpenVoxWorld.Ringing(OpenVoxWorld.Internal()), new HangupBy.Callee(), cause);

        var told = await TellAsync(End(call));

        Assert.Equal($$$"""{"action":"CallFailed","reason":{{{reason}}},"callid":"{{{L2}}}","ext":{"extid":["2002","2001"]},{{{Sn}}}}""", told[0]);
        Assert.Contains($"\"talkduraction\":\"0\",\"status\":\"{outcome}\",\"type\":\"Internal\"", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cause_without_a_row_has_the_status_the_far_side_sent()
    {
        var record = new HangupRecord
        {
            Leg = new LegId(OpenVoxWorld.First, 2),
            By = new HangupBy.Callee(),
            Cause = HangupCause.Interworking,
            Phase = LegPhase.Ringing,
            Received = new ReceivedEnd("420 Bad Extension", 420, []),
            StartedAt = OpenVoxWorld.Start,
            EndedAt = OpenVoxWorld.Start,
        };
        var call = OpenVoxWorld.Ended(OpenVoxWorld.Ringing(OpenVoxWorld.Internal()), new HangupBy.Callee(), HangupCause.Interworking);
        call = call with { Legs = call.Legs.SetItem(1, call.Legs[1] with { State = new LegState.Ended(record) }) };

        var told = await TellAsync(End(call));

        Assert.StartsWith("""{"action":"CallFailed","reason":420,""", told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_nobody_has_fails_with_404_and_its_caller()
    {
        var call = OpenVoxWorld.Ended(OpenVoxWorld.Internal(), new HangupBy.Policy("no route"), HangupCause.UnallocatedNumber) with
        {
            AnsweredAt = null,
            Far = 0,
            Dialed = "9999",
            CalleeDialed = "9999",
            Plan = new CallPlan.Refused(HangupCause.UnallocatedNumber, "no route"),
            Legs = [OpenVoxWorld.Internal().Legs[0]],
        };

        var told = await TellAsync(End(call));

        Assert.StartsWith("""{"action":"CallFailed","reason":404,""", told[0], StringComparison.Ordinal);
        Assert.Contains("""ext":{"extid":["9999","2001"]}""", told[0], StringComparison.Ordinal);
    }

    // {"action":"Tranfer","callid":"1717401605.410","ext":{"extid":"2001"},"inbound":{…},"sn":"…"}
    [Fact]
    public async Task A_transfer_by_a_phone_is_told_and_one_by_an_application_is_not()
    {
        var inbound = await TellAsync(Moved(OpenVoxWorld.Inbound(), byPhone: true));
        var intern = await TellAsync(Moved(OpenVoxWorld.Internal(), byPhone: true));
        var ordered = await TellAsync(Moved(OpenVoxWorld.Inbound(), byPhone: false));

        Assert.Equal($$$"""{"action":"Tranfer","callid":"{{{L1}}}","ext":{"extid":"2001"},{{{InboundMembers}}},{{{Sn}}}}""", inbound[0]);
        Assert.Equal($$$"""{"action":"Tranfer","callid":"{{{L1}}}","ext":{"extid":["2001","2002"]},{{{Sn}}}}""", intern[0]);
        Assert.DoesNotContain(ordered, r => r.Contains("Tranfer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_was_asked_for_rings_its_caller_in_silence_and_is_told_when_the_second_party_is_dialled()
    {
        var first = OpenVoxWorld.Leg(1, LegRole.Caller, "2001", new LegTarget.Extension("2001"));
        var call = OpenVoxWorld.Internal() with
        {
            Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "openvox", Account = "crm" },
            Plan = new CallPlan.Originated(
                new LegTarget.Extension("2001"), new OnAnswer.Connect("2002"), new LegTarget.Extension("2002"), TimeSpan.FromSeconds(90)),
            State = new CallState.Ringing(),
            AnsweredAt = null,
            Far = 0,
            Legs = [first with { State = new LegState.Ringing(), AnsweredAt = null }],
        };

        var told = await TellAsync(
            Ringing(call),
            new LegAnswered { Call = call with { Legs = [first] }, Sequence = 3, At = OpenVoxWorld.Start, Leg = first.Id });

        Assert.Equal(
            [
                Status("2001", "Ringing"),
                $$$"""{"action":"ALERT","callid":"{{{L2}}}","ext":{"extid":["2001"]},{{{Sn}}}}""",
                $$$"""{"action":"RING","callid":"{{{L2}}}","ext":{"extid":["2002","2001"]},{{{Sn}}}}""",
                Status("2001", "InUse"),
                Status("2002", "Ringing"),
            ],
            told);
    }

    [Fact]
    public async Task A_number_outside_that_was_asked_for_is_shown_before_its_leg_is_there()
    {
        var first = OpenVoxWorld.Leg(1, LegRole.Caller, "2001", new LegTarget.Extension("2001"));
        var call = OpenVoxWorld.Outbound() with
        {
            Plan = new CallPlan.Originated(
                new LegTarget.Extension("2001"), new OnAnswer.Connect("90755550123"), new LegTarget.Trunk("carrier-a", "0755550123"), TimeSpan.FromSeconds(90)),
            State = new CallState.Ringing(),
            AnsweredAt = null,
            Far = 0,
            Legs = [first],
        };

        var told = await TellAsync(new LegAnswered { Call = call, Sequence = 3, At = OpenVoxWorld.Start, Leg = first.Id });

        Assert.Contains($$$"""{"action":"RING","callid":"{{{L2}}}",{{{OutboundMembers}}},"ext":{"extid":"2001"},{{{Sn}}}}""", told);
    }

    [Fact]
    public async Task Two_numbers_outside_share_one_member()
    {
        var call = OpenVoxWorld.Ended(OpenVoxWorld.Outbound(), new HangupBy.Callee()) with
        {
            Caller = new Party("0755550111"),
            Legs =
            [
                OpenVoxWorld.Leg(1, LegRole.Caller, target: new LegTarget.Trunk("carrier-a", "0755550111")),
                OpenVoxWorld.Leg(2, LegRole.Callee, target: new LegTarget.Trunk("carrier-a", "0755550123")),
            ],
        };

        var told = await TellAsync(End(call));

        Assert.StartsWith(
            $$"""{"action":"BYE","callid":"{{L2}}","outbound":[{"from":"0755550111","to":"0755550123",""", told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_with_one_party_is_told_of_it_alone()
    {
        var call = OpenVoxWorld.Internal() with
        {
            Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "openvox", Account = "crm" },
            Plan = new CallPlan.Originated(new LegTarget.Extension("2001"), new OnAnswer.RunScript(null), null, TimeSpan.FromSeconds(90)),
            Legs = [OpenVoxWorld.Leg(1, LegRole.Callee, "2001", new LegTarget.Extension("2001"))],
            Far = 0,
        };

        var told = await TellAsync(End(OpenVoxWorld.Ended(call, new HangupBy.Script("Hangup", 2))));

        Assert.Equal($$$"""{"action":"BYE","callid":"{{{L1}}}","ext":{"extid":"2001"},{{{Sn}}}}""", told[0]);
        Assert.Contains("NewCdr", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_is_idle_when_its_last_leg_has_ended()
    {
        var call = OpenVoxWorld.Internal();
        var half = call with { Legs = call.Legs.SetItem(1, call.Legs[1] with { State = new LegState.Ended(RecordOf(2)) }) };

        var told = await TellAsync(
            new CallAnswered { Call = call, Sequence = 4, At = OpenVoxWorld.Start },
            new LegEnded { Call = half, Sequence = 5, At = OpenVoxWorld.Start, Record = RecordOf(2) });

        Assert.Equal(Status("2002", "Idle"), told[^1]);
        Assert.DoesNotContain(Status("2001", "Idle"), told);
    }

    [Fact]
    public async Task After_a_crash_an_extension_is_told_to_be_idle_although_nobody_knows_that_it_was_not()
    {
        var record = RecordOf(2) with { By = new HangupBy.Recovery() };
        var call = OpenVoxWorld.Internal();
        call = call with { Legs = [.. call.Legs.Select(l => l with { State = new LegState.Ended(record) })] };

        var told = await TellAsync(new LegEnded { Call = call, Sequence = 5, At = OpenVoxWorld.Start, Record = record });

        Assert.Equal([Status("2002", "Idle")], told);
    }

    [Fact]
    public async Task Reports_go_to_the_accounts_of_the_call_and_to_each_target_once_until_answered_200()
    {
        var world = new OpenVoxWorld();
        await world.LoginAsync(""","url":"one" """);
        await world.LoginAsync(""","url":"one" """);
        await world.LoginAsync(""","url":"two" """);
        world.Sessions.Open("other", "203.0.113.1", "http://other.test/");
        List<Notification> notifications = [];

        new OpenVoxReports(world.Directory, world.Sessions, world.Options).Collect(
            End(OpenVoxWorld.Ended(OpenVoxWorld.Inbound(), new HangupBy.Caller())), notifications);

        Assert.Equal(8, notifications.Count);   // two targets: BYE twice, NewCdr, and what the extension does
        Assert.Equal(["http://203.0.113.77:8260/one", "http://203.0.113.77:8260/two"], notifications.Select(n => n.Request.Url).Distinct());
        Assert.Equal(8, notifications.Select(n => n.Id).Distinct().Count());
        Assert.All(notifications, n => Assert.True(n is { Dialect: "openvox", Account: "crm", Policy: DeliveryPolicy.UntilOk }));
        Assert.Equal(2, notifications.Count(n => n.Terminal));
        var request = notifications[0].Request;
        Assert.Equal(("POST", "application/json", TimeSpan.FromSeconds(5), false), (request.Method, request.ContentType, request.Timeout, request.FollowRedirects));
        Assert.Contains(KeyValuePair.Create("Accept", "application/json"), request.Headers);
        Assert.Contains(KeyValuePair.Create("Connection", "close"), request.Headers);
    }

    [Fact]
    public async Task A_report_keeps_its_token_and_a_dead_token_gets_no_report()
    {
        var world = new OpenVoxWorld();
        var token = await world.LoginAsync();
        var reports = new OpenVoxReports(world.Directory, world.Sessions, world.Options);
        List<Notification> kept = [], late = [];

        world.Time.Advance(TimeSpan.FromMinutes(20));
        reports.Collect(End(OpenVoxWorld.Ended(OpenVoxWorld.Inbound(), new HangupBy.Caller())), kept);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        var alive = await world.PostAsync("heartbeat", "", $"token={token}");
        await world.PostAsync("logout", "", $"token={token}");
        reports.Collect(End(OpenVoxWorld.Ended(OpenVoxWorld.Inbound(), new HangupBy.Caller())), late);

        Assert.NotEmpty(kept);
        Assert.Equal("""{"status":"Success"}""", alive);
        Assert.Empty(late);
    }

    private static string Status(string extension, string status) =>
        $$"""{"action":"ExtensionStatus","extension":"{{extension}}","status":"{{status}}",{{Sn}}}""";

    private static CallRinging Ringing(Call call) => new() { Call = call, Sequence = 2, At = OpenVoxWorld.Start };

    private static CallEnded End(Call call) => new() { Call = call, Sequence = 9, At = OpenVoxWorld.Start };

    /// <summary>2002's or 2001's place, on the called side, is taken by 2005.</summary>
    private static CallTransferred Moved(Call call, bool byPhone) => new()
    {
        Call = call.Legs[1].Extension == "2002"
            ? Taken(call with { Legs = [call.Legs[0], call.Legs[1]] })
            : Taken(call),
        Sequence = 7,
        At = OpenVoxWorld.Start,
        Leg = new LegId(OpenVoxWorld.First, 3),
        ByPhone = byPhone,
    };

    private static Call Taken(Call call) => call with
    {
        Legs = [.. call.Legs.Select(l => l with { State = new LegState.Transferring() }), OpenVoxWorld.Leg(3, LegRole.Callee, "2005", new LegTarget.Extension("2005"))],
        Far = 3,
    };

    private static HangupRecord RecordOf(int leg) => new()
    {
        Leg = new LegId(OpenVoxWorld.First, leg),
        By = new HangupBy.Callee(),
        Cause = HangupCause.NormalClearing,
        Phase = LegPhase.Bridged,
        StartedAt = OpenVoxWorld.Start,
        EndedAt = OpenVoxWorld.Start,
    };

    private static async Task<List<string>> TellAsync(params CallEvent[] events)
    {
        var world = new OpenVoxWorld();
        await world.LoginAsync();
        var reports = new OpenVoxReports(world.Directory, world.Sessions, world.Options);
        List<Notification> notifications = [];
        foreach (var happened in events)
            reports.Collect(happened, notifications);
        return [.. notifications.Select(n => Encoding.UTF8.GetString(n.Request.Body.Span))];
    }
}
