using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Sip;

/// <summary>The whole server joins two calls at an application's word: sound both ways, and both calls in the history.</summary>
public sealed class SipAttendedTransferTests
{
    [Fact]
    public async Task An_application_puts_a_call_on_hold_and_joins_it_with_the_consultation()
    {
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602").AddPhone("603") });
        await using var first = await server.RegisteredPhoneAsync("601");
        await using var transferor = await server.RegisteredPhoneAsync("602");
        await using var consulted = await server.RegisteredPhoneAsync("603");
        await using var one = new RtpProbe();
        await using var middle = new RtpProbe();
        await using var other = new RtpProbe();
        var (call, callee) = await TalkAsync(first, one, transferor, middle);
        var (asking, asked) = await TalkAsync(transferor, middle, consulted, other);
        var (held, target) = (await server.Native.LiveBySipAsync(call.CallId), await server.Native.LiveBySipAsync(asking.CallId));

        var early = await server.Ozeki.AskAsync("AttendedTransfer", ("TransferredCallId", held.Id), ("TargetCallId", target.Id));
        var hold = server.Ozeki.AskAsync("Hold", ("CallId", held.Id));
        await TakeReinviteAsync(call, first, one, "recvonly");
        await TakeReinviteAsync(callee, transferor, middle, "recvonly");
        await hold;
        var join = server.Ozeki.AskAsync("AttendedTransfer", ("TransferredCallId", held.Id), ("TargetCallId", target.Id));
        await TakeReinviteAsync(call, first, one, "sendrecv");
        await callee.ExpectByeAsync();
        await asking.ExpectByeAsync();
        one.Forget();
        other.Forget();
        await Task.WhenAll(one.SendToneAsync(440, TimeSpan.FromSeconds(1)), other.SendToneAsync(1000, TimeSpan.FromSeconds(1)));
        await other.HearToneAsync(440);
        await one.HearToneAsync(1000);
        await call.HangUpAsync();
        await asked.ExpectByeAsync();

        Assert.Equal((303, 200), (early.Code, (await join).Code));
        var joined = await server.Native.ConfirmedCallAsync(held.Id);
        var consultation = await server.Native.EndedCallAsync(target.Id);
        Assert.Equal(["caller", "transfer", "caller"], joined.Legs.Select(l => l.Hangup!.By));
        Assert.Equal("transfer", consultation.By);
        Assert.Equal("transfer", consultation.Legs[0].Hangup!.By);
        Assert.Equal(("moved", null), (consultation.Legs[1].State, consultation.Legs[1].Hangup));
        await server.QuietAsync("call", "leg", "dialog", "rtp_port");
    }

    private static async Task<(ScriptedCall Caller, ScriptedCall Callee)> TalkAsync(ScriptedPhone caller, RtpProbe near, ScriptedPhone callee, RtpProbe far)
    {
        var placed = await caller.DialAsync(callee.User, near.Local);
        var offered = await callee.IncomingAsync();
        await offered.AnswerAsync(Sdp.Audio(far.Local, "0 101"));
        await placed.ConnectAsync();
        near.Remote = Sdp.AudioEndpoint(placed.RemoteSdp);
        far.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        return (placed, offered);
    }

    private static async Task TakeReinviteAsync(ScriptedCall call, ScriptedPhone phone, RtpProbe probe, string direction)
    {
        var invite = await call.ExpectRequestAsync("INVITE", Eventually.Deadline);
        await phone.SendAsync(phone.Response(invite, 200).WithSdp(Sdp.Audio(probe.Local, "0 101", direction, version: 2)), invite.Path);
        await call.ExpectRequestAsync("ACK");
    }
}
