using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>Requests outside and inside dialogs, retransmissions, and audio between two phones.</summary>
public sealed class SipDialogTests(Lab lab) : LabTests(lab)
{
    [Theory]
    [InlineData(Wire.Udp)]
    [InlineData(Wire.Tcp)]
    public async Task Options_is_answered_with_what_the_server_can_do(Wire wire)
    {
        var phone = Unregistered(wire);

        var answer = await phone.FenceAsync();

        Assert.Equal(200, answer.Status);
        Assert.Contains("INVITE", answer.Header("Allow"), StringComparison.Ordinal);
        Assert.Contains("100rel", answer.Header("Supported"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BYE")]
    [InlineData("INFO")]
    [InlineData("INVITE")]
    public async Task A_request_for_an_unknown_dialog_gets_481(string method)
    {
        var phone = Unregistered();
        var request = phone.Request(method, $"sip:switchhook@{Server.SipUdp}");
        request.Set("To", $"{request.Header("To")};tag=nobody");

        var answer = await phone.AskAsync(request);

        Assert.Equal(481, answer.Status);
    }

    [Fact]
    public async Task A_repeated_invite_and_a_repeated_bye_are_the_same_call()
    {
        var talk = await TalkAsync();
        var invites = talk.Callee.Phone.CountReceived(m => m.Is("INVITE"));

        await talk.Caller.Phone.SendAsync(talk.Caller.Sent!);
        var bye = await talk.Caller.SendByeAsync();
        await talk.Caller.Phone.SendAsync(bye);
        await talk.Callee.ExpectByeAsync();
        await talk.Caller.ExpectByeAnswerAsync();
        await talk.Caller.ExpectByeAnswerAsync();

        Assert.Equal((1, 1), (invites, talk.Callee.Phone.CountReceived(m => m.Is("BYE"))));
        await EndedAsync(talk.Id);
    }

    [Fact]
    public async Task A_2xx_is_repeated_until_its_ack_comes()
    {
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(Lab.AnswerService);

        var first = await placed.ExpectAsync(200);
        var second = await placed.ExpectAsync(200);
        await placed.AcknowledgeAsync(second);
        var id = await IdOfAsync(placed);
        Assert.Equal(200, (await placed.HangUpAsync()).Status);

        Assert.Equal(first.Text, second.Text);
        await EndedAsync(id);
    }

    [Fact]
    public async Task An_invite_of_ours_is_repeated_until_something_comes_back()
    {
        var number = Lab.NextNumber();
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(number);

        var offered = await Lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));
        var again = await Lab.Carrier.ReceiveRepeatAsync(offered.Offered!);
        await offered.RejectAsync(486);
        await placed.ExpectRefusalAsync(486);

        Assert.Equal(offered.Offered!.Text, again.Text);
    }

    [Fact]
    public async Task A_lost_answer_to_our_bye_brings_the_bye_again_and_the_call_is_over_all_the_same()
    {
        var talk = await TalkAsync();

        await Native.HangUpAsync(talk.Id);
        await talk.Callee.ExpectByeAsync();
        var first = await talk.Caller.ExpectRequestAsync("BYE");
        var stateBefore = (await Native.CallAsync(talk.Id)).State;
        var second = await talk.Caller.Phone.ReceiveRepeatAsync(first);
        await talk.Caller.Phone.RespondAsync(second, 200);

        Assert.Equal("ended", stateBefore);
        Assert.Equal(first.Text, second.Text);
        await EndedAsync(talk.Id);
    }

    [Fact]
    public async Task A_request_with_a_lower_sequence_number_is_refused_and_the_call_stands()
    {
        var talk = await TalkAsync();
        var old = talk.Caller.InDialog("BYE", sequence: 0);

        var answer = await talk.Caller.Phone.AskAsync(old);

        Assert.Equal(500, answer.Status);
        Assert.Equal("talking", (await Native.CallAsync(talk.Id)).State);
        var bye = talk.Caller.HangUpAsync();
        await talk.Callee.ExpectByeAsync();
        Assert.Equal(200, (await bye).Status);
    }

    [Theory]
    [InlineData("0 101", "0 101", 0)]
    [InlineData("8 101", "8 101", 8)]
    [InlineData("0 101", "8 101", 0)]
    public async Task Tones_and_digits_go_both_ways_between_two_phones(string callers, string callees, int callersType)
    {
        var one = Probe();
        var other = Probe();
        var (caller, callee) = (await PhoneAsync(), await PhoneAsync());
        var placed = await caller.DialAsync(callee.User, one.Local, callers);
        var offered = await callee.IncomingAsync();
        var calleesType = callees[0] - '0';
        var connected = placed.ConnectAsync();
        await offered.AnswerAsync(Sdp.Audio(other.Local, callees));
        await connected;
        one.Remote = Sdp.AudioEndpoint(placed.RemoteSdp);
        other.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        var id = await IdOfAsync(placed);

        await Task.WhenAll(
            one.SendToneAsync(440, TimeSpan.FromSeconds(1), callersType), other.SendToneAsync(1000, TimeSpan.FromSeconds(1), calleesType));
        await one.SendDigitAsync('5');
        await other.HearToneAsync(440);
        await one.HearToneAsync(1000);
        await WaitUntilAsync(() => other.Digits() == "5", "the key 5 at the other side");
        var bye = placed.HangUpAsync();
        await offered.ExpectByeAsync();

        Assert.Equal(200, (await bye).Status);
        Assert.All(one.Heard, p => Assert.Equal(callersType, p.PayloadType));
        var call = await EndedAsync(id);
        Assert.InRange(call.Caller.Hangup!.Media("packetsReceived"), 50, 60);
        Assert.InRange(call.Callee.Hangup!.Media("packetsSent"), 40, 60);
    }

    [Fact]
    public async Task An_echo_service_sends_the_callers_tone_back()
    {
        var probe = Probe();
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(Lab.EchoService, probe.Local, "8 101");
        await placed.ConnectAsync();
        probe.Remote = Sdp.AudioEndpoint(placed.RemoteSdp);
        var id = await IdOfAsync(placed);

        await probe.SendToneAsync(600, TimeSpan.FromSeconds(1), 8);
        await probe.HearToneAsync(600);
        Assert.Equal(200, (await placed.HangUpAsync()).Status);

        await EndedAsync(id);
    }

    [Fact]
    public async Task A_phone_that_puts_the_call_on_hold_is_answered_and_hangs_up_from_there()
    {
        var talk = await TalkAsync();

        await talk.Caller.ReinviteAsync(Sdp.Audio(talk.Caller.Phone.Local, "0 101", "sendonly", version: 2));
        var answer = await talk.Caller.ConnectAsync();
        var bye = talk.Caller.HangUpAsync();
        await talk.Callee.ExpectByeAsync();

        Assert.Equal(200, (await bye).Status);
        Assert.Equal("recvonly", Sdp.Direction(answer.Body));
        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Caller, "caller", 16, "held", received: "BYE");
    }

    [Fact]
    public async Task Early_media_of_the_carrier_is_heard_by_the_caller_before_the_answer()
    {
        var near = Probe();
        var far = Probe();
        var number = Lab.NextNumber();
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(number, near.Local, "0 101");
        var offered = await Lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));
        far.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);

        await offered.RingAsync(183, Sdp.Audio(far.Local, "0 101"));
        await placed.ExpectAsync(183);
        var id = await IdOfAsync(placed);
        await far.SendToneAsync(425, TimeSpan.FromSeconds(1));
        await near.HearToneAsync(425);
        await placed.CancelAsync();
        await offered.ExpectCancelAsync();
        await placed.ExpectRefusalAsync(487);

        var call = await EndedAsync(id);
        AssertRecord(call.Caller, "caller", 487, "early", sent: "487", received: "CANCEL");
    }

    [Fact]
    public async Task An_unknown_required_extension_is_refused_with_420()
    {
        var caller = await PhoneAsync();

        var placed = await ScriptedCall.PlaceAsync(caller, caller.Invite(Lab.AnswerService).Add("Require", "levitation"));
        var first = await placed.ExpectFinalAsync();
        await placed.AcknowledgeAsync(first);

        Assert.Equal(420, first.Status);
        Assert.Equal("levitation", first.Header("Unsupported"));
    }
}
