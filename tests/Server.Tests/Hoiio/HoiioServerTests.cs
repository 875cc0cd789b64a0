using System.Text.Json.Nodes;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Hoiio;

/// <summary>The whole server as an application of the Hoiio dialect sees it: forms in, signed forms out, a real carrier on the other side.</summary>
[Collection(HoiioLabCollection.Name)]
public sealed partial class HoiioServerTests(HoiioLab lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private HoiioApi Hoiio => lab.Hoiio;

    [Fact]
    public async Task An_application_dials_says_something_and_hangs_up()
    {
        var dialled = await DialAsync(("msg", "Hello"), ("tag", "order-77"));
        await dialled.Phone.AnswerAsync(ScriptedPhone.SilentSdp());
        var answered = await NextAsync(dialled, "dial");

        var hangup = await Hoiio.PostAsync("ivr/end/hangup", ("session", dialled.Session), ("notify_url", dialled.Url), ("msg", ""), ("tag", ""));
        await dialled.Phone.ExpectByeAsync(Patience);
        var ended = await NextAsync(dialled, "hangup");
        var late = await Hoiio.GetAsync("ivr/end/hangup", ("session", dialled.Session));

        Assert.Equal(("answered", "ongoing", "order-77", dialled.Number), (answered["dial_status"], answered["call_state"], answered["tag"], answered["dest"]));
        Assert.Equal("success_ok", hangup.Status);
        Assert.Equal(("ended", "1", "SGD", "0.024", "0.024"), (ended["call_state"], ended["duration"], ended["currency"], ended["rate"], ended["debit"]));
        Assert.Equal(HoiioLab.Sign(ended.Body), ended.Headers["X-Hoiio-Signature"]);
        Assert.Equal("error_session_ended", late.Status);
        AssertToldOnce(dialled);
    }

    [Fact]
    public async Task A_phone_that_is_busy_ends_the_attempt_with_one_notification()
    {
        var dialled = await DialAsync();

        await dialled.Phone.RejectAsync(486);
        var ended = await NextAsync(dialled, "dial");

        Assert.Equal(("busy", "ended", "0", "0.000"), (ended["dial_status"], ended["call_state"], ended["duration"], ended["debit"]));
        AssertToldOnce(dialled);
    }

    [Fact]
    public async Task Digits_are_gathered_by_what_the_phone_plays_and_a_hangup_tells_them()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            await Hoiio.GetAsync("ivr/middle/gather", ("session", dialled.Session), ("msg", "<speech gender=\"male\">Type your code</speech>"), ("max_digits", "2"), ("timeout", "20"), ("notify_url", dialled.Url));
            await Eventually.TrueAsync(() => probe.Count > 20, "the prompt is heard", Patience);
            await PressAsync(probe, "42");
            var gathered = await NextAsync(dialled, "gather");
            await Hoiio.PostAsync("ivr/middle/gather", ("session", dialled.Session), ("max_digits", "5"), ("timeout", "60"), ("notify_url", dialled.Url));
            await PressAsync(probe, "7");
            await KeysHeardAsync(dialled, 3);

            await dialled.Phone.HangUpAsync();
            var ended = await NextAsync(dialled, "gather");

            Assert.Equal(("42", "ongoing"), (gathered["digits"], gathered["call_state"]));
            Assert.Equal(("7", "ended", "1"), (ended["digits"], ended["call_state"], ended["duration"]));
            AssertToldOnce(dialled);
        }
    }

    [Fact]
    public async Task Music_is_heard_on_hold_until_unhold()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            var held = await Hoiio.PostAsync("ivr/middle/hold", ("session", dialled.Session));
            await Eventually.TrueAsync(() => probe.Count > 50, "music is heard", Patience);
            var refused = await Hoiio.PostAsync("ivr/middle/play", ("session", dialled.Session), ("msg", "Hello"));
            var unheld = await Hoiio.PostAsync("ivr/middle/unhold", ("session", dialled.Session), ("notify_url", dialled.Url));

            var told = await NextAsync(dialled, "unhold");

            Assert.Equal(("success_ok", "error_session_not_ready", "success_ok"), (held.Status, refused.Status, unheld.Status));
            Assert.Equal("ongoing", told["call_state"]);
            await HangUpAsync(dialled);
        }
    }

    [Fact]
    public async Task A_file_is_played_and_what_is_no_file_is_refused_at_once()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            var path = $"/{dialled.Number[1..]}.wav";
            lab.App.Reply(path, new WebhookReply(200, ContentType: "audio/wav") { Bytes = WavFiles.Sine(0.6, 440) });
            lab.App.Reply(path + "x.mp3", new WebhookReply(200, "no audio at all"));
            lab.App.Reply(path + "y.mp3", new WebhookReply(404));

            var noAudio = await Hoiio.PostAsync("ivr/middle/play", ("session", dialled.Session), ("msg", $"<url>{lab.App.Url}{path}x.mp3</url>"));
            var notThere = await Hoiio.PostAsync("ivr/middle/play", ("session", dialled.Session), ("msg", $"<url>{lab.App.Url}{path}y.mp3</url>"));
            var played = await Hoiio.PostAsync("ivr/middle/play", ("session", dialled.Session), ("msg", $"<url>{lab.App.Url}{path}</url><url>{lab.App.Url}{path}</url>"), ("notify_url", dialled.Url));
            await NextAsync(dialled, "play");

            Assert.Equal(("error_msg_invalid_file_format", "error_msg_download_failed", "success_ok"), (noAudio.Status, notThere.Status, played.Status));
            Assert.True(probe.Count >= 50, $"{probe.Count} packets of the two files");
            await HangUpAsync(dialled);
        }
    }

    [Fact]
    public async Task A_graceful_hangup_says_goodbye_first_and_refuses_another_meanwhile()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            var hangup = await Hoiio.PostAsync("ivr/end/hangup", ("session", dialled.Session), ("msg", "Thank you very much for your call, and goodbye until the next time"), ("notify_url", dialled.Url));
            await Eventually.TrueAsync(() => probe.Count > 5, "the message is heard", Patience);
            var again = await Hoiio.PostAsync("ivr/end/hangup", ("session", dialled.Session), ("force", "enabled"));
            await dialled.Phone.ExpectByeAsync(Patience);
            var ended = await NextAsync(dialled, "hangup");

            Assert.Equal(("success_ok", "error_hangup_already_in_progress"), (hangup.Status, again.Status));
            Assert.Equal("ended", ended["call_state"]);
            AssertToldOnce(dialled);
        }
    }

    [Fact]
    public async Task A_forced_hangup_while_it_rings_cancels()
    {
        var dialled = await DialAsync();
        await dialled.Phone.RingAsync();

        var plain = await Hoiio.PostAsync("ivr/end/hangup", ("session", dialled.Session));
        var forced = Hoiio.PostAsync("ivr/end/hangup", ("session", dialled.Session), ("force", "enabled"), ("notify_url", dialled.Url));
        await dialled.Phone.ExpectCancelAsync(Patience);
        var ended = await NextAsync(dialled, "hangup");

        Assert.Equal(("error_session_not_ready", "success_ok"), (plain.Status, (await forced).Status));
        Assert.Equal(("ended", "0"), (ended["call_state"], ended["duration"]));
        AssertToldOnce(dialled);
    }

    [Fact]
    public async Task Another_application_has_no_access()
    {
        var dialled = await DialAsync();
        using var other = Hoiio.As(HoiioLab.OtherAppId, HoiioLab.OtherToken);

        var hangup = await other.PostAsync("ivr/end/hangup", ("session", dialled.Session), ("force", "enabled"));
        var query = await other.PostAsync("voice/query_status", ("txn_ref", dialled.Reference));
        await dialled.Phone.RejectAsync(486);
        await NextAsync(dialled, "dial");
        var late = await other.PostAsync("ivr/end/hangup", ("session", dialled.Session));

        Assert.Equal(("error_session_access_denied", "error_txn_ref_access_denied", "error_session_access_denied"), (hangup.Status, query.Status, late.Status));
    }

    [Fact]
    public async Task Hangups_from_every_side_in_the_same_instant_make_one_end()
    {
        var dialled = await AnsweredAsync(out var probe);
        await using (probe)
        {
            var id = dialled.Session[2..];
            lab.Carrier.AlwaysAnswer("BYE", 200);

            var asked = Enumerable.Range(0, 16).Select(async i => (i % 4) switch
            {
                0 => (await Hoiio.PostAsync("ivr/end/hangup", ("session", dialled.Session), ("force", i % 2 == 0 ? "enabled" : ""), ("notify_url", dialled.Url))).Status,
                1 => (await Hoiio.GetAsync("voice/hangup", ("txn_ref", dialled.Reference))).Status,
                2 => $"ozeki {(await lab.Server.Ozeki.HangUpAsync(id)).Code}",
                _ => $"native {(await lab.Server.Native.HangUpAsync(id)).Status}",
            }).ToList();
            var answers = await Task.WhenAll(asked);
            await lab.App.NextAsync(r => r["session"] == dialled.Session && r["call_state"] == "ended", "the end", Patience);

            Assert.All(answers, a => Assert.Contains(a, (string[])["success_ok", "error_hangup_already_in_progress", "error_session_ended", "native 200", "ozeki 200", "ozeki 601"]));
            await lab.Server.QuietAsync("call", "leg", "rtp_port", "recording", "mixer_seat");
            AssertToldOnce(dialled);
        }
    }

    [Fact]
    public async Task A_call_the_native_API_placed_is_played_to_and_hung_up_here()
    {
        var number = lab.NextNumber();
        var placed = lab.Server.Native.PlaceAsync(new JsonObject { ["to"] = number });
        var phone = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number[1..], StringComparison.Ordinal), Patience);
        await phone.AnswerAsync(ScriptedPhone.SilentSdp());
        var id = (await placed).Json.GetProperty("id").GetString()!;
        var url = $"{lab.App.Url}/{number[1..]}";
        await Eventually.TrueAsync(async () => (await lab.Server.Native.CallAsync(id)).State == "talking", "the call talks", Patience);

        var played = await Hoiio.PostAsync("ivr/middle/play", ("session", $"S-{id}"), ("msg", "Hello"), ("notify_url", url));
        await lab.App.NextAsync(r => r.Path == new Uri(url).AbsolutePath && r["ivr_block"] == "play", "the end of the message", Patience);
        var hangup = await Hoiio.PostAsync("ivr/end/hangup", ("session", $"S-{id}"), ("notify_url", url));
        await phone.ExpectByeAsync(Patience);

        Assert.Equal(("success_ok", "success_ok"), (played.Status, hangup.Status));
        Assert.Equal("ended", (await lab.App.NextAsync(r => r.Path == new Uri(url).AbsolutePath && r["ivr_block"] == "hangup", "the end", Patience))["call_state"]);
    }

    private async Task<Dialled> DialAsync(params (string Name, string Value)[] parameters)
    {
        var number = lab.NextNumber();
        var url = $"{lab.App.Url}/{number[1..]}";
        var reply = await Hoiio.PostAsync("ivr/start/dial", [("dest", number), ("notify_url", url), ("caller_id", ""), .. parameters]);
        Assert.Equal("success_ok", reply.Status);
        var phone = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number[1..], StringComparison.Ordinal));
        return new Dialled(number, url, reply["session"], reply["txn_ref"], phone);
    }

    /// <summary>A call the phone has answered, audio included, and the application's turn.</summary>
    private Task<Dialled> AnsweredAsync(out RtpProbe probe)
    {
        var audio = probe = new RtpProbe();
        return AnswerAsync();

        async Task<Dialled> AnswerAsync()
        {
            var dialled = await DialAsync();
            await dialled.Phone.AnswerAsync(Sdp.Audio(audio.Local, "0 101"));
            audio.Remote = Sdp.AudioEndpoint(dialled.Phone.RemoteSdp);
            await NextAsync(dialled, "dial");
            return dialled;
        }
    }

    private async Task HangUpAsync(Dialled dialled)
    {
        var hangup = Hoiio.PostAsync("ivr/end/hangup", ("session", dialled.Session), ("force", "enabled"), ("notify_url", dialled.Url));
        await dialled.Phone.ExpectByeAsync(Patience);
        Assert.Equal("success_ok", (await hangup).Status);
        await NextAsync(dialled, "hangup");
        AssertToldOnce(dialled);
    }

    /// <summary>A call from outside to the application's number.</summary>
    private Task<ScriptedCall> CallInAsync()
    {
        var invite = lab.Carrier.Invite(HoiioLab.OwnNumber);
        invite.Set("From", $"<sip:{lab.NextNumber()}@carrier.example>;tag={lab.NextNumber()[1..]}");
        return ScriptedCall.PlaceAsync(lab.Carrier, invite);
    }

    private static async Task PressAsync(RtpProbe probe, string keys)
    {
        foreach (var key in keys)
            await probe.SendDigitAsync(key);
    }

    /// <summary>Waits until the server has heard so many keys of the call.</summary>
    private Task KeysHeardAsync(Dialled dialled, int keys) => Eventually.TrueAsync(
        async () => (await lab.Server.Native.GetAsync($"calls/{dialled.Session[2..]}/trace")).Text.Split("digit.heard").Length > keys, $"{keys} keys are heard", Patience);

    private async Task<bool> RecordingAsync() => (await lab.Server.MetricsAsync()).Live("recording") > 0;

    private Task<WebhookRequest> IncomingAsync(ScriptedCall caller) => lab.App.NextAsync(
        r => r.Path == "/in" && r["ivr_block"] == "answer" && r["call_state"] == "ringing" && caller.Local.Contains(r["from"], StringComparison.Ordinal), "the announcement", Patience);

    private Task<WebhookRequest> NextAsync(Dialled dialled, string block) =>
        lab.App.NextAsync(r => r.Path == new Uri(dialled.Url).AbsolutePath && r["ivr_block"] == block, $"{block} of {dialled.Session}", Patience);

    private void AssertToldOnce(Dialled dialled) =>
        Assert.Single(lab.App.All, r => r["session"] == dialled.Session && r["call_state"] == "ended");

    private sealed record Dialled(string Number, string Url, string Session, string Reference, ScriptedCall Phone);
}
