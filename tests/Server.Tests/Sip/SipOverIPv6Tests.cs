using System.Net;
using System.Net.Sockets;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>The whole server on ::1: signalling and audio over IPv6 alone.</summary>
public sealed class SipOverIPv6Tests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(Wire.Udp)]
    [InlineData(Wire.Tcp)]
    public async Task Two_phones_register_call_hear_each_other_and_hang_up(Wire wire)
    {
        await using var server = await StartAsync();
        await using var caller = await server.RegisteredPhoneAsync("601", wire);
        await using var callee = await server.RegisteredPhoneAsync("602", wire);
        await using var near = new RtpProbe(IPAddress.IPv6Loopback);
        await using var far = new RtpProbe(IPAddress.IPv6Loopback);
        var placed = await caller.DialAsync("602", near.Local, "0 101");
        var offered = await callee.IncomingAsync(Patience);
        await offered.AnswerAsync(Sdp.Audio(far.Local, "0 101"));
        await placed.ConnectAsync(Patience);
        (near.Remote, far.Remote) = (Sdp.AudioEndpoint(placed.RemoteSdp), Sdp.AudioEndpoint(offered.RemoteSdp));
        using var enough = new CancellationTokenSource();
        var talking = Task.WhenAll(
            near.SendToneAsync(440, TimeSpan.FromMinutes(1), stop: enough.Token), far.SendToneAsync(1000, TimeSpan.FromMinutes(1), stop: enough.Token));

        await far.HearToneAsync(440, Patience);
        await near.HearToneAsync(1000, Patience);
        await near.SendDigitAsync('7');
        await enough.CancelAsync();
        await talking;
        Assert.Equal(200, (await placed.HangUpAsync()).Status);
        await offered.ExpectByeAsync(Patience);

        Assert.Equal(AddressFamily.InterNetworkV6, near.Remote!.AddressFamily);
        Assert.Contains("IN IP6 ::1", offered.RemoteSdp, StringComparison.Ordinal);
        Assert.Contains("[::1]", placed.Answer!.ContactUri, StringComparison.Ordinal);
        var call = await server.Native.EndedBySipAsync(placed.CallId);
        Assert.All(call.Legs, leg => Assert.True(leg.Hangup!.Media("packetsReceived") > 0));
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    [Fact]
    public async Task An_echo_of_the_exchanges_own_comes_back()
    {
        await using var server = await StartAsync();
        await using var phone = server.Phone("601");
        await using var probe = new RtpProbe(IPAddress.IPv6Loopback);
        var call = await phone.DialAsync("805", probe.Local, "0 101");
        await call.ConnectAsync(Patience);
        probe.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        using var enough = new CancellationTokenSource();
        var talking = probe.SendToneAsync(700, TimeSpan.FromMinutes(1), stop: enough.Token);

        await probe.HearToneAsync(700, Patience);
        await enough.CancelAsync();
        await talking;

        Assert.Equal(200, (await call.HangUpAsync()).Status);
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(new ServerSetup
    {
        Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602").AddService("805", "echo"),
        Address = IPAddress.IPv6Loopback,
    });
}
