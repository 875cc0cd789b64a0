using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>Record on a live call.</summary>
public class OzekiRecordTests
{
    private static readonly string Id = OzekiWorld.First.ToString();

    private readonly OzekiWorld _world = new();

    [Fact]
    public async Task Both_directions_of_an_ordinary_call_are_recorded_until_it_ends()
    {
        _world.Exchange.Calls.Add(OzekiWorld.Ordinary() with { Far = 2 });

        var answer = await _world.AskAsync(
            $"command=Record&CallId={Id}&FinishedURL=http%3A%2F%2Fapp.test%2Frec%3Fa%3D1&Duration=60&Inactivity=5&FinishDigits=%23");

        Assert.Equal(200, answer.Code);
        Assert.Equal(
            new AudioOrder.Record(null, new RecordingTerms { Format = RecordingFormat.Mp3, Callback = new RecordingCallback("ozeki", "http://app.test/rec?a=1") }), Order());
    }

    [Fact]
    public async Task On_a_call_of_an_application_length_silence_and_keys_end_it()
    {
        _world.Exchange.Calls.Add(OzekiWorld.Placed());

        await _world.AskAsync($"command=Record&CallId={Id}&Format=WAV&Duration=60&Inactivity=5&FinishDigits=*a");

        Assert.Equal(
            new AudioOrder.Record(null, new RecordingTerms { Format = RecordingFormat.Wav, MostLength = TimeSpan.FromSeconds(60), EndSilence = TimeSpan.FromSeconds(5), EndKeys = "*A" }),
            Order());
    }

    [Theory]
    [InlineData("vm/601", "vm/601")]
    [InlineData("C:\\rec\\2026\\", "rec/2026")]
    [InlineData("/var/rec", "var/rec")]
    [InlineData("C:\\", null)]
    public async Task A_folder_is_taken_below_the_recordings(string path, string? folder)
    {
        _world.Exchange.Calls.Add(OzekiWorld.Ordinary() with { Far = 2 });

        await _world.AskAsync($"command=Record&CallId={Id}&Format=wav&RecordPath={Uri.EscapeDataString(path)}");

        Assert.Equal(new AudioOrder.Record(null, new RecordingTerms { Format = RecordingFormat.Wav, Folder = folder }), Order());
    }

    [Theory]
    [InlineData("", "CallId")]
    [InlineData("&CallId=1&Format=ogg&Duration=x", "Format")]
    [InlineData("&CallId=1&FinishedUrl=rec", "FinishedUrl")]
    [InlineData("&CallId=1&FinishedUrl=ftp%3A%2F%2Fapp.test%2F", "FinishedUrl")]
    [InlineData("&CallId=1&RecordPath=vm/../../etc&Duration=x", "RecordPath")]
    [InlineData("&CallId=1&RecordPath=vm/.hidden", "RecordPath")]
    [InlineData("&CallId=1&RecordPath=a%00b", "RecordPath")]
    [InlineData("&CallId=1&Duration=-1", "Duration")]
    [InlineData("&CallId=1&Inactivity=5s", "Inactivity")]
    [InlineData("&CallId=1&FinishDigits=hash", "FinishDigits")]
    public async Task The_first_wrong_parameter_is_302(string query, string parameter)
    {
        Assert.Equal((302, $"Missing or invalid parameter '{parameter}' for command 'Record'"), await _world.AskAsync("command=Record" + query));

        Assert.Empty(_world.Exchange.Asked);
    }

    [Theory]
    [InlineData(CallRefusal.AlreadyRecording, 303)]
    [InlineData(CallRefusal.WrongState, 303)]
    [InlineData(CallRefusal.CallEnded, 601)]
    public async Task A_refusal_has_its_code(CallRefusal refusal, int code)
    {
        _world.Exchange.Calls.Add(OzekiWorld.Ordinary());
        _world.Exchange.Reply = new CallReply(refusal, null);

        Assert.Equal(code, (await _world.AskAsync($"command=Record&CallId={Id}")).Code);
    }

    [Fact]
    public async Task An_unknown_call_is_601() => Assert.Equal(601, (await _world.AskAsync("command=Record&CallId=zzz9Q")).Code);

    private AudioOrder Order() => Assert.IsType<CallCommand.Sound>(Assert.Single(_world.Exchange.Asked)).Order;
}
