using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.TestKit.Programs;

namespace Switchhook.Server.Tests.Native;

/// <summary>What is asked for the audio of a call, as it reaches the exchange; recordings as they are listed.</summary>
public sealed class NativeSoundTests
{
    [Fact]
    public async Task Every_request_becomes_its_order()
    {
        await using var server = await NativeServer.StartAsync();
        var call = Place(server);

        Assert.Equal(new AudioOrder.Play(1, new AudioSource.File("a.wav"), true, "t"), await OrderAsync(server, call, "play", $$"""{"file":"a.wav","leg":"{{call}}-1","loop":true,"tag":"t"}"""));
        Assert.Equal(
            new AudioOrder.Play(null, new AudioSource.Builtin(BuiltinSound.Busy), true), await OrderAsync(server, call, "play", """{"tone":"busy","loop":true}"""));
        Assert.Equal(new AudioOrder.StopPlaying(null), await OrderAsync(server, call, "play", """{"action":"stop"}"""));
        Assert.Equal(new AudioOrder.Play(null, new AudioSource.Speech("Hi", "de", null)), await OrderAsync(server, call, "speak", """{"text":"Hi","language":"de"}"""));
        Assert.Equal(new AudioOrder.Gather(null, new GatherTerms { MaxDigits = 4, Prompt = new AudioSource.Speech("Pin?") }), await OrderAsync(server, call, "gather", """{"maxDigits":4,"prompt":{"text":"Pin?"}}"""));
        Assert.Equal(new AudioOrder.StopGathering(), await OrderAsync(server, call, "gather", """{"action":"stop"}"""));
        Assert.Equal(new AudioOrder.SendKeys(null, "12#A"), await OrderAsync(server, call, "digits", """{"keys":"12#a"}"""));
        Assert.Equal(new AudioOrder.Mute(null, true), await OrderAsync(server, call, "mute", ""));
        Assert.Equal(new AudioOrder.Mute(null, false), await OrderAsync(server, call, "mute", """{"on":false}"""));
        Assert.Equal(new AudioOrder.Record(null, new RecordingTerms { Format = RecordingFormat.Mp3, EndSilence = TimeSpan.FromSeconds(3) }), await OrderAsync(server, call, "record", """{"format":"mp3","endSilenceSeconds":3}"""));
        Assert.Equal(new AudioOrder.PauseRecording(2, true), await OrderAsync(server, call, "record", """{"action":"pause","recording":2}"""));
        Assert.Equal(new AudioOrder.JoinConference(new RoomName("demo", "r"), new SeatTerms(MemberRole.Listener)), await OrderAsync(server, call, "conference", """{"room":"r","role":"listener"}"""));
        Assert.Equal(new AudioOrder.HoldSeat(true), await OrderAsync(server, call, "conference", """{"action":"hold"}"""));
    }

    [Theory]
    [InlineData("play", "{}")]
    [InlineData("play", """{"tone":"dial"}""")]
    [InlineData("play", """{"tone":"busy","file":"a.wav"}""")]
    [InlineData("play", """{"file":"a.wav","leg":"1"}""")]
    [InlineData("play", """{"file":"a.wav","volume":3}""")]
    [InlineData("speak", """{"text":7}""")]
    [InlineData("gather", """{"maxDigits":0}""")]
    [InlineData("gather", """{"endKeys":"x"}""")]
    [InlineData("gather", """{"prompt":{"text":"a","file":"b"}}""")]
    [InlineData("digits", """{"keys":"12 3"}""")]
    [InlineData("digits", """{"keys":"11111111111111111111111111111111111111111111111111111111111111111"}""")]
    [InlineData("mute", """{"on":"yes"}""")]
    [InlineData("record", """{"action":"rewind"}""")]
    [InlineData("record", """{"stereo":true,"sides":"party"}""")]
    [InlineData("conference", "{}")]
    [InlineData("conference", """{"room":"r","role":"coach"}""")]
    [InlineData("supervise", """{"call":"no call"}""")]
    [InlineData("supervise", "[]")]
    public async Task What_makes_no_sense_is_refused_and_asked_of_nobody(string address, string body)
    {
        await using var server = await NativeServer.StartAsync();
        var call = Place(server);

        var answer = await server.PostAsync($"/switchhook/v1/calls/{call}/{address}", body);

        Assert.Equal((400, "bad-request"), (answer.Status, answer.Code));
        Assert.Empty(server.Exchange.Asked);
    }

    [Fact]
    public async Task Another_accounts_calls_look_like_none()
    {
        await using var server = await NativeServer.StartAsync();
        var call = Place(server);
        var foreign = Place(server, "other");

        var muted = await server.PostAsync($"/switchhook/v1/calls/{foreign}/mute", "");
        var supervised = await server.PostAsync($"/switchhook/v1/calls/{call}/supervise", $$"""{"call":"{{foreign}}"}""");

        Assert.Equal((404, "no-such-call"), (muted.Status, muted.Code));
        Assert.Equal((404, "no-such-call"), (supervised.Status, supervised.Code));
        Assert.Empty(server.Exchange.Asked);
    }

    [Fact]
    public async Task A_refusal_of_the_exchange_has_its_name()
    {
        await using var server = await NativeServer.StartAsync();
        var call = Place(server);
        server.Exchange.Refuse = CallRefusal.AlreadyRecording;

        var answer = await server.PostAsync($"/switchhook/v1/calls/{call}/record", "");

        Assert.Equal((409, "already-recording"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Recordings_of_the_account_are_listed_and_downloaded_and_nothing_else_is()
    {
        using var folder = new TempFolder();
        await using var server = await NativeServer.StartAsync(recordings: folder.Path);
        var (call, foreign) = (Place(server), Place(server, "other"));
        foreach (var id in (CallId[])[call, foreign])
        {
            Directory.CreateDirectory(folder.At(id.ToString()));
            await File.WriteAllBytesAsync(folder.At($"{id}/{id}-1.wav"), [1, 2, 3]);
            await File.WriteAllTextAsync(folder.At($"{id}/{id}-1.json"), """{"state": "recovered", "lengthMs": 1500, "channels": 1, "sampleRateHz": 8000}""");
        }
        await File.WriteAllTextAsync(folder.At("secret.wav"), "no");

        var list = (await server.GetAsync("/switchhook/v1/recordings")).Json.GetProperty("recordings");
        var audio = await server.GetAsync($"/switchhook/v1/recordings/{call}-1/audio");
        var theirs = await server.GetAsync($"/switchhook/v1/recordings/{foreign}-1/audio");
        var outside = await server.GetAsync("/switchhook/v1/recordings/..%2Fsecret/audio");
        var missing = await server.GetAsync($"/switchhook/v1/recordings/{call}-2");

        var shown = Assert.Single(list.EnumerateArray());
        Assert.Equal(($"{call}-1", "recovered", 1.5), (shown.GetProperty("id").GetString(), shown.GetProperty("state").GetString(), shown.GetProperty("lengthSeconds").GetDouble()));
        Assert.Equal((200, "audio/wav"), (audio.Status, audio.Type));
        Assert.Equal([404, 404, 404], [theirs.Status, outside.Status, missing.Status]);
    }

    private static CallId Place(NativeServer server, string account = "demo") => server.Exchange.Place(new CallCommand.Originate
    {
        Dialect = "native",
        Account = account,
        Caller = new Party("101"),
        Dialed = "101",
        Then = new OnAnswer.Wait(),
    }).Id;

    private static async Task<AudioOrder> OrderAsync(NativeServer server, CallId call, string address, string body)
    {
        var answer = await server.PostAsync($"/switchhook/v1/calls/{call}/{address}", body);
        Assert.True(answer.Status == 200, answer.Text);
        return Assert.IsType<CallCommand.Sound>(server.Exchange.Asked[^1]).Order;
    }
}
