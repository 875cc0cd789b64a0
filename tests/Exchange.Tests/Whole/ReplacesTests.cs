using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>INVITEs that take the place of a leg (RFC 3891).</summary>
public sealed class ReplacesTests
{
    [Fact]
    public async Task A_phone_of_the_account_takes_a_call_over()
    {
        await using var trio = await Trio.TalkingAsync();
        var fourth = trio.Open("104");

        var taken = await InviteAsync(fourth, Named(trio.FirstB));
        await taken.ConnectAsync();
        fourth.Rtp.Remote = Sdp.AudioEndpoint(taken.RemoteSdp);
        await trio.FirstB.ExpectByeAsync();
        await Trio.HearAsync(trio.A, fourth);
        await taken.HangUpAsync();
        await trio.FirstA.ExpectByeAsync();
        await trio.SecondB.HangUpAsync();
        await trio.SecondC.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
        var call = trio.Ended(trio.First);
        Assert.Equal(["callee", "transfer", "callee"], call.Legs.Select(l => l.Record!.By.Word));
        Assert.Equal(("104", LegDirection.Inbound), (call.Legs[2].Extension, call.Legs[2].Direction));
    }

    [Fact]
    public async Task A_phone_of_the_account_picks_a_ringing_call_up()
    {
        await using var trio = await Trio.RingingAsync();
        var fourth = trio.Open("104");

        var taken = await InviteAsync(fourth, Named(trio.SecondC) + ";early-only");
        await taken.ConnectAsync();
        fourth.Rtp.Remote = Sdp.AudioEndpoint(taken.RemoteSdp);
        var cancel = await trio.SecondC.ExpectCancelAsync();
        await trio.SecondB.ConnectAsync();
        trio.B.Rtp.Remote = Sdp.AudioEndpoint(trio.SecondB.RemoteSdp);
        await Trio.HearAsync(trio.B, fourth);
        await trio.SecondB.HangUpAsync();
        await taken.ExpectByeAsync();
        await trio.FirstB.HangUpAsync();
        await trio.FirstA.ExpectByeAsync();

        Assert.Contains("Call completed elsewhere", cancel.Header("Reason"), StringComparison.Ordinal);
        await trio.Loopback.QuietAsync();
        Assert.IsType<HangupBy.Transfer>(trio.Ended(trio.Second).Legs[1].Record!.By);
    }

    [Theory]
    [InlineData("nobody@nowhere;to-tag=1111111111111111;from-tag=2", "104", 481)]
    [InlineData("{first}x", "104", 481)]
    [InlineData("{first};early-only", "104", 486)]
    [InlineData("{first}", "201", 403)]
    [InlineData("garbage", "104", 400)]
    public async Task An_invite_that_may_not_replace_is_refused_and_the_call_goes_on(string replaces, string phone, int status)
    {
        await using var trio = await Trio.TalkingAsync();
        var other = trio.Open(phone);

        var refused = await InviteAsync(other, replaces.Replace("{first}", Named(trio.FirstB), StringComparison.Ordinal));
        await refused.ExpectRefusalAsync(status);
        await Trio.HearAsync(trio.A, trio.B);
        await trio.FirstA.HangUpAsync();
        await trio.FirstB.ExpectByeAsync();
        await trio.SecondB.HangUpAsync();
        await trio.SecondC.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
        Assert.Equal(2, trio.Ended(trio.First).Legs.Length);
    }

    [Fact]
    public async Task Offers_that_cannot_be_answered_leave_the_call_alone()
    {
        await using var trio = await Trio.TalkingAsync();
        var fourth = trio.Open("104");

        var refused = await InviteAsync(fourth, Named(trio.FirstB), "96");
        await refused.ExpectRefusalAsync(488);
        foreach (var ear in (Ear[])[trio.A, trio.B, trio.C])
            ear.Phone.AlwaysAnswer("BYE", 200);
        await trio.Loopback.AskAsync(new CallCommand.HangUp(trio.First, new HangupBy.Api("native", "demo")));
        await trio.Loopback.AskAsync(new CallCommand.HangUp(trio.Second, new HangupBy.Api("native", "demo")));

        await trio.Loopback.QuietAsync();
        Assert.Equal(2, trio.Ended(trio.First).Legs.Length);
    }

    [Fact]
    public async Task A_call_being_transferred_cannot_be_taken_over()
    {
        await using var trio = await Trio.RingingAsync();
        await trio.ReferAsync();
        await trio.SecondB.ExpectRefusalAsync(480);
        var fourth = trio.Open("104");

        var refused = await InviteAsync(fourth, Named(trio.FirstA));
        await refused.ExpectRefusalAsync(603);
        await trio.SecondC.RejectAsync(486);
        await trio.OutcomeAsync();
        await trio.FirstA.HangUpAsync();
        await trio.FirstB.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
    }

    /// <summary>The phone's dialog, read by the one who is to put it into Replaces.</summary>
    private static string Named(ScriptedCall call) => Trio.Replaces(call);

    /// <summary>Calls with that Replaces, answering one challenge.</summary>
    private static async Task<ScriptedCall> InviteAsync(Ear ear, string replaces, string payloads = "0 101")
    {
        var invite = ear.Phone.Invite("102", ear.Rtp.Local, payloads).Add("Replaces", replaces).Add("Require", "replaces");
        var call = await ScriptedCall.PlaceAsync(ear.Phone, invite);
        await call.RetryWithCredentialsAsync(await call.ExpectAsync(401));
        return call;
    }
}
