using System.Net;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>What a hangup does on the wire to answered legs, as phones see it.</summary>
public sealed class SipHangupOfAnsweredTests(Lab lab) : LabTests(lab)
{
    /// <summary>Whoever is held hears music: not at the phone's own port, where it would be taken for SIP.</summary>
    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 9);

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
            await side.Phone.SendAsync(side.Phone.Response(reinvite, 200).WithSdp(Sdp.Audio(Nowhere, "0 101", "recvonly")), reinvite.Path);
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
