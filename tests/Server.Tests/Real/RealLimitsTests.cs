using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>Settings that end or refuse calls, and prompts from files.</summary>
public sealed class RealLimitsTests
{
    [Fact]
    public async Task A_far_side_that_sends_no_audio_is_hung_up_by_the_silence_timer()
    {
        await using var server = await StartAsync("Rtp:SilenceHangupSeconds=1");
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();

        var bye = await placed.ExpectByeAsync();

        Assert.Equal(102, bye.Q850);
        var record = (await EndedAsync(server, placed)).Caller.Hangup!;
        Assert.Equal(("timer", "media silence", 102, "answered"), (record.By, record.ByDetail, record.Cause, record.Phase));
    }

    [Fact]
    public async Task A_far_side_on_hold_may_be_silent()
    {
        await using var server = await StartAsync("Rtp:SilenceHangupSeconds=5");
        await using var caller = server.Phone("701");
        await using var other = server.Phone("702");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        await placed.ReinviteAsync(Sdp.Audio(caller.Local, "0 101", "inactive", version: 2));
        await placed.ConnectAsync();

        var talking = await other.DialAsync("800");
        await talking.ConnectAsync();
        await talking.ExpectByeAsync();

        // The other call began later and its silence is over; the held one was not touched.
        Assert.Equal(0, caller.CountReceived(m => m.Is("BYE")));
        Assert.Equal(200, (await placed.HangUpAsync()).Status);
    }

    [Fact]
    public async Task Calls_beyond_the_limit_are_refused_with_503_and_retry_after()
    {
        await using var server = await StartAsync("Calls:MaxLive=2");
        await using var caller = server.Phone("701");
        var first = await caller.DialAsync("800");
        await first.ConnectAsync();
        var second = await caller.DialAsync("800");
        await second.ConnectAsync();

        var third = await caller.DialAsync("800");
        var refusal = await third.ExpectRefusalAsync(503);
        var placed = await server.Native.PlaceAsync(new() { ["to"] = "701" });
        Assert.Equal(200, (await first.HangUpAsync()).Status);
        await Eventually.GetAsync(server.Native.LiveAsync, c => c.Count == 1, "one live call");
        var fourth = await caller.DialAsync("800");
        await fourth.ConnectAsync();

        Assert.Equal(42, refusal.Q850);
        Assert.NotEqual("", refusal.Header("Retry-After"));
        Assert.Equal(503, placed.Status);
    }

    [Fact]
    public async Task A_prompt_is_heard_until_the_hangup_and_the_record_says_how_far_it_came()
    {
        using var data = new TempFolder();
        Directory.CreateDirectory(data.At("prompts"));
        await SoxTool.WriteToneAsync(Path.Combine(data.At("prompts"), "tone.wav"), 700, 30, sampleRateHz: 16_000);
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddService("810", "play", "tone.wav"),
            Data = data.Path,
        });
        await using var caller = server.Phone("701");
        await using var probe = new RtpProbe();
        var placed = await caller.DialAsync("810", probe.Local, "8 101");
        await placed.ConnectAsync();

        await probe.HearAsync(50);
        var live = await server.Native.OnlyLiveAsync();
        await server.Native.HangUpAsync(live.Id);
        await placed.ExpectByeAsync();

        Assert.True(probe.ShareOf(700) > 0.9, $"{probe.ShareOf(700)}");
        var call = await server.Native.ConfirmedCallAsync(live.Id);
        var media = call.Caller.Hangup!.Json.GetProperty("media");
        Assert.Contains("tone.wav", media.GetProperty("prompt").GetString(), StringComparison.Ordinal);
        Assert.InRange(media.GetProperty("promptPositionSeconds").GetDouble(), 0.9, 5);
        Assert.Equal(16, call.Caller.Hangup.Cause);
    }

    [Fact]
    public async Task A_script_plays_a_file_waits_goes_elsewhere_and_hangs_up()
    {
        using var data = new TempFolder();
        Directory.CreateDirectory(data.At("prompts"));
        await SoxTool.WriteToneAsync(Path.Combine(data.At("prompts"), "beep.wav"), 900, 0.5);
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/incoming", WebhookReply.Script("<Play>beep.wav</Play><Delay>0</Delay><GoTo>/next?step=2</GoTo><Speak>never</Speak>"));
        app.Reply("/next", WebhookReply.Script("<Play AudioFile=\"missing.wav\"/><Hangup/>"));
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddApiExtension("900", $"{app.Url}/incoming"),
            Data = data.Path,
        });
        await using var caller = server.Phone("701");
        await using var probe = new RtpProbe();
        var placed = await caller.DialAsync("900", probe.Local, "0 101");
        await placed.ConnectAsync();

        var bye = await placed.ExpectByeAsync();
        var next = await app.NextAsync("GoTo");

        Assert.Equal(16, bye.Q850);
        Assert.Equal(("/next", "?step=2"), (next.Path, next.Query));
        Assert.True(probe.ShareOf(900) > 0.9, $"{probe.ShareOf(900)}");
        var record = (await EndedAsync(server, placed)).Caller.Hangup!;
        Assert.Equal(("script", "NORMAL_CLEARING"), (record.By, record.CauseName));
    }

    [Fact]
    public async Task The_application_is_told_every_state_of_an_ordinary_call_in_order()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().TellCallChanges($"{app.Url}/changed").AddPhone("701").AddPhone("702"),
        });
        await using var caller = server.Phone("701");
        await using var callee = await server.RegisteredPhoneAsync("702");
        var placed = await caller.DialAsync("702");
        var offered = await callee.IncomingAsync();
        await offered.RingAsync();
        await placed.ExpectAsync(180);
        var connected = placed.ConnectAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await connected;

        var bye = offered.HangUpAsync();
        await placed.ExpectByeAsync();
        await app.NextAsync(r => r["CallState"] == "Completed", "Completed");

        Assert.Equal(200, (await bye).Status);
        Assert.Equal(["Ringing", "Answered", "InCall", "Completed"], app.All.Where(r => r.Path == "/changed").Select(r => r["CallState"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_application_that_cannot_be_reached_does_not_keep_a_call(bool incoming)
    {
        var nobody = $"http://127.0.0.1:{FreePort.Next()}";
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddApiExtension("900", $"{nobody}/incoming"),
        });
        await using var phone = await server.RegisteredPhoneAsync("701");

        ScriptedCall call;
        if (incoming)
        {
            call = await phone.DialAsync("900");
            var final = await call.ExpectFinalAsync();
            await call.AcknowledgeAsync(final);
            Assert.True(final.Status >= 400, final.Text);
        }
        else
        {
            var asked = await server.Ozeki.AskAsync("Call", ("Dialed", "701"), ("ApiExtension", "900"), ("Url", $"{nobody}/up"));
            Assert.Equal(200, asked.Code);
            call = await phone.IncomingAsync();
            await call.AnswerAsync(ScriptedPhone.SilentSdp());
            await call.ExpectByeAsync();
        }

        var ended = await EndedAsync(server, call);
        Assert.NotEqual("", ended.By);
        await server.QuietAsync("call", "leg", "rtp_port", "script");
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_the_application_thinks_is_gone()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/incoming", new WebhookReply(200) { Hangs = true });
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddApiExtension("900", $"{app.Url}/incoming"),
        });
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("900");
        await placed.ExpectAsync(180);
        await app.NextAsync("IncomingCall");

        await placed.CancelAsync();
        await placed.ExpectRefusalAsync(487);

        var record = (await EndedAsync(server, placed)).Caller.Hangup!;
        Assert.Equal(("caller", 487), (record.By, record.Cause));
        await server.QuietAsync("call", "leg", "rtp_port", "script");
    }

    private static Task<TestServer> StartAsync(string setting) => TestServer.StartAsync(new ServerSetup
    {
        Provisioning = new ProvisioningBuilder().AddPhone("701").AddPhone("702").AddService("800", "answer"),
        Settings = [setting],
    });

    private static Task<CallView> EndedAsync(TestServer server, ScriptedCall placed) => server.Native.EndedBySipAsync(placed.CallId);
}
