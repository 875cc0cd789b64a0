using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Hoiio;

/// <summary>Recordings that were still being closed when the server was killed, their calls over.</summary>
public sealed class HoiioLeftRecordingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_end_of_a_session_that_waited_for_its_recording_at_a_kill_is_told_once_after_the_restart()
    {
        using var ffmpeg = new HeldFfmpeg();
        await using var app = await WebhookInbox.StartAsync();
        await using var carrier = HoiioLab.OpenCarrier();
        using var data = new TempFolder();
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = HoiioLab.Provisioning(app.Url, carrier.Local.Port),
            Environment = ffmpeg.Variables,
            Data = data.Path,
        });
        carrier.Settings = carrier.Settings with { Server = server.SipUdp };
        using var hoiio = new HoiioApi(server.Http, HoiioLab.AppId, HoiioLab.Token);
        var dialled = await hoiio.PostAsync("ivr/start/dial", ("dest", "+6591230001"), ("notify_url", app.Url + "/dial"));
        var session = ("session", dialled["session"]);
        var phone = await carrier.IncomingAsync(Patience);
        await phone.AnswerAsync(ScriptedPhone.SilentSdp());
        await app.NextAsync(r => r["ivr_block"] == "dial", "the answer", Patience);
        await hoiio.PostAsync("ivr/middle/monitor", session, ("notify_url", app.Url + "/monitor"), ("monitor_notify_url", app.Url + "/monitored"));
        await app.NextAsync(r => r.Path == "/monitor", "the monitor runs", Patience);
        await hoiio.PostAsync("ivr/middle/record", session, ("notify_url", app.Url + "/record"), ("tag", "mine"));
        var call = dialled["session"][2..];
        await Eventually.TrueAsync(
            () => Enumerable.Range(1, 2).All(n => IsDescribed(data.At($"recordings/{call}/{call}-{n}.json"))), "both recordings are under way", Patience);
        await phone.HangUpAsync();
        await server.QuietAsync("call");
        await Eventually.TrueAsync(() => ffmpeg.WasAsked, "an MP3 is being made", Patience);

        await server.KillAsync();
        ffmpeg.Free();
        await using var again = await server.StartAgainAsync();
        var recorded = await app.NextAsync(r => r.Path == "/record", "the end of the session", Patience);
        var monitored = await app.NextAsync(r => r.Path == "/monitored", "the recording of the whole call", Patience);
        await again.QuietAsync("call", "recording");

        Assert.Equal(("record", "ended", "mine"), (recorded["ivr_block"], recorded["call_state"], recorded["tag"]));
        Assert.Equal(("monitor", "ended"), (monitored["ivr_block"], monitored["call_state"]));
        Assert.EndsWith($"/{call}-2.mp3", recorded["record_url"], StringComparison.Ordinal);
        Assert.EndsWith($"/{call}-1.mp3", monitored["monitor_url"], StringComparison.Ordinal);
        Assert.Single(app.All, r => r["ivr_block"] == "record");
        Assert.Single(app.All, r => r["ivr_block"] == "monitor" && r["call_state"] == "ended");
    }

    private static bool IsDescribed(string description) => File.Exists(description) && new FileInfo(description).Length > 0;
}
