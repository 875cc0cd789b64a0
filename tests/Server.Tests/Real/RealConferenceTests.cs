using System.Text.Json.Nodes;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>Two baresips of different codecs and a phone of our own in one conference: who hears whom, who comes and goes, who is muted and held.</summary>
public sealed class RealConferenceTests
{
    private const int First = 440, Second = 1000, Third = 1600, Joined = 880, Left = 660, Music = 523;

    /// <summary>The share of a tone of ours beside a voice, which is much louder; without the tone there is next to nothing.</summary>
    private const double Beside = 0.05;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Members_hear_each_other_tones_of_who_comes_and_goes_and_music_alone_and_on_hold()
    {
        using var data = new TempFolder();
        Directory.CreateDirectory(data.At("prompts"));
        await File.WriteAllBytesAsync(data.At("prompts/music.wav"), WavFiles.Sine(1, Music));
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602").AddPhone("603"),
            Data = data.Path,
            Settings = ["Calls:HoldMusic=music.wav"],
        });
        await using var first = await BaresipAsync(server, "601", First, "PCMU");
        await using var second = await BaresipAsync(server, "602", Second, "G722");
        await using var own = await server.RegisteredPhoneAsync("603");
        await using var ear = new RtpProbe();

        // Our own is alone and hears music.
        var mine = await PlaceAsync(server, "603");
        var call = await own.IncomingAsync();
        await call.AnswerAsync(Sdp.Audio(ear.Local));
        ear.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        await JoinAsync(server, mine);
        await ear.HearToneAsync(Music, Patience);

        // The first comes: a tone, then its voice; what we say reaches it.
        ear.Forget();
        var one = await PlaceAsync(server, "601");
        await first.EventAsync("CALL_ESTABLISHED");
        await JoinAsync(server, one);
        await WaitAsync(() => ear.ShareOf(Joined) > Beside, "the tone of who comes");
        await ear.HearToneAsync(First, Patience);
        await SayUntilAsync(ear, Third, first);

        // The second comes, and is heard beside the first; muted it is not, and unmuted again it is.
        var two = await PlaceAsync(server, "602");
        await second.EventAsync("CALL_ESTABLISHED");
        await JoinAsync(server, two);
        await WaitAsync(() => ear.ShareOf(Second) > 0.3, "the second member");
        await first.HearToneAsync(Second, Patience);
        await second.HearToneAsync(First, Patience);
        await AskAsync(server, two, "mute", new JsonObject { ["on"] = true });
        await HearsAloneAsync(ear, First, without: Second);
        var muted = await RoomAsync(server);
        await AskAsync(server, two, "mute", new JsonObject { ["on"] = false });
        await WaitAsync(() => ear.ShareOf(Second) > 0.3, "the second member, unmuted");

        // On hold we hear music and nobody.
        await AskAsync(server, mine, "conference", new JsonObject { ["action"] = "hold" });
        await HearsAloneAsync(ear, Music, without: First);
        var held = await RoomAsync(server);
        await AskAsync(server, mine, "conference", new JsonObject { ["action"] = "unhold" });
        await WaitAsync(() => ear.ShareOf(First) > 0.3, "the first member, off hold");
        var before = ear.ShareOf(Left);

        // The second goes with a tone, and the others stay.
        ear.Forget();
        await second.HangUpAsync();
        await WaitAsync(() => ear.ShareOf(Left) > Beside, "the tone of who goes");
        await ear.HearToneAsync(First, Patience);
        var after = await RoomAsync(server);

        Assert.True(before < Beside / 2, $"{before} of the tone before anybody had gone");
        Assert.Equal([(one, "601", false, false), (two, "602", true, false), (mine, "603", false, false)], muted.OrderBy(m => m.Number));
        Assert.Contains((mine, "603", false, true), held);
        Assert.Equal(["601", "603"], after.Select(m => m.Number).Order());
        foreach (var id in (string[])[one, mine])
            await server.Native.HangUpAsync(id);
        await call.ExpectByeAsync();
        await server.QuietAsync("call", "leg", "rtp_port");
        Assert.Equal(404, (await server.Native.GetAsync("conferences/standup")).Status);
        Assert.Equal(0, (await server.Native.GetAsync("conferences")).Json.GetProperty("conferences").GetArrayLength());
    }

    private static async Task<BaresipRun> BaresipAsync(TestServer server, string user, int toneHz, string codec)
    {
        var phone = await BaresipRun.StartAsync(new BaresipSettings
        {
            User = user,
            Secret = ProvisioningBuilder.SecretOf(user),
            Server = server.SipUdp,
            ToneHz = toneHz,
            Codecs = codec,
            AnswersByItself = true,
        });
        await phone.RegisteredAsync();
        return phone;
    }

    private static async Task<string> PlaceAsync(TestServer server, string to) =>
        (await server.Native.PlaceAsync(new JsonObject { ["to"] = to })).Json.GetProperty("id").GetString()!;

    private static async Task JoinAsync(TestServer server, string call)
    {
        await Eventually.GetAsync(() => server.Native.CallAsync(call), c => c.State == "talking", "the call is up", Patience);
        await AskAsync(server, call, "conference", new JsonObject { ["room"] = "standup" });
    }

    private static async Task AskAsync(TestServer server, string call, string what, JsonObject body)
    {
        var answer = await server.Native.PostAsync($"calls/{call}/{what}", body);
        Assert.True(answer.Status == 200, answer.Text);
    }

    private static async Task<List<(string Call, string Number, bool Muted, bool Held)>> RoomAsync(TestServer server) =>
    [
        .. (await server.Native.GetAsync("conferences/standup")).Json.GetProperty("members").EnumerateArray().Select(m => (
            m.GetProperty("call").GetString()!, m.GetProperty("number").GetString()!, m.GetProperty("muted").GetBoolean(), m.GetProperty("held").GetBoolean())),
    ];

    /// <summary>Waits until one tone is heard and the other is not: what was on its way is heard first.</summary>
    private static Task<bool> HearsAloneAsync(RtpProbe ear, int tone, int without) => Eventually.GetAsync(
        async () =>
        {
            ear.Forget();
            await ear.HearAsync(ear.Count + 25, Patience);
            return ear.ShareOf(tone) > 0.8 && ear.ShareOf(without) < 0.1;
        },
        met => met, $"{tone} Hz without {without} Hz", Patience);

    private static async Task SayUntilAsync(RtpProbe mouth, int toneHz, BaresipRun ear)
    {
        using var stop = new CancellationTokenSource();
        var talking = mouth.SendToneAsync(toneHz, TimeSpan.FromSeconds(60), stop: stop.Token);
        await ear.HearToneAsync(toneHz, Patience);
        await stop.CancelAsync();
        await talking;
    }

    private static Task<bool> WaitAsync(Func<bool> condition, string what) => Eventually.GetAsync(() => Task.FromResult(condition()), met => met, what, Patience);
}
