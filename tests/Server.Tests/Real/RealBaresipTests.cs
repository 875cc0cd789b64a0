using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>Two baresips registered with the server, in a call with each other: what each heard is in its own recording.</summary>
public sealed class RealBaresipTests
{
    private const double Recognised = 0.8;

    [Theory]
    [InlineData("udp", "PCMU", "PCMU", true)]
    [InlineData("tcp", "PCMA", "PCMA", false)]
    [InlineData("udp", "PCMU", "PCMA", false)]
    [InlineData("udp", "G722", "G722", false)]
    [InlineData("tcp", "opus", "opus", true)]
    [InlineData("udp", "opus", "PCMU", true)]
    [InlineData("udp", "PCMA", "G722", false)]
    [InlineData("udp", "G722", "opus", true)]
    public async Task Each_hears_the_others_tone(string transport, string callersCodec, string calleesCodec, bool callerHangsUp)
    {
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602") });
        await using var caller = await StartAsync(server, "601", 440, transport, callersCodec, answersByItself: false);
        await using var callee = await StartAsync(server, "602", 1000, transport, calleesCodec, answersByItself: true);
        await caller.RegisteredAsync();
        await callee.RegisteredAsync();

        await caller.DialAsync("602");
        await caller.EventAsync("CALL_ESTABLISHED");
        await callee.EventAsync("CALL_ESTABLISHED");
        var live = await server.Native.OnlyLiveAsync();
        await HaveTalkedAsync(server);
        await (callerHangsUp ? caller : callee).HangUpAsync();
        await caller.EventAsync("CALL_CLOSED");
        await callee.EventAsync("CALL_CLOSED");

        var call = await server.Native.ConfirmedCallAsync(live.Id);
        Assert.All(call.Legs, leg => Assert.Equal((callerHangsUp ? "caller" : "callee", 16), (leg.Hangup!.By, leg.Hangup.Cause)));
        Assert.True(await HeardAsync(caller, 1000) > Recognised, $"the caller did not hear 1000 Hz\n{caller.Output}");
        Assert.True(await HeardAsync(callee, 440) > Recognised, $"the callee did not hear 440 Hz\n{callee.Output}");
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    [Fact]
    public async Task A_ringing_baresip_stops_ringing_when_the_application_hangs_up()
    {
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601") });
        await using var phone = await StartAsync(server, "601", 440, "udp", "PCMU", answersByItself: false);
        await phone.RegisteredAsync();

        var placed = await server.Native.PlaceAsync(new() { ["to"] = "601" });
        var id = placed.Json.GetProperty("id").GetString()!;
        await phone.EventAsync("CALL_INCOMING");
        await server.Native.HangUpAsync(id);
        await phone.EventAsync("CALL_CLOSED");

        var call = await server.Native.ConfirmedCallAsync(id);
        Assert.Equal(("api", "CANCEL", "yes"), (call.Legs[0].Hangup!.By, call.Legs[0].Hangup!.Sent, call.Legs[0].Hangup!.Confirmed));
    }

    private static Task<BaresipRun> StartAsync(TestServer server, string user, int toneHz, string transport, string codecs, bool answersByItself) =>
        BaresipRun.StartAsync(new BaresipSettings
        {
            User = user,
            Secret = ProvisioningBuilder.SecretOf(user),
            Server = transport == "udp" ? server.SipUdp : server.SipTcp,
            Transport = transport,
            ToneHz = toneHz,
            Codecs = codecs,
            AnswersByItself = answersByItself,
        });

    /// <summary>Waits until a second of audio or so has gone through each way.</summary>
    private static Task<Metrics> HaveTalkedAsync(TestServer server) => Eventually.GetAsync(
        server.MetricsAsync, m => m.Sum("switchhook_rtp_packets_total", ("direction", "in")) >= 120, "120 RTP packets have come in");

    private static async Task<double> HeardAsync(BaresipRun phone, int frequencyHz) =>
        Goertzel.BestShare(await SoxTool.ReadAsync(await phone.HeardFileAsync()), frequencyHz);
}
