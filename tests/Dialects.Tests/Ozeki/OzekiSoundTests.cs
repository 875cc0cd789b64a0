using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>Play, Speak and SendDTMF on a live call.</summary>
public class OzekiSoundTests
{
    private static readonly string Id = OzekiWorld.First.ToString();

    private readonly OzekiWorld _world = new();

    public OzekiSoundTests() => _world.Exchange.Calls.Add(OzekiWorld.Ordinary() with { Far = 2, Legs = [Leg(1, LegRole.Caller), Leg(2, LegRole.Callee)] });

    [Theory]
    [InlineData("all", null)]
    [InlineData("Caller", 1)]
    [InlineData("callee", 2)]
    public async Task A_file_is_played_to_the_party_that_is_named(string party, int? leg)
    {
        Assert.Equal(200, (await _world.AskAsync($"command=Play&CallId={Id}&Party={party}&AudioFile=menu/hello.wav&Repeat=True")).Code);

        Assert.Equal(new AudioOrder.Play(leg, new AudioSource.File("menu/hello.wav"), Loop: true), Order());
    }

    [Theory]
    [InlineData("&Timeout=10", 10)]
    [InlineData("&Timeout=0", null)]
    public async Task A_file_is_played_no_longer_than_its_timeout(string timeout, int? seconds)
    {
        await _world.AskAsync($"command=Play&CallId={Id}&Party=all&AudioFile=hello.wav&Repeat=true{timeout}");

        Assert.Equal(
            new AudioOrder.Play(null, new AudioSource.File("hello.wav"), Loop: true, Most: seconds is { } s ? TimeSpan.FromSeconds(s) : null), Order());
    }

    [Fact]
    public async Task A_text_is_spoken_to_everybody_unless_a_party_is_named()
    {
        await _world.AskAsync($"command=Speak&CallId={Id}&Text=Your++taxi%0Ais+here&Language=en-us&Voice=Anna");

        Assert.Equal(new AudioOrder.Play(null, new AudioSource.Speech("Your taxi is here", "en-us", "Anna")), Order());
    }

    [Fact]
    public async Task Keys_are_sent_to_the_party_in_capitals()
    {
        await _world.AskAsync($"command=SendDTMF&CallId={Id}&Party=callee&Keys=01%23a");

        Assert.Equal(new AudioOrder.SendKeys(2, "01#A"), Order());
    }

    [Theory]
    [InlineData("Play&AudioFile=gone.wav", PromptFault.NotFound, "AudioFile")]
    [InlineData("Play&AudioFile=http://app.test/huge.mp3", PromptFault.TooLarge, "AudioFile")]
    [InlineData("Speak&Text=hello", PromptFault.NotSpoken, "Text")]
    public async Task What_cannot_be_played_is_302_on_what_names_it_and_nothing_is_played(string command, PromptFault fault, string parameter)
    {
        var world = new OzekiWorld { Prompts = new NoPrompts(fault) };
        world.Exchange.Calls.AddRange(_world.Exchange.Calls);

        var answer = await world.AskAsync($"command={command}&CallId={Id}&Party=all");
        var unknown = await world.AskAsync($"command={command}&CallId=zzz9Q&Party=all");

        Assert.Equal((302, $"Missing or invalid parameter '{parameter}' for command '{command.Split('&')[0]}'"), answer);
        Assert.Equal(601, unknown.Code);
        Assert.Empty(world.Exchange.Asked);
    }

    [Theory]
    [InlineData("Play&Party=all&AudioFile=a.wav", "CallId", "Play")]
    [InlineData("Play&CallId=1&AudioFile=a.wav", "Party", "Play")]
    [InlineData("Play&CallId=1&Party=all", "AudioFile", "Play")]
    [InlineData("Play&CallId=1&Party=all&AudioFile=../a.wav", "AudioFile", "Play")]
    [InlineData("Play&CallId=1&Party=all&AudioFile=a.wav&Repeat=maybe", "Repeat", "Play")]
    [InlineData("Play&CallId=1&Party=all&AudioFile=a.wav&Timeout=ten", "Timeout", "Play")]
    [InlineData("Speak&CallId=1", "Text", "Speak")]
    [InlineData("Speak&CallId=1&Party=everyone&Text=hi", "Party", "Speak")]
    [InlineData("SendDTMF&CallId=1&Party=all", "Keys", "SendDTMF")]
    [InlineData("SendDTMF&CallId=1&Party=all&Keys=12x", "Keys", "SendDTMF")]
    public async Task The_first_wrong_parameter_is_302(string query, string parameter, string command)
    {
        Assert.Equal((302, $"Missing or invalid parameter '{parameter}' for command '{command}'"), await _world.AskAsync("command=" + query));

        Assert.Empty(_world.Exchange.Asked);
    }

    [Theory]
    [InlineData(CallRefusal.WrongState, 303)]
    [InlineData(CallRefusal.CallEnded, 601)]
    public async Task A_refusal_has_its_code(CallRefusal refusal, int code)
    {
        _world.Exchange.Reply = new CallReply(refusal, null);

        Assert.Equal(code, (await _world.AskAsync($"command=Speak&CallId={Id}&Text=hi")).Code);
    }

    [Fact]
    public async Task An_unknown_call_is_601() => Assert.Equal(601, (await _world.AskAsync("command=Speak&CallId=zzz9Q&Text=hi")).Code);

    [Fact]
    public async Task A_party_that_is_not_there_is_303()
    {
        _world.Exchange.Calls.Clear();
        _world.Exchange.Calls.Add(OzekiWorld.Placed() with { Legs = [Leg(1, LegRole.Callee)] });

        Assert.Equal(303, (await _world.AskAsync($"command=Speak&CallId={Id}&Party=caller&Text=hi")).Code);
    }

    private AudioOrder Order() => Assert.IsType<CallCommand.Sound>(Assert.Single(_world.Exchange.Asked)).Order;

    private static Leg Leg(int number, LegRole role) => new()
    {
        Id = new LegId(OzekiWorld.First, number),
        Direction = LegDirection.Outbound,
        Role = role,
        Party = new Party("1"),
        State = new LegState.Bridged(),
        StartedAt = OzekiWorld.Start,
    };

    /// <summary>Nothing can be played.</summary>
    private sealed class NoPrompts(PromptFault fault) : IPrompts
    {
        public ValueTask<PromptFault> PrepareAsync(AudioSource source, int mostOctets, CancellationToken cancellation) => ValueTask.FromResult(fault);
    }
}
