using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>Recordings that were still being closed when the server was killed, their calls over.</summary>
public sealed class CatapultLeftRecordingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_recording_whose_call_was_over_at_a_kill_is_told_once_after_the_restart()
    {
        using var ffmpeg = new HeldFfmpeg();
        await using var app = await WebhookInbox.StartAsync();
        await using var carrier = CatapultLab.OpenCarrier();
        var setup = new ServerSetup { Provisioning = CatapultLab.Provisioning(app.Url, carrier.Local.Port), Environment = ffmpeg.Variables };
        await using var server = await TestServer.StartAsync(setup);
        carrier.Settings = carrier.Settings with { Server = server.SipUdp };
        using var catapult = CatapultLab.ApiOf(server);
        var call = await catapult.PostAsync("calls", new
        {
            from = CatapultLab.Own,
            to = "+13365550001",
            callbackUrl = $"{app.Url}/events",
            tag = "kept",
            recordingEnabled = true,
            recordingFileFormat = "mp3",
        });
        var offered = await carrier.IncomingAsync(Patience);
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await Eventually.GetAsync(() => catapult.GetAsync($"calls/{call.Id}/recordings"), r => r.Json.GetArrayLength() == 1, "it is recorded", Patience);
        await offered.HangUpAsync();
        await app.NextAsync(r => CatapultLab.Of(r, "eventType") == "hangup", "hangup", Patience);
        var began = (await catapult.GetAsync($"calls/{call.Id}/recordings")).Json[0].GetProperty("startTime").GetString();
        await Eventually.TrueAsync(() => ffmpeg.WasAsked, "the MP3 is being made", Patience);

        await server.KillAsync();
        ffmpeg.Free();
        await using var again = await server.StartAgainAsync();
        var recorded = await app.NextAsync(r => CatapultLab.Of(r, "eventType") == "recording", "recording", Patience);
        using var after = CatapultLab.ApiOf(again);
        var shown = await after.GetAsync($"recordings/{CatapultLab.Of(recorded, "recordingId")}");
        var media = await after.GetAsync($"media/{call.Id}-1.mp3");
        var log = await after.GetAsync($"calls/{call.Id}/events");
        await again.QuietAsync("call", "recording");

        Assert.Equal(
            (call.Id, "complete", "complete", "kept"),
            (CatapultLab.Of(recorded, "callId"), CatapultLab.Of(recorded, "state"), CatapultLab.Of(recorded, "status"), CatapultLab.Of(recorded, "tag")));
        Assert.Equal((200, "complete"), (shown.Status, shown["state"]));
        Assert.Equal((200, "audio/mpeg"), (media.Status, media.ContentType));
        Assert.Equal(["hangup", "recording"], log.Json.EnumerateArray().Select(static e => e.GetProperty("name").GetString()!).TakeLast(2));
        Assert.Equal((began, shown["endTime"]), (CatapultLab.Of(recorded, "startTime"), CatapultLab.Of(recorded, "endTime")));
        Assert.Single(app.All, r => CatapultLab.Of(r, "eventType") == "recording");
    }

    [Fact]
    public async Task What_a_document_was_recording_at_a_kill_is_told_to_the_address_of_its_verb()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var carrier = CatapultLab.OpenCarrier();
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = CatapultLab.Provisioning(app.Url, carrier.Local.Port) });
        carrier.Settings = carrier.Settings with { Server = server.SipUdp };
        app.Reply(
            r => r.Path == "/bxml" && CatapultLab.Of(r, "eventType") == "answer",
            new WebhookReply(200, "<Response><Record requestUrl='/voicemail' silenceTimeout='60' tag='vm'/></Response>", "text/xml"));
        var placed = await ScriptedCall.PlaceAsync(carrier, carrier.Invite(CatapultLab.Documents).WithSdp(ScriptedPhone.SilentSdp()));
        await placed.ConnectAsync(Patience);
        var id = CatapultLab.Of(await app.NextAsync(r => CatapultLab.Of(r, "eventType") == "answer", "the question for a document", Patience), "callId");
        using var catapult = CatapultLab.ApiOf(server);
        await Eventually.GetAsync(() => catapult.GetAsync($"calls/{id}/recordings"), r => r.Json.GetArrayLength() == 1, "it is recorded", Patience);

        await server.KillAsync();
        await using var again = await server.StartAgainAsync();
        await placed.ExpectByeAsync(Patience);
        var recorded = await app.NextAsync(r => r.Path == "/voicemail", "recording", Patience);

        Assert.Equal(
            ("GET", "recording", id, "complete", "vm"),
            (recorded.Method, CatapultLab.Of(recorded, "eventType"), CatapultLab.Of(recorded, "callId"), CatapultLab.Of(recorded, "status"), CatapultLab.Of(recorded, "tag")));
        Assert.Single(app.All, r => r.Path == "/voicemail");
    }
}
