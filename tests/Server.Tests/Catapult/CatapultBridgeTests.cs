using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>Two calls put together, held apart, taken out, hung up, over the whole server.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class CatapultBridgeTests(CatapultLab lab) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly RtpProbe _one = new(), _other = new();

    private CatapultApi Catapult => lab.Catapult;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Two_calls_hear_each_other_and_when_one_hangs_up_the_other_stays()
    {
        var (first, a) = await AnsweredAsync(_one);
        var (second, b) = await AnsweredAsync(_other);

        var created = await Catapult.PostAsync("bridges", new { callIds = (string[])[first, second] });
        await TalkAsync(_one, _other, 1100);
        await TalkAsync(_other, _one, 1300);
        var active = await Catapult.GetAsync($"bridges/{created.Id}");
        var calls = await Catapult.GetAsync($"bridges/{created.Id}/calls");
        var seen = await Catapult.GetAsync($"calls/{first}");
        var filtered = await Catapult.GetAsync($"calls?bridgeId={created.Id}");
        await a.HangUpAsync();
        await lab.EventAsync("hangup", first);
        var left = await Catapult.GetAsync($"calls/{second}");
        var half = await Catapult.GetAsync($"bridges/{created.Id}");
        await b.HangUpAsync();
        await lab.EventAsync("hangup", second);
        var over = await Catapult.GetAsync($"bridges/{created.Id}");
        var late = await Catapult.PostAsync($"bridges/{created.Id}", new { bridgeAudio = false });

        Assert.Equal((201, ""), (created.Status, created.Text));
        Assert.EndsWith($"/v1/users/{CatapultLab.User}/bridges/{created.Id}", created.Location, StringComparison.Ordinal);
        Assert.StartsWith("brg-", created.Id, StringComparison.Ordinal);
        Assert.Equal(("active", "True"), (active["state"], active["bridgeAudio"]));
        Assert.NotEqual("", active["activatedTime"]);
        Assert.Equal([first, second], active.Json.GetProperty("callIds").EnumerateArray().Select(static i => i.GetString()));
        Assert.Equal([first, second], calls.Json.EnumerateArray().Select(static c => c.GetProperty("id").GetString()));
        Assert.Equal(created.Id, seen["bridgeId"]);
        Assert.Equal(created.Location, seen["bridge"]);
        Assert.Equal(2, filtered.Json.GetArrayLength());
        Assert.Equal(("active", "active"), (left["state"], half["state"]));
        Assert.Equal("completed", over["state"]);
        Assert.NotEqual("", over["completedTime"]);
        Assert.Equal((400, "bridge-invalid-state"), (late.Status, late["code"]));
    }

    [Fact]
    public async Task A_bridge_is_held_and_freed_and_a_call_taken_out_stays_up()
    {
        var (first, a) = await AnsweredAsync(_one);
        var (second, b) = await AnsweredAsync(_other);
        var bridge = (await Catapult.PostAsync("bridges", new { callIds = (string[])[first, second] })).Id;
        await TalkAsync(_one, _other, 1100);

        await Catapult.PostAsync($"bridges/{bridge}", new { bridgeAudio = "false" });
        var held = await Catapult.GetAsync($"bridges/{bridge}");
        await Catapult.PostAsync($"bridges/{bridge}", new { bridgeAudio = true });
        await TalkAsync(_other, _one, 1500);
        var out1 = await Catapult.PostAsync($"bridges/{bridge}", new { callIds = (string[])[second] });
        await Catapult.SendAsync(HttpMethod.Put, "media/bridge.wav", new ByteArrayContent(WavFiles.Sine(1.5, 800)));
        var played = await Catapult.PostAsync($"bridges/{bridge}/audio", new { fileUrl = $"{lab.Server.Http}v1/users/{CatapultLab.User}/media/bridge.wav" });
        await _other.HearToneAsync(800, Deadline);
        var out2 = await Catapult.PostAsync($"bridges/{bridge}", new { callIds = Array.Empty<string>() });
        var over = await Catapult.GetAsync($"bridges/{bridge}");
        var states = (await Catapult.GetAsync($"calls/{first}"))["state"] + (await Catapult.GetAsync($"calls/{second}"))["state"];
        await a.HangUpAsync();
        await b.HangUpAsync();

        Assert.Equal(("hold", "False"), (held["state"], held["bridgeAudio"]));
        Assert.Equal((200, 200, 200), (out1.Status, out2.Status, played.Status));
        Assert.True(_one.ShareOf(800) < 0.5, "the call that was taken out did not hear the bridge's audio");
        Assert.Equal(("completed", "activeactive"), (over["state"], states));
    }

    [Fact]
    public async Task A_call_made_for_a_bridge_joins_it_when_it_answers()
    {
        var (first, a) = await AnsweredAsync(_one);
        var bridge = (await Catapult.PostAsync("bridges", new { callIds = (string[])[first] })).Id;
        var number = lab.NextNumber();

        var created = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = number, bridgeId = bridge, callbackUrl = $"{lab.App.Url}/events" });
        var b = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal), Deadline);
        var before = await Catapult.GetAsync($"bridges/{bridge}");
        var third = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = lab.NextNumber(), bridgeId = bridge });
        await b.AnswerAsync(Sdp.Audio(_other.Local));
        _other.Remote = Sdp.AudioEndpoint(b.RemoteSdp);
        await _other.SendToneAsync(0, TimeSpan.FromMilliseconds(40));
        await TalkAsync(_one, _other, 1100);
        await TalkAsync(_other, _one, 1300);
        var after = await Catapult.GetAsync($"bridges/{bridge}");
        await a.HangUpAsync();
        await b.HangUpAsync();

        Assert.Equal("created", before["state"]);
        Assert.Equal("active", after["state"]);
        Assert.Contains(created.Id, after.Text, StringComparison.Ordinal);
        Assert.Equal((403, "bridge-callIds-overflow", $"Bridge '{bridge}' already has 2 calls"), (third.Status, third["code"], third["message"]));
        Assert.Equal((404, "bridge-not-found"), await CodeAsync(Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = number, bridgeId = "brg-none" })));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_the_vendor_s_words()
    {
        var (first, a) = await AnsweredAsync(_one);
        var empty = await Catapult.PostAsync("bridges", new { });
        var bridge = (await Catapult.PostAsync("bridges", new { callIds = (string[])[first] })).Id;
        var (second, b) = await AnsweredAsync(_other);
        await b.HangUpAsync();
        await lab.EventAsync("hangup", second);

        var created = await Catapult.GetAsync($"bridges/{empty.Id}");
        Assert.Equal(("created", "[]"), (created["state"], created["callIds"]));
        Assert.Equal((403, "bridge-callIds-overflow"), await CodeAsync(Catapult.PostAsync("bridges", new { callIds = (string[])["c-a", "c-b", "c-c"] })));
        Assert.Equal((403, "call-id-not-found"), await CodeAsync(Catapult.PostAsync("bridges", new { callIds = (string[])["c-a"] })));
        Assert.Equal((400, "bridge-bridged-callId"), await CodeAsync(Catapult.PostAsync($"bridges/{empty.Id}", new { callIds = (string[])[first] })));
        Assert.Equal((403, "call-invalid-state"), await CodeAsync(Catapult.PostAsync($"bridges/{empty.Id}", new { callIds = (string[])[second] })));
        Assert.Equal((400, "bridge-invalid-operation"), await CodeAsync(Catapult.PostAsync($"bridges/{empty.Id}/audio", new { sentence = "hello" })));
        Assert.Equal((400, "validation-error"), await CodeAsync(Catapult.PostAsync($"bridges/{bridge}/audio", new { })));
        Assert.Equal((400, "validation-error"), await CodeAsync(Catapult.PostAsync("bridges", new { callIds = "c-a" })));
        Assert.Equal((400, "validation-error"), await CodeAsync(Catapult.PostAsync("bridges", new { bridgeAudio = "perhaps" })));
        Assert.Equal((404, "bridge-not-found"), await CodeAsync(Catapult.GetAsync("bridges/brg-none")));
        Assert.Equal((404, "bridge-not-found"), await CodeAsync(lab.Other.GetAsync($"bridges/{bridge}")));
        Assert.Equal((404, "bridge-not-found"), await CodeAsync(lab.Other.PostAsync($"bridges/{bridge}", new { callIds = Array.Empty<string>() })));
        Assert.DoesNotContain(bridge, (await lab.Other.GetAsync("bridges")).Text, StringComparison.Ordinal);
        var page = await Catapult.GetAsync("bridges?size=1");
        Assert.Equal(1, page.Json.GetArrayLength());
        Assert.NotNull(page.Next);
        await a.HangUpAsync();
    }

    [Fact]
    public async Task A_bridge_outlives_a_kill_and_is_completed_as_its_calls_are_over()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var carrier = CatapultLab.OpenCarrier("127.0.0.18");
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = CatapultLab.Provisioning(app.Url, carrier.Local.Port, "127.0.0.18") });
        carrier.Settings = carrier.Settings with { Server = server.SipUdp };
        using var catapult = CatapultLab.ApiOf(server);
        var created = await catapult.PostAsync("calls", new { from = CatapultLab.Own, to = "+13365550001", callbackUrl = $"{app.Url}/events" });
        var offered = await carrier.IncomingAsync(Deadline);
        await offered.AnswerAsync(Sdp.Audio(_one.Local));
        await app.NextAsync(r => r.Body.Contains("\"answer\"", StringComparison.Ordinal), "the answer", Deadline);
        var bridge = await catapult.PostAsync("bridges", new { callIds = (string[])[created.Id] });
        var empty = await catapult.PostAsync("bridges", new { bridgeAudio = false });
        await catapult.SendAsync(HttpMethod.Put, "media/kept.txt", new StringContent("kept"));

        await server.KillAsync();
        await server.WaitAsync(Deadline);
        await using var again = await server.StartAgainAsync();
        await offered.ExpectByeAsync(Deadline);
        using var after = CatapultLab.ApiOf(again);
        var over = await Eventually.GetAsync(() => after.GetAsync($"bridges/{bridge.Id}"), b => b["state"] == "completed", "the bridge is over", Deadline);
        var kept = await after.GetAsync($"bridges/{empty.Id}");
        var all = await after.GetAsync("bridges");

        Assert.Contains(created.Id, over.Text, StringComparison.Ordinal);
        Assert.Equal(("created", "False"), (kept["state"], kept["bridgeAudio"]));
        Assert.Equal(2, all.Json.GetArrayLength());
        Assert.Equal("kept", (await after.GetAsync("media/kept.txt")).Text);
    }

    private static async Task<(int, string)> CodeAsync(Task<CatapultAnswer> asked)
    {
        var answer = await asked;
        return (answer.Status, answer["code"]);
    }

    private async Task<(string Id, ScriptedCall Offered)> AnsweredAsync(RtpProbe probe)
    {
        var number = lab.NextNumber();
        var created = await Catapult.PostAsync("calls", new { from = CatapultLab.Own, to = number, callbackUrl = $"{lab.App.Url}/events" });
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal), Deadline);
        await offered.AnswerAsync(Sdp.Audio(probe.Local));
        probe.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        // The first to send is the one whose audio is taken; nobody else's left-over packets are to be.
        await probe.SendToneAsync(0, TimeSpan.FromMilliseconds(40));
        await lab.EventAsync("answer", created.Id);
        return (created.Id, offered);
    }

    /// <summary>Sends a tone from one to the other until it is heard.</summary>
    private static async Task TalkAsync(RtpProbe from, RtpProbe to, double tone)
    {
        using var heard = new CancellationTokenSource();
        var sending = from.SendToneAsync(tone, Deadline, stop: heard.Token);
        await to.HearToneAsync(tone, Deadline);
        await heard.CancelAsync();
        await sending;
    }
}
