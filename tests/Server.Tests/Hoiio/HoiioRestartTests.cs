using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Hoiio;

/// <summary>Servers that stop in the middle, and a phone that is not ours; each test has a server of its own.</summary>
public sealed class HoiioRestartTests
{
    private const string Dest = "+6591230001";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_was_up_is_told_its_end_once(bool gently)
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var carrier = HoiioLab.OpenCarrier();
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = HoiioLab.Provisioning(app.Url, carrier.Local.Port),
            Settings = ["Shutdown:GraceSeconds=0"],
        });
        carrier.Settings = carrier.Settings with { Server = server.SipUdp };
        using var hoiio = new HoiioApi(server.Http, HoiioLab.AppId, HoiioLab.Token);
        var dialled = await hoiio.PostAsync("ivr/start/dial", ("dest", Dest), ("notify_url", app.Url + "/dial"));
        var phone = await carrier.IncomingAsync(Patience);
        await phone.AnswerAsync(ScriptedPhone.SilentSdp());
        await app.NextAsync(r => r["ivr_block"] == "dial", "the answer", Patience);
        Assert.Equal("success_ok", (await hoiio.PostAsync("ivr/middle/gather", ("session", dialled["session"]), ("timeout", "300"), ("notify_url", app.Url + "/code?step=2"), ("tag", "t"))).Status);

        if (gently)
            await server.TerminateAsync();
        else
            await server.KillAsync();
        var bye = gently ? phone.ExpectByeAsync(Patience) : null;
        if (gently)
            await server.WaitAsync();
        await using var again = await server.StartAgainAsync();
        await (bye ?? phone.ExpectByeAsync(Patience));
        var ended = await app.NextAsync(r => r["call_state"] == "ended", "the end", Patience);
        using var later = new HoiioApi(again.Http, HoiioLab.AppId, HoiioLab.Token);
        var late = await later.PostAsync("ivr/end/hangup", ("session", dialled["session"]));
        var status = await later.GetAsync("voice/query_status", ("txn_ref", dialled["txn_ref"]));
        var history = await later.GetAsync("voice/get_history");
        var balance = await later.GetAsync("user/get_balance");

        Assert.Equal(("/code", "gather", "2", "t", dialled["session"]), (ended.Path, ended["ivr_block"], ended["step"], ended["tag"], ended["session"]));
        Assert.Equal(HoiioLab.Sign(ended.Body), ended.Headers["X-Hoiio-Signature"]);
        Assert.Equal(("1", "0.024"), (ended["duration"], ended["debit"]));
        Assert.Equal(("error_session_ended", "answered", "0.024", "49.976"), (late.Status, status["call_status_dest1"], status["debit"], balance["balance"]));
        Assert.Equal("1", history["entries_count"]);
        var call = await again.Native.ConfirmedCallAsync(dialled["session"][2..]);
        Assert.Equal(gently ? "shutdown" : "recovery", call.Legs[0].Hangup!.By);
        await again.QuietAsync("call", "leg", "rtp_port");
        Assert.Single(app.All, r => r["call_state"] == "ended");
    }

    [Fact]
    public async Task What_was_being_recorded_at_a_kill_is_announced_after_the_restart()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var carrier = HoiioLab.OpenCarrier();
        using var data = new TempFolder();
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = HoiioLab.Provisioning(app.Url, carrier.Local.Port), Data = data.Path });
        carrier.Settings = carrier.Settings with { Server = server.SipUdp };
        using var hoiio = new HoiioApi(server.Http, HoiioLab.AppId, HoiioLab.Token);
        var dialled = await hoiio.PostAsync("ivr/start/dial", ("dest", Dest), ("notify_url", app.Url + "/dial"));
        var session = ("session", dialled["session"]);
        var phone = await carrier.IncomingAsync(Patience);
        await phone.AnswerAsync(ScriptedPhone.SilentSdp());
        await app.NextAsync(r => r["ivr_block"] == "dial", "the answer", Patience);
        await hoiio.PostAsync("ivr/middle/monitor", session, ("notify_url", app.Url + "/monitor"), ("monitor_notify_url", app.Url + "/monitored"));
        await app.NextAsync(r => r.Path == "/monitor", "the monitor runs", Patience);
        await hoiio.PostAsync("ivr/middle/record", session, ("notify_url", app.Url + "/record"));
        var call = dialled["session"][2..];
        await Eventually.TrueAsync(
            () => Enumerable.Range(1, 2).All(n => IsDescribed(data.At($"recordings/{call}/{call}-{n}.json"))), "both recordings are under way", Patience);

        await server.KillAsync();
        await using var again = await server.StartAgainAsync();
        await phone.ExpectByeAsync(Patience);
        var recorded = await app.NextAsync(r => r.Path == "/record", "the recording", Patience);
        var monitored = await app.NextAsync(r => r.Path == "/monitored", "the recording of the whole call", Patience);

        Assert.Equal(("record", "ended"), (recorded["ivr_block"], recorded["call_state"]));
        Assert.Equal(("monitor", "ended"), (monitored["ivr_block"], monitored["call_state"]));
        Assert.EndsWith($"/{call}-2.mp3", recorded["record_url"], StringComparison.Ordinal);
        Assert.EndsWith($"/{call}-1.mp3", monitored["monitor_url"], StringComparison.Ordinal);
        Assert.NotEmpty(await DownloadAsync(recorded["record_url"]));
        Assert.NotEmpty(await DownloadAsync(monitored["monitor_url"]));
    }

    private static bool IsDescribed(string description) => File.Exists(description) && new FileInfo(description).Length > 0;

    private static async Task<byte[]> DownloadAsync(string url)
    {
        using var http = new HttpClient();
        return await http.GetByteArrayAsync(new Uri(url));
    }

    [Fact]
    public async Task A_notification_that_fails_is_not_repeated_and_the_next_one_comes()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var carrier = HoiioLab.OpenCarrier();
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = HoiioLab.Provisioning(app.Url, carrier.Local.Port) });
        carrier.Settings = carrier.Settings with { Server = server.SipUdp };
        using var hoiio = new HoiioApi(server.Http, HoiioLab.AppId, HoiioLab.Token);
        app.Reply("/dial", new WebhookReply(500));

        var dialled = await hoiio.PostAsync("ivr/start/dial", ("dest", Dest), ("notify_url", app.Url + "/dial"));
        var phone = await carrier.IncomingAsync(Patience);
        await phone.AnswerAsync(ScriptedPhone.SilentSdp());
        await app.NextAsync(r => r.Path == "/dial", "the answer", Patience);
        await hoiio.PostAsync("ivr/end/hangup", ("session", dialled["session"]), ("notify_url", app.Url + "/bye"));
        await phone.ExpectByeAsync(Patience);
        await app.NextAsync(r => r.Path == "/bye", "the end", Patience);
        await Eventually.GetAsync(server.MetricsAsync, m => m.Sum("switchhook_webhook_pending") == 0, "nothing waits to be told", Patience);

        Assert.Equal(["/dial", "/bye"], app.All.Select(r => r.Path));
        Assert.Equal(1, (await server.MetricsAsync()).Sum("switchhook_terminal_events_total", ("dialect", "hoiio")));
    }

    [Fact]
    public async Task A_baresip_is_dialled_hears_a_message_and_is_hung_up()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddHoiio(HoiioLab.AppId, HoiioLab.Token).AddPhone("601").AddNumber(Dest, "601"),
        });
        await using var phone = await BaresipRun.StartAsync(new BaresipSettings
        {
            User = "601",
            Secret = ProvisioningBuilder.SecretOf("601"),
            Server = server.SipUdp,
            AnswersByItself = true,
        });
        await phone.RegisteredAsync();
        using var hoiio = new HoiioApi(server.Http, HoiioLab.AppId, HoiioLab.Token);

        var dialled = await hoiio.GetAsync("ivr/start/dial", ("dest", Dest), ("msg", "Hello from the exchange"), ("notify_url", app.Url + "/dial"));
        await phone.EventAsync("CALL_ESTABLISHED");
        var answered = await app.NextAsync(r => r["ivr_block"] == "dial", "the end of the message", Patience);
        var hangup = await hoiio.GetAsync("ivr/end/hangup", ("session", dialled["session"]), ("notify_url", app.Url + "/bye"));
        await phone.EventAsync("CALL_CLOSED");
        var ended = await app.NextAsync(r => r["ivr_block"] == "hangup", "the end", Patience);

        Assert.Equal(("answered", "ongoing"), (answered["dial_status"], answered["call_state"]));
        Assert.Equal(("success_ok", "ended", Dest), (hangup.Status, ended["call_state"], ended["dest"]));
        var call = await server.Native.ConfirmedCallAsync(dialled["session"][2..]);
        Assert.Equal(("api", "hoiio/lab", "BYE", "yes"), (call.Legs[0].Hangup!.By, call.Legs[0].Hangup!.ByDetail, call.Legs[0].Hangup!.Sent, call.Legs[0].Hangup!.Confirmed));
        Assert.True(call.Legs[0].Hangup!.Json.GetProperty("media").GetProperty("packetsSent").GetInt64() > 50);
    }
}
