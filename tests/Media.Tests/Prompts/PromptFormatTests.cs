using Switchhook.Media.Prompts;
using Switchhook.Media.Tests.Codecs;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Prompts;

public sealed class PromptFormatTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.mp3", "libmp3lame", "mp3", 44_100)]
    [InlineData("a.ogg", "libopus", "ogg", 48_000)]
    [InlineData("a.gsm", "libgsm", "gsm", 8_000)]
    [InlineData("a.wav", "pcm_s24le", "wav", 22_050)]
    [InlineData("a.wav", "pcm_alaw", "wav", 8_000)]
    [InlineData("a.wav", "libgsm_ms", "wav", 8_000)]
    [InlineData("a.wav", "pcm_f32le", "wav", 48_000)]
    public async Task A_tone_in_any_format_is_the_same_tone(string name, string codec, string container, int rateHz)
    {
        var file = await Sounds.FfmpegAsync(Sounds.ToBytes(Sounds.Sine(16_000, 500, 1)), ["-f", "s16le", "-ar", "16000", "-ac", "1"],
            ["-ar", $"{rateHz}", "-c:a", codec, "-f", container]);

        var error = Prompt.TryLoad(name, file, PromptLimits.Default, out var prompt);

        Assert.Equal(PromptError.None, error);
        Assert.InRange(prompt!.Length.TotalMilliseconds, 980, 1_100);
        Assert.InRange(Goertzel.Share(prompt.SamplesAt(8_000).AsSpan(1_600, 4_800), 500), 0.95, 1.02);
    }

    [Fact]
    public async Task A_prompt_longer_than_allowed_is_too_large_whatever_it_says_of_itself()
    {
        var file = await Sounds.FfmpegAsync(Sounds.ToBytes(Sounds.Sine(8_000, 500, 5)), ["-f", "s16le", "-ar", "8000", "-ac", "1"], ["-c:a", "libmp3lame", "-f", "mp3"]);

        Assert.Equal(PromptError.TooLarge, Prompt.TryLoad("a.mp3", file, new PromptLimits(1 << 20, TimeSpan.FromSeconds(2)), out _));
        Assert.Equal(PromptError.TooLarge, Prompt.TryLoad("a.mp3", file, new PromptLimits(1_000, TimeSpan.FromHours(1)), out _));
    }

    [Fact]
    public void Broken_files_are_named_errors()
    {
        byte[] broken = [.. "OggS"u8, .. new byte[2_000]];

        Assert.Contains(Prompt.TryLoad("a.ogg", broken, PromptLimits.Default, out var prompt), (PromptError[])[PromptError.NotDecodable, PromptError.Empty]);
        Assert.Null(prompt);
        Assert.Equal(PromptError.UnknownFormat, Prompt.TryLoad("a.txt", "#EXTM3U\nfile:///etc/passwd\n"u8.ToArray(), PromptLimits.Default, out _));
        Assert.Equal(PromptError.UnknownFormat, Prompt.TryLoad("a.mp3", [], PromptLimits.Default, out _));
        Assert.Equal(PromptError.NotFound, Prompt.TryLoad(_folder.At("none.mp3"), PromptLimits.Default, out _));
        Assert.Equal(PromptError.Unreadable, Prompt.TryLoad("/proc/self/mem", PromptLimits.Default, out _) is PromptError.Empty or PromptError.Unreadable ? PromptError.Unreadable : PromptError.None);
        Assert.Equal(PromptError.Empty, Prompt.TryLoad("/dev/zero", PromptLimits.Default, out _));
    }
}
