using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Ozeki;

/// <summary>Applications of the dialect with the whole server: what their replies do to calls of phones.</summary>
public sealed class OzekiServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_reply_to_a_changed_call_records_both_parties_and_plays_to_one_for_a_time()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/tone.wav", new WebhookReply(200, ContentType: "audio/wav") { Bytes = WavFiles.Sine(0.5, 800) });
        app.Reply(r => r["CallState"] == "InCall", WebhookReply.Script(
            $"<Record Format='wav' FinishedUrl='/rec?job=7'/><Play Party='callee' Repeat='true' Timeout='1'>{app.Url}/tone.wav</Play>"));
        await using var server = await TestServer.StartAsync(
            new ServerSetup { Provisioning = new ProvisioningBuilder().TellCallChanges($"{app.Url}/changed").AddPhone("601").AddPhone("602") });
        await using var caller = await server.RegisteredPhoneAsync("601");
        await using var callee = await server.RegisteredPhoneAsync("602");
        await using RtpProbe one = new(), other = new();
        var placed = await caller.DialAsync("602", one.Local);
        var offered = await callee.IncomingAsync();
        var connected = placed.ConnectAsync();
        await offered.AnswerAsync(Sdp.Audio(other.Local));
        await connected;
        one.Remote = Sdp.AudioEndpoint(placed.RemoteSdp);
        other.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;

        await other.HearToneAsync(800, Patience);
        await SayAsync(one, 440, other);
        await SayAsync(other, 1000, one);
        await placed.HangUpAsync();
        await offered.ExpectByeAsync();

        var told = await app.NextAsync("RecordCompleted", Patience);
        Assert.Equal(("/rec", "?job=7", id, "wav"), (told.Path, told.Query, told["CallId"], told["Format"]));
        using var stranger = new HttpClient();
        var recorded = WavFiles.Read(await stranger.GetByteArrayAsync(new Uri(told["RecordURL"])));
        Assert.True(Goertzel.BestShare(recorded, 440) > 0.8, "the caller is in the recording");
        Assert.True(Goertzel.BestShare(recorded, 1000) > 0.8, "the callee is in the recording");
        Assert.True(one.ShareOf(800) < 0.2, "the prompt was for the callee alone");
        await server.QuietAsync("call", "leg", "rtp_port", "recording");
    }

    [Fact]
    public async Task A_request_whose_callee_is_busy_calls_another_as_its_block_says()
    {
        await using var server = await TestServer.StartAsync(
            new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602").AddApiExtension("900", "http://127.0.0.1:9/") });
        await using var busy = await server.RegisteredPhoneAsync("601");
        await using var free = await server.RegisteredPhoneAsync("602");

        var answer = await server.Ozeki.AskAsync("Request", ("RequestOzML",
            "<Request DialedAddress='601@localhost' ExtensionAddress='900@localhost'><OnInCall><Beep/></OnInCall><OnBusy><Call Dialed='602'/></OnBusy></Request>"));
        await (await busy.IncomingAsync()).RejectAsync(486);
        var second = await free.IncomingAsync();
        await second.RejectAsync(486);

        Assert.Equal(200, answer.Code);
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    [Theory]
    [InlineData("<Play Repeat='true'>APP/tone.wav</Play><Beep/><Delay>600</Delay>")]
    [InlineData("<Delay>600</Delay>")]
    public async Task The_party_of_an_application_is_sent_to_another_phone_by_a_command(string script)
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/tone.wav", new WebhookReply(200, ContentType: "audio/wav") { Bytes = WavFiles.Sine(0.5, 800) });
        await using var server = await TestServer.StartAsync(
            new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602").AddApiExtension("900", "http://127.0.0.1:9/") });
        await using var party = await server.RegisteredPhoneAsync("601");
        await using var target = await server.RegisteredPhoneAsync("602");
        await using var one = new RtpProbe();
        await using var two = new RtpProbe();
        var dialled = await server.Ozeki.AskAsync("Call", ("Dialed", "601"), ("ResponseOzML", $"<Response>{script.Replace("APP", app.Url, StringComparison.Ordinal)}</Response>"));
        var first = await party.IncomingAsync();
        await first.AnswerAsync(Sdp.Audio(one.Local));
        one.Remote = Sdp.AudioEndpoint(first.RemoteSdp);
        if (script.Contains("Play", StringComparison.Ordinal))
            await one.HearToneAsync(800, Patience);
        var live = await Eventually.GetAsync(() => server.Ozeki.LiveAsync(), l => l.Any(c => c.Element("CallState")!.Value == "InCall"), "the call to talk", Patience);
        var id = live[0].Element("CallId")!.Value;

        // The first attempt fails, and the script goes on with what comes next; the second one does not.
        var busy = await server.Ozeki.AskAsync("BlindTransfer", ("CallId", id), ("Target", "602"));
        await one.HearToneAsync(425, Patience);
        await (await target.IncomingAsync()).RejectAsync(486);
        if (script.Contains("Beep", StringComparison.Ordinal))
            await one.HearToneAsync(1000, Patience);
        var sent = await Eventually.GetAsync(() => server.Ozeki.AskAsync("BlindTransfer", ("CallId", id), ("Target", "602")), a => a.Code == 200, "the second transfer", Patience);
        var second = await target.IncomingAsync();
        await second.AnswerAsync(Sdp.Audio(two.Local));
        two.Remote = Sdp.AudioEndpoint(second.RemoteSdp);
        await SayAsync(one, 440, two);
        await second.HangUpAsync();
        await first.ExpectByeAsync();

        Assert.Equal((200, 200, 200), (dialled.Code, busy.Code, sent.Code));
        await server.QuietAsync("call", "leg", "rtp_port", "script");
    }

    [Fact]
    public async Task The_setup_of_a_request_runs_while_the_phone_still_rings_and_what_is_heard_waits_for_the_answer()
    {
        await using var server = await TestServer.StartAsync(
            new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602").AddApiExtension("900", "http://127.0.0.1:9/") });
        await using var asked = await server.RegisteredPhoneAsync("601");
        await using var beside = await server.RegisteredPhoneAsync("602");
        await using var audio = new RtpProbe();

        var answer = await server.Ozeki.AskAsync("Request", ("RequestOzML",
            "<Request DialedAddress='601' ExtensionAddress='900'><OnSetup><Call Dialed='602'/><Beep/></OnSetup><OnInCall><Hangup/></OnInCall></Request>"));
        var ringing = await asked.IncomingAsync();
        await (await beside.IncomingAsync()).RejectAsync(486);
        await ringing.AnswerAsync(Sdp.Audio(audio.Local));
        await audio.HearToneAsync(1000, Patience);
        await ringing.ExpectByeAsync();

        Assert.Equal(200, answer.Code);
        await server.QuietAsync("call", "leg", "rtp_port", "script");
    }

    [Fact]
    public async Task An_alarm_receiver_hears_its_message_in_keys_and_its_acknowledgement_is_told()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var server = await TestServer.StartAsync(
            new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddApiExtension("900", $"{app.Url}/in") });
        await using var receiver = await server.RegisteredPhoneAsync("601");
        await using var audio = new RtpProbe();

        var answer = await server.Ozeki.AskAsync("SendAlarmNotification", ("PhoneNumber", "601"), ("AccountNumber", "1234"), ("EventCode", "130"),
            ("PartitionNumber", "1"), ("ZoneNumber", "15"), ("EventQualifier", "NewRestore"), ("ResultUrl", $"{app.Url}/result"));
        var call = await receiver.IncomingAsync();
        await call.AnswerAsync(Sdp.Audio(audio.Local));
        audio.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        // Sent in real time, tones may come to pieces on a busy machine: each is sent again, as receivers do, until it was heard.
        await SilenceAsync(audio, TimeSpan.FromSeconds(0.3));
        for (var tries = 0; tries < 20 && audio.Digits().Length == 0; tries++)
        {
            await audio.SendToneAsync(1400, TimeSpan.FromSeconds(0.1));
            await SilenceAsync(audio, TimeSpan.FromSeconds(0.1));
            await audio.SendToneAsync(2300, TimeSpan.FromSeconds(0.1));
            await SilenceAsync(audio, TimeSpan.FromSeconds(1.5));
        }
        await SilenceUntilAsync(audio, () => audio.Digits().Length >= 16, "sixteen keys");
        var bye = call.ExpectByeAsync();
        for (var tries = 0; tries < 20 && !bye.IsCompleted; tries++)
        {
            await audio.SendToneAsync(1400, TimeSpan.FromSeconds(0.8));
            await SilenceAsync(audio, TimeSpan.FromSeconds(0.3));
        }
        await bye;

        Assert.Equal(200, answer.Code);
        Assert.Matches("^(123418313001015#)+", audio.Digits());
        var result = await app.NextAsync("AlarmNotificationResult", Patience);
        Assert.Equal(("/result", "Success", "601", "1234", "130"), (result.Path, result["Result"], result["PhoneNumber"], result["AccountNumber"], result["EventCode"]));
        await server.QuietAsync("call", "leg", "rtp_port", "script");
    }

    [Fact]
    public async Task An_alarm_panel_hears_the_receivers_tones_and_its_message_runs_what_is_to_be_done()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/in", WebhookReply.Script("""
            <ReceiveAlarmNotification>
              <Received><GoTo>alarm?a=$account&amp;q=$eventqualifier&amp;e=$eventcode&amp;p=$partition&amp;z=$zone</GoTo></Received>
            </ReceiveAlarmNotification>
            """));
        app.Reply("/alarm", WebhookReply.Script("<Hangup/>"));
        await using var server = await TestServer.StartAsync(
            new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddApiExtension("900", $"{app.Url}/in") });
        await using var panel = await server.RegisteredPhoneAsync("601");
        await using var audio = new RtpProbe();

        var call = await panel.DialAsync("900", audio.Local);
        await call.ConnectAsync();
        audio.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        await WaitAsync(() => audio.ShareOf(1400) > 0.6 && audio.ShareOf(2300) > 0.6, "both tones of the receiver");
        audio.Forget();
        foreach (var key in "123418313001015#")
            await audio.SendDigitAsync(key);
        await audio.HearToneAsync(1400, Patience);
        var told = await app.NextAsync(r => r.Path == "/alarm", "the message", Patience);

        Assert.Equal("?a=1234&q=NewRestore&e=130&p=01&z=015", told.Query);
        await call.ExpectByeAsync();
        await server.QuietAsync("call", "leg", "rtp_port", "script");
    }

    private static Task SilenceAsync(RtpProbe audio, TimeSpan length) => audio.SendToneAsync(400, length, amplitude: 0);

    private static async Task SilenceUntilAsync(RtpProbe audio, Func<bool> condition, string what)
    {
        using var stop = new CancellationTokenSource();
        var silence = audio.SendToneAsync(400, Patience, amplitude: 0, stop: stop.Token);
        await WaitAsync(condition, what);
        await stop.CancelAsync();
        await silence;
    }

    private static Task<bool> WaitAsync(Func<bool> condition, string what) => Eventually.GetAsync(() => Task.FromResult(condition()), met => met, what, Patience);

    /// <summary>Speaks a tone until the other side has heard a second of it: a recording is a little behind.</summary>
    private static async Task SayAsync(RtpProbe from, int frequencyHz, RtpProbe to)
    {
        using var stop = new CancellationTokenSource();
        var talking = from.SendToneAsync(frequencyHz, Patience, stop: stop.Token);
        await to.HearToneAsync(frequencyHz, Patience);
        await to.HearAsync(to.Count + 50, Patience);
        await stop.CancelAsync();
        await talking;
    }
}
