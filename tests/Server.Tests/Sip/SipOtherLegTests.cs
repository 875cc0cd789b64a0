using Switchhook.TestKit.Http;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>A call ends as a whole, and the other leg carries the cause of the one that ended first.</summary>
public sealed class SipOtherLegTests(Lab lab) : LabTests(lab)
{
    [Theory]
    [InlineData(400, 41, 503)]
    [InlineData(403, 21, 603)]
    [InlineData(404, 1, 404)]
    [InlineData(408, 102, 504)]
    [InlineData(410, 22, 410)]
    [InlineData(480, 18, 408)]
    [InlineData(484, 28, 484)]
    [InlineData(486, 17, 486)]
    [InlineData(488, 88, 488)]
    [InlineData(500, 41, 503)]
    [InlineData(502, 38, 503)]
    [InlineData(503, 41, 503)]
    [InlineData(600, 17, 486)]
    [InlineData(603, 21, 603)]
    [InlineData(604, 3, 404)]
    [InlineData(699, 31, 480)]
    public async Task The_callees_refusal_reaches_the_caller_with_its_cause(int received, int cause, int sent)
    {
        var ringing = await DialOutAsync(Lab.NextNumber(), Lab.Carrier);

        await ringing.Callee.RejectAsync(received);
        var refusal = await ringing.Caller.ExpectRefusalAsync(sent);

        Assert.Equal(cause, refusal.Q850);
        var call = await EndedAsync(ringing.Id);
        AssertRecord(call.Callee, "callee", cause, "ringing", received: $"{received}");
        AssertRecord(call.Caller, "callee", cause, "ringing", sent: $"{sent}", confirmed: "yes");
    }

    [Fact]
    public async Task A_reason_header_wins_over_the_status_that_carries_it()
    {
        var ringing = await DialOutAsync(Lab.NextNumber(), Lab.Carrier);

        await ringing.Callee.RejectAsync(480, ("Reason", "SIP;cause=480"), ("Reason", "Q.850 ;cause=21 ;text=\"no, thanks\""));
        var refusal = await ringing.Caller.ExpectRefusalAsync(603);

        Assert.Equal(21, refusal.Q850);
        var call = await EndedAsync(ringing.Id);
        Assert.Equal(2, call.Callee.Hangup!.ReceivedReasons.Count);
        AssertRecord(call.Callee, "callee", 21, "ringing", received: "480");
    }

    [Theory]
    [InlineData(true, "caller")]
    [InlineData(false, "callee")]
    public async Task The_cause_of_a_bye_goes_through_to_the_other_side(bool callerHangsUp, string by)
    {
        var talk = await TalkAsync();
        var (first, other) = callerHangsUp ? (talk.Caller, talk.Callee) : (talk.Callee, talk.Caller);

        var answer = first.HangUpAsync("Q.850;cause=31;text=\"enough\"");
        var bye = await other.ExpectByeAsync();

        Assert.Equal(200, (await answer).Status);
        Assert.Equal(31, bye.Q850);
        var call = await EndedAsync(talk.Id);
        Assert.All(call.Legs, leg => Assert.Equal((by, 31), (leg.Hangup!.By, leg.Hangup.Cause)));
        Assert.Equal("NORMAL_UNSPECIFIED", call.CauseName);
    }

    [Fact]
    public async Task A_hangup_of_one_leg_ends_the_routed_call_as_a_whole()
    {
        var talk = await TalkAsync();
        var leg = (await Native.CallAsync(talk.Id)).Callee.Id;

        await Native.HangUpAsync(talk.Id, leg: leg);
        await talk.Callee.ExpectByeAsync();
        await talk.Caller.ExpectByeAsync();

        var call = await EndedAsync(talk.Id);
        Assert.All(call.Legs, l => Assert.Equal("api", l.Hangup!.By));
    }

    [Fact]
    public async Task Nobody_registered_for_an_extension_refuses_the_caller_with_480()
    {
        var caller = await PhoneAsync();

        var placed = await caller.DialAsync(Lab.NextPhone());
        var refusal = await placed.ExpectRefusalAsync(480);

        Assert.Equal(20, refusal.Q850);
    }

    [Theory]
    [InlineData(Lab.BusyService, 486, 17)]
    [InlineData(Lab.RejectService, 603, 21)]
    [InlineData("7777", 404, 1)]
    public async Task The_exchanges_own_refusals_have_a_policy_behind_them(string number, int status, int cause)
    {
        var caller = await PhoneAsync();

        var placed = await caller.DialAsync(number);
        var refusal = await placed.ExpectRefusalAsync(status);

        Assert.Equal(cause, refusal.Q850);
        var call = await EndedAsync((await Native.EndedBySipAsync(placed.CallId)).Id);
        AssertRecord(call.Caller, "policy", cause, "trying", sent: $"{status}", confirmed: "yes");
    }

    [Fact]
    public async Task A_service_that_hangs_up_answers_first_and_sends_bye_after_the_ack()
    {
        var caller = await PhoneAsync();

        var placed = await caller.DialAsync(Lab.HangupService);
        await placed.ConnectAsync();
        var bye = await placed.ExpectByeAsync();

        Assert.Equal(16, bye.Q850);
        var call = await EndedAsync((await Native.EndedBySipAsync(placed.CallId)).Id);
        AssertRecord(call.Caller, "policy", 16, "answered", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task An_outbound_call_that_rings_too_long_ends_by_its_timer_with_no_answer()
    {
        var phone = await PhoneAsync();
        var placed = await Native.PlaceAsync(new() { ["to"] = phone.User, ["from"] = "777", ["ringTimeSeconds"] = 1 });
        var id = placed.Json.GetProperty("id").GetString()!;

        var offered = await phone.IncomingAsync();
        await offered.RingAsync();
        var cancel = await offered.ExpectCancelAsync();

        Assert.Equal(201, placed.Status);
        Assert.Contains(id, placed.Location, StringComparison.Ordinal);
        Assert.Equal(19, cancel.Q850);
        var call = await EndedAsync(id);
        AssertRecord(call.Legs[0], "timer", 19, "ringing", sent: "CANCEL", confirmed: "yes");
        Assert.Equal("ring", call.Legs[0].Hangup!.ByDetail);
    }

    [Fact]
    public async Task A_call_that_lasts_too_long_ends_by_its_timer()
    {
        var phone = await PhoneAsync();
        var placed = await Native.PlaceAsync(new() { ["to"] = phone.User, ["maxDurationSeconds"] = 1 });

        var offered = await phone.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await offered.ExpectByeAsync();

        var call = await EndedAsync(placed.Json.GetProperty("id").GetString()!);
        AssertRecord(call.Legs[0], "timer", 16, "answered", sent: "BYE", confirmed: "yes");
        Assert.Equal("maximum duration", call.Legs[0].Hangup!.ByDetail);
    }

    [Fact]
    public async Task Two_legs_placed_by_the_native_api_are_joined_and_end_together()
    {
        var (first, second) = (await PhoneAsync(), await PhoneAsync());
        var placed = await Native.PlaceAsync(new() { ["to"] = first.User, ["connect"] = second.User });

        var one = await first.IncomingAsync();
        await one.AnswerAsync(ScriptedPhone.SilentSdp());
        var other = await second.IncomingAsync();
        await other.RingAsync();
        await other.AnswerAsync(ScriptedPhone.SilentSdp());
        var answer = other.HangUpAsync();
        await one.ExpectByeAsync();

        Assert.Equal(200, (await answer).Status);
        var call = await EndedAsync(placed.Json.GetProperty("id").GetString()!);
        Assert.Equal(2, call.Legs.Count);
        Assert.All(call.Legs, leg => Assert.Equal(("callee", 16, "bridged"), (leg.Hangup!.By, leg.Hangup.Cause, leg.Hangup.Phase)));
    }

    [Fact]
    public async Task The_same_idempotency_key_places_one_call()
    {
        var phone = await PhoneAsync();
        var key = ScriptedPhone.NewToken();

        var first = await Native.PlaceAsync(new() { ["to"] = phone.User }, key);
        var second = await Native.PlaceAsync(new() { ["to"] = phone.User }, key);
        var offered = await phone.IncomingAsync();
        await offered.RejectAsync(486);

        Assert.Equal(first.Json.GetProperty("id").GetString(), second.Json.GetProperty("id").GetString());
        var call = await EndedAsync(first.Json.GetProperty("id").GetString()!);
        AssertRecord(call.Legs[0], "callee", 17, "trying", received: "486");
        Assert.Equal(1, phone.CountReceived(m => m.Is("INVITE")));
    }

    [Fact]
    public async Task A_script_that_rejects_refuses_the_caller_without_an_answer()
    {
        Lab.App.Reply("/incoming", WebhookReply.Script("<Reject/>"));
        var caller = await PhoneAsync();

        var placed = await caller.DialAsync(Lab.ApiExtension);
        var refusal = await placed.ExpectRefusalAsync(603);
        var asked = await Lab.App.NextAsync(r => r["NotificationName"] == "IncomingCall" && r["CallerID"] == caller.User, "IncomingCall");

        Assert.Equal(21, refusal.Q850);
        var call = await EndedAsync(asked["CallId"]);
        AssertRecord(call.Caller, "script", 21, "ringing", sent: "603", confirmed: "yes");
    }

    [Fact]
    public async Task An_application_that_answers_nothing_usable_ends_the_incoming_call()
    {
        Lab.App.Reply("/incoming", new WebhookReply(500, "sorry"));
        var caller = await PhoneAsync();

        var placed = await caller.DialAsync(Lab.ApiExtension);
        var final = await placed.ExpectFinalAsync();
        await placed.AcknowledgeAsync(final);
        if (final.Status == 200)
            await placed.ExpectByeAsync();

        var asked = await Lab.App.NextAsync(r => r["NotificationName"] == "IncomingCall" && r["CallerID"] == caller.User, "IncomingCall");
        await EndedAsync(asked["CallId"]);
    }

    [Fact]
    public async Task A_busy_callee_of_an_ozeki_call_is_told_to_the_error_url_once()
    {
        var phone = await PhoneAsync();
        var asked = await Ozeki.AskAsync(
            "Call", ("Dialed", phone.User), ("ApiExtension", Lab.ApiExtension), ("Url", $"{Lab.App.Url}/unused"), ("ErrorUrl", $"{Lab.App.Url}/error"),
            ("FinishedUrl", $"{Lab.App.Url}/finished"));

        var offered = await phone.IncomingAsync();
        await offered.RejectAsync(486);
        var error = await Lab.App.NextAsync(r => r.Path == "/error" && r["Dialed"] == phone.User, "Error");

        Assert.Equal(200, asked.Code);
        Assert.Equal(("Error", "402"), (error["NotificationName"], error["Code"]));
        Assert.Equal($"Call connect to '{phone.User}' failed with result state 'Busy'", error["Message"]);
        Assert.DoesNotContain(Lab.App.All, r => r.Path == "/finished" && r["CallId"] == error["CallId"]);
    }
}
