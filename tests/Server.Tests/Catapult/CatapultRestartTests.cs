using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>What a server that is killed in the middle of a call still knows afterwards.</summary>
public sealed class CatapultRestartTests
{
    [Fact]
    public async Task Calls_their_log_and_gathers_and_applications_outlive_a_kill()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var carrier = CatapultLab.OpenCarrier();
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = CatapultLab.Provisioning(app.Url, carrier.Local.Port) });
        carrier.Settings = carrier.Settings with { Server = server.SipUdp };
        using var catapult = CatapultLab.ApiOf(server);
        await using var probe = new RtpProbe();
        var made = await catapult.PostAsync("applications", new { name = "made while it ran", incomingCallUrl = $"{app.Url}/made" });
        var call = await catapult.PostAsync("calls", new { from = CatapultLab.Own, to = "+13365550001", callbackUrl = $"{app.Url}/events", tag = "survivor" });
        var offered = await carrier.IncomingAsync();
        await offered.AnswerAsync(Sdp.Audio(probe.Local));
        probe.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        await app.NextAsync(r => CatapultLab.Of(r, "eventType") == "answer", "answer");
        var gather = await catapult.PostAsync($"calls/{call.Id}/gather", new { maxDigits = 1 });
        await probe.SendDigitAsync('7');
        await app.NextAsync(r => CatapultLab.Of(r, "eventType") == "gather", "gather");

        await server.KillAsync();
        await using var again = await server.StartAgainAsync();
        using var after = CatapultLab.ApiOf(again);
        var hangup = await app.NextAsync(r => CatapultLab.Of(r, "eventType") == "hangup", "hangup");
        var over = await Eventually.GetAsync(() => after.GetAsync($"calls/{call.Id}"), c => c["state"] == "completed", "the call is over");
        var log = await after.GetAsync($"calls/{call.Id}/events");
        var gathered = await after.GetAsync($"calls/{call.Id}/gather/{gather.Id}");
        var application = await after.GetAsync($"applications/{made.Id}");
        var listed = await after.GetAsync("calls?to=%2B13365550001");

        Assert.Equal((call.Id, "NORMAL_TEMPORARY_FAILURE", "survivor"), (CatapultLab.Of(hangup, "callId"), CatapultLab.Of(hangup, "cause"), CatapultLab.Of(hangup, "tag")));
        Assert.Equal("survivor", over["tag"]);
        Assert.Equal(["create", "answer", "gather", "dtmf", "gather", "hangup"], log.Json.EnumerateArray().Select(e => e.GetProperty("name").GetString()));
        Assert.Equal(("completed", "max-digits", "7"), (gathered["state"], gathered["reason"], gathered["digits"]));
        Assert.Equal("made while it ran", application["name"]);
        Assert.Equal(1, listed.Json.GetArrayLength());
        Assert.Single(app.All, r => CatapultLab.Of(r, "eventType") == "hangup");
    }
}
