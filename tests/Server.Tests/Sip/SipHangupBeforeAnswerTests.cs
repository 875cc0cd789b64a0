using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>What a hangup does on the wire to legs that are not answered, or just were, as phones see it.</summary>
public sealed class SipHangupBeforeAnswerTests(Lab lab) : LabTests(lab)
{
    [Theory]
    [InlineData(17, 486)]
    [InlineData(21, 603)]
    [InlineData(1, 404)]
    [InlineData(42, 503)]
    public async Task An_inbound_leg_that_is_not_answered_is_refused_by_the_cause_asked_for(int cause, int status)
    {
        var ringing = await RingAsync();

        var answer = await Native.HangUpAsync(ringing.Id, cause);
        await ringing.Callee.ExpectCancelAsync();
        var refusal = await ringing.Caller.ExpectRefusalAsync(status);

        Assert.Equal(200, answer.Status);
        Assert.Equal(cause, refusal.Q850);
        var call = await EndedAsync(ringing.Id);
        AssertRecord(call.Caller, "api", cause, "ringing", sent: $"{status}", confirmed: "yes");
        AssertRecord(call.Callee, "api", cause, "ringing", sent: "CANCEL", confirmed: "yes");
    }

    [Fact]
    public async Task An_inbound_leg_hung_up_for_no_other_reason_is_temporarily_unavailable()
    {
        var ringing = await RingAsync();

        await Native.HangUpAsync(ringing.Id);
        await ringing.Callee.ExpectCancelAsync();
        var refusal = await ringing.Caller.ExpectRefusalAsync(480);

        Assert.Equal(16, refusal.Q850);
        var call = await EndedAsync(ringing.Id);
        AssertRecord(call.Caller, "api", 16, "ringing", sent: "480", confirmed: "yes");
        AssertRecord(call.Callee, "api", 487, "ringing", sent: "CANCEL", confirmed: "yes");
    }

    [Fact]
    public async Task A_cancel_waits_for_the_first_provisional_response()
    {
        var trying = await DialOutAsync(Lab.NextNumber(), Lab.Carrier, rings: false);

        await Native.HangUpAsync(trying.Id);
        await trying.Caller.ExpectRefusalAsync(480);
        await Lab.Carrier.FenceAsync();
        var cancelsBefore = Lab.Carrier.CountReceived(m => m.Is("CANCEL") && m.CallId == trying.Callee.CallId);
        await trying.Callee.RingAsync();
        await trying.Callee.ExpectCancelAsync();

        Assert.Equal(0, cancelsBefore);
        var call = await EndedAsync(trying.Id);
        AssertRecord(call.Callee, "api", 487, "trying", sent: "CANCEL", confirmed: "yes");
    }

    [Fact]
    public async Task A_2xx_before_any_provisional_is_acknowledged_and_then_hung_up()
    {
        var trying = await DialOutAsync(Lab.NextNumber(), Lab.Carrier, rings: false);

        await Native.HangUpAsync(trying.Id);
        await trying.Caller.ExpectRefusalAsync(480);
        await trying.Callee.AnswerAsync(ScriptedPhone.SilentSdp());
        var bye = await trying.Callee.ExpectByeAsync();

        Assert.True(bye.Q850 > 0, bye.Text);
        Assert.Equal(0, Lab.Carrier.CountReceived(m => m.Is("CANCEL") && m.CallId == trying.Callee.CallId));
        var call = await EndedAsync(trying.Id);
        AssertRecord(call.Callee, "api", 487, "trying", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task A_ringing_outbound_leg_is_cancelled_with_a_reason_and_the_branch_of_its_invite()
    {
        var ringing = await DialOutAsync(Lab.NextNumber(), Lab.Carrier);

        await Native.HangUpAsync(ringing.Id);
        var cancel = await ringing.Callee.ExpectCancelAsync();
        await ringing.Caller.ExpectRefusalAsync(480);

        Assert.Equal(16, cancel.Q850);
        Assert.Equal(ringing.Callee.Offered!.Branch, cancel.Branch);
        Assert.Equal(ringing.Callee.Offered.RequestUri, cancel.RequestUri);
        Assert.Equal(ringing.Callee.Offered.Sequence, cancel.Sequence);
        await EndedAsync(ringing.Id);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(481)]
    public async Task A_2xx_that_crosses_our_cancel_is_acknowledged_and_hung_up(int answerToCancel)
    {
        var ringing = await DialOutAsync(Lab.NextNumber(), Lab.Carrier);

        await Native.HangUpAsync(ringing.Id);
        await ringing.Caller.ExpectRefusalAsync(480);
        var cancel = await ringing.Callee.ExpectRequestAsync("CANCEL");
        await ringing.Callee.RespondAsync(200, ScriptedPhone.SilentSdp());
        await Lab.Carrier.RespondAsync(cancel, answerToCancel);
        await ringing.Callee.ExpectRequestAsync("ACK");
        await ringing.Callee.ExpectByeAsync();

        var call = await EndedAsync(ringing.Id);
        AssertRecord(call.Callee, "api", 487, "ringing", sent: "CANCEL", confirmed: "yes");
    }

    [Fact]
    public async Task A_forked_invite_is_cancelled_once()
    {
        var ringing = await DialOutAsync(Lab.NextNumber(), Lab.Carrier);
        await ringing.Callee.RespondAsync(180, tag: "fork-two");
        await Lab.Carrier.FenceAsync();

        await Native.HangUpAsync(ringing.Id);
        await ringing.Callee.ExpectCancelAsync();
        await ringing.Caller.ExpectRefusalAsync(480);
        await Lab.Carrier.FenceAsync();

        Assert.Equal(1, Lab.Carrier.CountReceived(m => m.Is("CANCEL") && m.CallId == ringing.Callee.CallId));
        await EndedAsync(ringing.Id);
    }

    [Fact]
    public async Task Every_2xx_of_a_losing_fork_is_acknowledged_and_hung_up_while_the_winner_talks()
    {
        var ringing = await DialOutAsync(Lab.NextNumber(), Lab.Carrier);
        var connected = ringing.Caller.ConnectAsync();
        await ringing.Callee.AnswerAsync(ScriptedPhone.SilentSdp());
        await connected;

        await ringing.Callee.RespondAsync(200, ScriptedPhone.SilentSdp(), tag: "loser");
        var ack = await ringing.Callee.ExpectRequestAsync("ACK");
        var bye = await ringing.Callee.ExpectRequestAsync("BYE");
        await Lab.Carrier.RespondAsync(bye, 200);

        Assert.Equal(("loser", "loser"), (ack.ToTag, bye.ToTag));
        Assert.Equal("talking", (await Native.CallAsync(ringing.Id)).State);
        var byeAnswer = ringing.Caller.HangUpAsync();
        await ringing.Callee.ExpectByeAsync();
        Assert.Equal(200, (await byeAnswer).Status);
        var call = await EndedAsync(ringing.Id);
        AssertRecord(call.Caller, "caller", 16, "bridged", received: "BYE");
        AssertRecord(call.Callee, "caller", 16, "bridged", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task A_bye_for_a_leg_that_is_not_answered_gets_200_and_its_invite_487()
    {
        var ringing = await RingAsync();

        await ringing.Caller.SendByeAsync();
        var toBye = await ringing.Caller.ExpectByeAnswerAsync();
        await ringing.Caller.ExpectRefusalAsync(487);
        await ringing.Callee.ExpectCancelAsync();

        Assert.Equal(200, toBye.Status);
        var call = await EndedAsync(ringing.Id);
        Assert.Equal(("caller", "BYE"), (call.Caller.Hangup!.By, call.Caller.Hangup.Received));
        Assert.Equal(("caller", "CANCEL", "yes"), (call.Callee.Hangup!.By, call.Callee.Hangup.Sent, call.Callee.Hangup.Confirmed));
    }

    [Fact]
    public async Task A_cancel_from_the_caller_gets_200_and_its_invite_487_and_the_callee_is_cancelled()
    {
        var ringing = await RingAsync();

        var cancel = await ringing.Caller.CancelAsync("SIP;cause=200;text=\"Call completed elsewhere\"");
        var toCancel = await ringing.Caller.Phone.ReceiveAsync(m => m.Is(200, "CANCEL"), "200 to CANCEL");
        await ringing.Caller.ExpectRefusalAsync(487);
        await ringing.Callee.ExpectCancelAsync();

        Assert.Equal(cancel.Header("CSeq"), toCancel.Header("CSeq"));
        var call = await EndedAsync(ringing.Id);
        AssertRecord(call.Caller, "caller", 487, "ringing", sent: "487", received: "CANCEL");
        AssertRecord(call.Callee, "caller", 487, "ringing", sent: "CANCEL", confirmed: "yes");
        Assert.Contains(call.Caller.Hangup!.ReceivedReasons, r => r.Contains("completed elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancel_after_our_2xx_gets_200_and_the_call_stands()
    {
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(Lab.AnswerService);
        var answer = await placed.ExpectAsync(200);
        var id = await IdOfAsync(placed);

        await placed.CancelAsync();
        await caller.ReceiveAsync(m => m.Is(200, "CANCEL"), "200 to CANCEL");
        await placed.AcknowledgeAsync(answer);
        await caller.FenceAsync();

        Assert.Equal("talking", (await Native.CallAsync(id)).State);
        Assert.Equal(200, (await placed.HangUpAsync()).Status);
        var call = await EndedAsync(id);
        AssertRecord(call.Caller, "caller", 16, "answered", received: "BYE");
    }

    [Fact]
    public async Task A_cancel_for_nothing_we_know_gets_481()
    {
        var phone = await PhoneAsync();
        var cancel = phone.Request("CANCEL", $"sip:{Lab.AnswerService}@{phone.Settings.Domain}");

        var answer = await phone.AskAsync(cancel);

        Assert.Equal(481, answer.Status);
    }
}
