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

    [Theory]
    [InlineData(0, 5_003)]
    [InlineData(37, 0)]
    [InlineData(137, 4_001)]
    public async Task An_mp3_cut_in_the_middle_of_its_frames_plays_what_is_whole(int begin, int end)
    {
        var file = await Sounds.FfmpegAsync(
            Sounds.ToBytes(Sounds.Sine(16_000, 500, 2)), ["-f", "s16le", "-ar", "16000", "-ac", "1"],
            ["-c:a", "libmp3lame", "-b:a", "32k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"]);

        var error = Prompt.TryLoad("cut.mp3", file[begin..(end == 0 ? file.Length : end)], PromptLimits.Default, out var prompt);

        Assert.Equal(PromptError.None, error);
        Assert.InRange(prompt!.Length.TotalMilliseconds, 700, 2_100);
        Assert.InRange(Goertzel.Share(prompt.SamplesAt(8_000).AsSpan(2_400, 2_400), 500), 0.9, 1.02);
    }

    [Fact]
    public void Another_thing_under_the_name_of_an_mp3_is_a_named_error()
    {
        byte[] page = [.. "<html>not here</html>"u8];
        byte[] like = [.. new byte[100], 0xFF, 0xFB, 0x90, 0x00, .. new byte[3_000]];

        Assert.Equal(PromptError.UnknownFormat, Prompt.TryLoad("a.mp3", page, PromptLimits.Default, out _));
        Assert.Equal(PromptError.UnknownFormat, Prompt.TryLoad("a.mp3", new byte[3_000], PromptLimits.Default, out _));
        Assert.Contains(Prompt.TryLoad("a.mp3", like, PromptLimits.Default, out _), (PromptError[])[PromptError.NotDecodable, PromptError.Empty]);
        Assert.Equal(PromptError.UnknownFormat, Prompt.TryLoad("a", like, PromptLimits.Default, out _));
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
