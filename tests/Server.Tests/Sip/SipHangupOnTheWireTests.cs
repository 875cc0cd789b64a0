using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>What a hangup does on the wire, leg by leg and state by state, as phones see it.</summary>
public sealed class SipHangupOnTheWireTests(Lab lab) : LabTests(lab)
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
    public async Task A_bye_waits_for_the_ack_of_our_2xx()
    {
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(Lab.AnswerService);
        var answer = await placed.ExpectAsync(200);
        var id = await IdOfAsync(placed);

        await Native.HangUpAsync(id);
        await caller.FenceAsync();
        var byesBefore = caller.CountReceived(m => m.Is("BYE"));
        await placed.AcknowledgeAsync(answer);
        await placed.ExpectByeAsync();

        Assert.Equal(0, byesBefore);
        var call = await EndedAsync(id);
        AssertRecord(call.Caller, "api", 16, "answered", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task An_answered_call_is_hung_up_with_a_reason_on_both_legs()
    {
        var talk = await TalkAsync();

        var answer = await Native.HangUpAsync(talk.Id);
        var one = await talk.Caller.ExpectByeAsync();
        var other = await talk.Callee.ExpectByeAsync();

        Assert.Equal(200, answer.Status);
        Assert.Equal((16, 16), (one.Q850, other.Q850));
        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Caller, "api", 16, "bridged", sent: "BYE", confirmed: "yes");
        AssertRecord(call.Callee, "api", 16, "bridged", sent: "BYE", confirmed: "yes");
        Assert.Contains("native", call.Caller.Hangup!.ByDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hangup_does_not_wait_for_the_answer_to_our_re_invite()
    {
        var talk = await TalkAsync();
        Assert.Equal(200, (await Ozeki.AskAsync("Hold", ("CallId", talk.Id))).Code);
        var reinvite = await talk.Caller.ExpectRequestAsync("INVITE");
        await talk.Callee.ExpectRequestAsync("INVITE");

        await Native.HangUpAsync(talk.Id);
        await talk.Caller.ExpectByeAsync();
        await talk.Callee.ExpectByeAsync();
        await talk.Caller.Phone.RespondAsync(reinvite, 487);
        await talk.Caller.ExpectRequestAsync("ACK");

        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Caller, "api", 16, "held", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task A_call_on_hold_is_hung_up_at_once()
    {
        var talk = await TalkAsync();
        Assert.Equal(200, (await Ozeki.AskAsync("Hold", ("CallId", talk.Id))).Code);
        foreach (var side in new[] { talk.Caller, talk.Callee })
        {
            var reinvite = ScriptedCallOffer(await side.ExpectRequestAsync("INVITE"), "sendonly");
            await side.Phone.SendAsync(side.Phone.Response(reinvite, 200).WithSdp(Sdp.Audio(side.Phone.Local, "0 101", "recvonly")), reinvite.Path);
            await side.ExpectRequestAsync("ACK");
        }

        await Native.HangUpAsync(talk.Id);
        await talk.Caller.ExpectByeAsync();
        await talk.Callee.ExpectByeAsync();

        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Caller, "api", 16, "held", sent: "BYE", confirmed: "yes");
        AssertRecord(call.Callee, "api", 16, "held", sent: "BYE", confirmed: "yes");
    }

    [Theory]
    [InlineData(401, "WWW-Authenticate", "Authorization", "MD5")]
    [InlineData(407, "Proxy-Authenticate", "Proxy-Authorization", "SHA-256")]
    public async Task A_challenged_bye_is_repeated_once_with_credentials(int status, string challenge, string answer, string algorithm)
    {
        var talk = await GuardedTalkAsync();

        await Native.HangUpAsync(talk.Id);
        await talk.Caller.ExpectByeAsync();
        var first = await talk.Callee.ExpectRequestAsync("BYE");
        await Lab.Guarded.RespondAsync(first, status, (challenge, DigestCheck.Challenge("carrier", "bye-nonce", algorithm)));
        var second = await talk.Callee.ExpectRequestAsync("BYE");
        await Lab.Guarded.RespondAsync(second, 200);

        Assert.True(DigestCheck.IsRight(second.Header(answer), Lab.CarrierUser, Lab.CarrierSecret, "BYE", "bye-nonce"), second.Text);
        Assert.True(second.Sequence > first.Sequence, second.Text);
        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Callee, "api", 16, "bridged", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task A_bye_challenged_again_is_not_repeated()
    {
        var talk = await GuardedTalkAsync();

        await Native.HangUpAsync(talk.Id);
        await talk.Caller.ExpectByeAsync();
        foreach (var nonce in new[] { "one", "two" })
        {
            var bye = await talk.Callee.ExpectRequestAsync("BYE");
            await Lab.Guarded.RespondAsync(bye, 401, ("WWW-Authenticate", DigestCheck.Challenge("carrier", nonce)));
        }
        await Lab.Guarded.FenceAsync();

        await EndedAsync(talk.Id);
        Assert.Equal(2, Lab.Guarded.CountReceived(m => m.Is("BYE") && m.CallId == talk.Callee.CallId));
    }

    [Theory]
    [InlineData(481)]
    [InlineData(408)]
    public async Task A_bye_answered_by_481_or_408_ends_the_leg(int status)
    {
        var talk = await TalkAsync();

        await Native.HangUpAsync(talk.Id);
        await talk.Caller.ExpectByeAsync();
        var bye = await talk.Callee.ExpectRequestAsync("BYE");
        await talk.Callee.Phone.RespondAsync(bye, status);

        var call = await EndedAsync(talk.Id);
        Assert.NotEqual("", call.Callee.Hangup!.Confirmed);
        Assert.Equal(("api", 16, "BYE"), (call.Callee.Hangup.By, call.Callee.Hangup.Cause, call.Callee.Hangup.Sent));
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

    [Fact]
    public async Task When_both_sides_send_bye_at_once_each_is_answered_and_the_earlier_wins()
    {
        var talk = await TalkAsync();

        await talk.Caller.SendByeAsync();
        var ours = await talk.Callee.ExpectRequestAsync("BYE");
        var toTheirs = await talk.Callee.HangUpAsync();
        await talk.Callee.Phone.RespondAsync(ours, 200);
        var toCaller = await talk.Caller.ExpectByeAnswerAsync();

        Assert.Equal((200, 200), (toTheirs.Status, toCaller.Status));
        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Caller, "caller", 16, "bridged", received: "BYE");
        AssertRecord(call.Callee, "caller", 16, "bridged", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task A_bye_that_crosses_an_api_hangup_changes_nothing_in_the_record()
    {
        var talk = await TalkAsync();

        await Native.HangUpAsync(talk.Id, 17);
        var ours = await talk.Caller.ExpectRequestAsync("BYE");
        var toTheirs = await talk.Caller.HangUpAsync("Q.850;cause=31");
        await talk.Caller.Phone.RespondAsync(ours, 200);
        await talk.Callee.ExpectByeAsync();

        Assert.Equal(200, toTheirs.Status);
        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Caller, "api", 17, "bridged", sent: "BYE", confirmed: "yes");
        AssertRecord(call.Callee, "api", 17, "bridged", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task Over_tcp_a_call_leaves_nothing_behind()
    {
        var talk = await TalkAsync(Wire.Tcp);

        var answer = talk.Callee.HangUpAsync();
        await talk.Caller.ExpectByeAsync();

        Assert.Equal(200, (await answer).Status);
        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Callee, "callee", 16, "bridged", received: "BYE");
        AssertRecord(call.Caller, "callee", 16, "bridged", sent: "BYE", confirmed: "yes");
        await Server.QuietAsync("dialog");
    }

    private static WireMessage ScriptedCallOffer(WireMessage reinvite, string direction)
    {
        Assert.Equal(direction, Sdp.Direction(reinvite.Body));
        return reinvite;
    }

    private async Task<Talk> GuardedTalkAsync()
    {
        var number = Lab.NextGuardedNumber();
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(number);
        var first = await Lab.Guarded.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));
        await first.RejectAsync(407, ("Proxy-Authenticate", DigestCheck.Challenge("carrier", "invite-nonce")));
        var second = await Lab.Guarded.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));
        Assert.True(
            DigestCheck.IsRight(second.Offered!.Header("Proxy-Authorization"), Lab.CarrierUser, Lab.CarrierSecret, "INVITE", "invite-nonce"), second.Offered.Text);
        var connected = placed.ConnectAsync();
        await second.AnswerAsync(ScriptedPhone.SilentSdp());
        await connected;
        return new Talk(placed, second, await IdOfAsync(placed));
    }
}
