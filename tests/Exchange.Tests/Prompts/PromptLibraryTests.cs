using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Prompts;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Exchange.Tests.Prompts;

public sealed class PromptLibraryTests : IDisposable, ISpeech
{
    private readonly TempFolder _folder = new();
    private readonly string _root;
    private readonly PromptLibrary _prompts;
    private SpeechReply _speech = new(WavFiles.Sine(0.1), null);

    public PromptLibraryTests()
    {
        _root = _folder.At("prompts");
        Directory.CreateDirectory(Path.Combine(_root, "menu"));
        File.WriteAllBytes(Path.Combine(_root, "hello.wav"), WavFiles.Sine(0.1));
        File.WriteAllBytes(Path.Combine(_root, "menu", "main.wav"), WavFiles.Sine(0.2));
        File.WriteAllBytes(_folder.At("secret.wav"), WavFiles.Sine(0.1));
        Directory.CreateDirectory(_folder.At("prompts-of-others"));
        File.WriteAllBytes(Path.Combine(_folder.At("prompts-of-others"), "theirs.wav"), WavFiles.Sine(0.1));
        _prompts = new PromptLibrary(_root, this);
    }

    public void Dispose() => _folder.Dispose();

    public ValueTask<SpeechReply> SpeakAsync(string text, string? language, string? voice, CancellationToken cancellation) => ValueTask.FromResult(_speech);

    [Theory]
    [InlineData("hello.wav", 100)]
    [InlineData("menu/main.wav", 200)]
    [InlineData("./menu/../hello.wav", 100)]
    public void A_file_below_the_directory_is_played(string name, int milliseconds)
    {
        var reply = _prompts.File(name);

        Assert.Null(reply.Error);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), reply.Prompt!.Length);
    }

    [Theory]
    [InlineData("../secret.wav")]
    [InlineData("menu/../../secret.wav")]
    [InlineData("../prompts-of-others/theirs.wav")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData(".")]
    public void Nothing_outside_the_directory_is_reached(string name)
    {
        var reply = _prompts.File(name);

        Assert.Null(reply.Prompt);
        Assert.Contains("outside", reply.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_played_as_one()
    {
        var source = new AudioSource.Sequence([new AudioSource.File("hello.wav"), new AudioSource.Speech("text"), new AudioSource.File("menu/main.wav")]);

        var reply = await _prompts.LoadAsync(source, default);

        Assert.Equal(TimeSpan.FromMilliseconds(400), reply.Prompt!.Length);
    }

    [Theory]
    [InlineData("GB", 3_000, 760, 1_500)]       // one period of each, in frames of 20 ms
    [InlineData("hu", 5_000, 600, 600)]
    [InlineData(null, 5_000, 1_000, 500)]
    public async Task The_tones_of_the_exchange_are_those_of_the_country_it_is_told(string? country, int ringingMs, int busyMs, int congestionMs)
    {
        var prompts = new PromptLibrary(_root, this, sounds: OwnSounds.Of(country));

        var sounds = new List<double>();
        foreach (var sound in (BuiltinSound[])[BuiltinSound.Ringing, BuiltinSound.Busy, BuiltinSound.Congestion])
            sounds.Add((await prompts.LoadAsync(new AudioSource.Builtin(sound), default)).Prompt!.Length.TotalMilliseconds);

        Assert.Equal([ringingMs, busyMs, congestionMs], sounds);
    }

    [Fact]
    public async Task What_cannot_be_played_is_known_before_it_is_played()
    {
        File.WriteAllText(Path.Combine(_root, "text.wav"), "no sound");
        var check = new PromptCheck(_prompts);

        var fine = await check.PrepareAsync(new AudioSource.Builtin(BuiltinSound.WaitingMusic), 1, default);
        var missing = await check.PrepareAsync(new AudioSource.File("nothing.wav"), 1, default);
        var noSound = await check.PrepareAsync(new AudioSource.File("text.wav"), 1, default);
        _speech = new SpeechReply(default, "no voice");
        var unspoken = await check.PrepareAsync(new AudioSource.Sequence([new AudioSource.File("hello.wav"), new AudioSource.Speech("text")]), 1, default);

        Assert.Equal((PromptFault.None, PromptFault.NotFound, PromptFault.BadFormat, PromptFault.NotSpoken), (fine, missing, noSound, unspoken));
    }

    [Fact]
    public void The_whole_path_of_a_file_in_the_directory_will_do() => Assert.NotNull(_prompts.File(Path.Combine(_root, "hello.wav")).Prompt);

    [Theory]
    [InlineData("link.wav", "../secret.wav")]
    [InlineData("link.wav", "menu/../../secret.wav")]
    [InlineData("link.wav", "../prompts-of-others/theirs.wav")]
    public void A_link_does_not_lead_out(string name, string target)
    {
        File.CreateSymbolicLink(Path.Combine(_root, name), target);

        Assert.Contains("outside", _prompts.File(name).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_linked_directory_does_not_lead_out_either()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "others"), _folder.At("prompts-of-others"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "up"), "..");

        Assert.Contains("outside", _prompts.File("others/theirs.wav").Error, StringComparison.Ordinal);
        Assert.Contains("outside", _prompts.File("up/secret.wav").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_stay_inside_are_followed()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "start.wav"), "hello.wav");
        File.CreateSymbolicLink(Path.Combine(_root, "menu", "up.wav"), "../start.wav");
        Directory.CreateSymbolicLink(Path.Combine(_root, "ivr"), Path.Combine(_root, "menu"));

        Assert.NotNull(_prompts.File("start.wav").Prompt);
        Assert.NotNull(_prompts.File("menu/up.wav").Prompt);
        Assert.NotNull(_prompts.File("ivr/main.wav").Prompt);
    }

    [Fact]
    public void The_directory_itself_may_be_a_link()
    {
        Directory.CreateSymbolicLink(_folder.At("linked"), _root);

        Assert.NotNull(new PromptLibrary(_folder.At("linked"), this).File("menu/main.wav").Prompt);
    }

    [Fact]
    public void Links_in_a_circle_are_an_error_and_not_an_exception()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "a.wav"), "b.wav");
        File.CreateSymbolicLink(Path.Combine(_root, "b.wav"), "a.wav");

        var reply = _prompts.File("a.wav");

        Assert.Null(reply.Prompt);
        Assert.NotNull(reply.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello.wav\0.txt")]
    [InlineData("\0")]
    public void What_is_no_file_name_is_refused(string name) => Assert.Equal("not a file name", _prompts.File(name).Error);

    [Fact]
    public void A_name_without_end_is_refused()
    {
        Assert.Equal("not a file name", _prompts.File(new string('a', 1025)).Error);
        Assert.NotNull(_prompts.File(new string('a', 1000)).Error);
    }

    [Theory]
    [InlineData("missing.wav")]
    [InlineData("menu")]
    [InlineData("hello.wav/more")]
    public void A_file_that_is_not_there_is_named(string name) => Assert.Contains($"'{name}'", _prompts.File(name).Error, StringComparison.Ordinal);

    [Fact]
    public void A_broken_wav_says_what_is_wrong_with_it()
    {
        File.WriteAllText(Path.Combine(_root, "broken.wav"), "this is no RIFF file");

        Assert.StartsWith("'broken.wav' cannot be played: ", _prompts.File("broken.wav").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_kept_until_it_changes()
    {
        var file = Path.Combine(_root, "hello.wav");
        var first = _prompts.File("hello.wav").Prompt;
        Assert.Same(first, _prompts.File("hello.wav").Prompt);

        File.WriteAllBytes(file, WavFiles.Sine(0.3));
        var second = _prompts.File("hello.wav").Prompt;
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(1));
        var third = _prompts.File("hello.wav").Prompt;
        File.Delete(file);

        Assert.Equal(TimeSpan.FromMilliseconds(300), second!.Length);
        Assert.NotSame(second, third);
        Assert.Null(_prompts.File("hello.wav").Prompt);
    }

    [Fact]
    public async Task Speech_is_played_or_says_why_not()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(100), (await _prompts.SpeechAsync("Hello", null, null, default)).Prompt!.Length);

        _speech = new SpeechReply(default, "no voice");
        Assert.Equal("no voice", (await _prompts.SpeechAsync("Hello", null, null, default)).Error);
        _speech = new SpeechReply("nonsense"u8.ToArray(), null);
        Assert.Contains("cannot be played", (await _prompts.SpeechAsync("Hello", null, null, default)).Error, StringComparison.Ordinal);
    }
}
