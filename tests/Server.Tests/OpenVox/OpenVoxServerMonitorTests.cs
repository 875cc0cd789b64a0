using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.OpenVox;

/// <summary>Monitoring with real audio: each of three phones says a tone of its own, and it is known who hears which.</summary>
public sealed class OpenVoxServerMonitorTests
{
    private const int Caller = 440, Callee = 1000, Monitor = 1600;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("listen", "listener", "listenedext", false, false)]
    [InlineData("whisper", "whisperer", "whisperedext", true, false)]
    [InlineData("barge", "bargein", "bargedext", true, true)]
    public async Task A_monitor_hears_both_and_is_heard_by_whom_it_may(string operation, string monitorName, string monitoredName, bool callerHears, bool calleeHears)
    {
        await using var reports = ReportListener.Open();
        await using var server = await TestServer.StartAsync(
            new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602").AddPhone("603") });
        using var openVox = server.OpenVox();
        await openVox.LoginAsync(reports.Port);
        await using var caller = await server.RegisteredPhoneAsync("601");
        await using var callee = await server.RegisteredPhoneAsync("602");
        await using var monitor = await server.RegisteredPhoneAsync("603");
        await using RtpProbe one = new(), two = new(), three = new();
        var placed = await caller.DialAsync("602", one.Local);
        var offered = await callee.IncomingAsync();
        var connected = placed.ConnectAsync();
        await offered.AnswerAsync(Sdp.Audio(two.Local));
        await connected;
        one.Remote = Sdp.AudioEndpoint(placed.RemoteSdp);
        two.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);

        var asked = await openVox.AskAsync($"extension/{operation}", (monitorName, "603"), (monitoredName, "601"));
        var listening = await monitor.IncomingAsync();
        await listening.AnswerAsync(Sdp.Audio(three.Local));
        three.Remote = Sdp.AudioEndpoint(listening.RemoteSdp);
        using var stop = new CancellationTokenSource();
        var talk = Task.WhenAll(
            one.SendToneAsync(Caller, TimeSpan.FromSeconds(120), stop: stop.Token), two.SendToneAsync(Callee, TimeSpan.FromSeconds(120), stop: stop.Token),
            three.SendToneAsync(Monitor, TimeSpan.FromSeconds(120), stop: stop.Token));

        Assert.Equal("Success", asked.Outcome);
        await HearsAsync(three, (Caller, true), (Callee, true));
        await HearsAsync(one, (Callee, true), (Monitor, callerHears));
        await HearsAsync(two, (Caller, true), (Monitor, calleeHears));
        await stop.CancelAsync();
        await talk;

        // The monitor's call ends with the one it listens to.
        await placed.HangUpAsync();
        await offered.ExpectByeAsync();
        await listening.ExpectByeAsync();
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    /// <summary>Waits until just those tones are heard over half a second.</summary>
    private static Task<bool> HearsAsync(RtpProbe ear, params (int Hz, bool Heard)[] tones) => Eventually.GetAsync(
        async () =>
        {
            ear.Forget();
            await ear.HearAsync(ear.Count + 25, Patience);
            return tones.All(t => t.Heard ? ear.ShareOf(t.Hz) > 0.2 : ear.ShareOf(t.Hz) < 0.05);
        },
        met => met, $"the tones {string.Join(", ", tones)}", Patience);
}
