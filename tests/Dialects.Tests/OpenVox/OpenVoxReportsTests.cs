using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Reports;
using static Switchhook.Dialects.Tests.OpenVox.OpenVoxTold;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>Reports of a call: who rings, talks, moves and leaves.</summary>
public class OpenVoxReportsTests
{
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
}
