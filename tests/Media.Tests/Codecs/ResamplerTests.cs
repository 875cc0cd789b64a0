using Switchhook.Media.Codecs;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Codecs;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(8_000, 16_000)]
    [InlineData(16_000, 8_000)]
    [InlineData(8_000, 48_000)]
    [InlineData(48_000, 8_000)]
    [InlineData(16_000, 48_000)]
    [InlineData(48_000, 16_000)]
    [InlineData(44_100, 16_000)]
    [InlineData(11_025, 8_000)]
    public void A_tone_stays_the_same_tone_and_as_loud(int from, int to)
    {
        var made = PolyphaseResampler.Convert(Sounds.Sine(from, 1_000, 1), from, to);

        Assert.InRange(made.Length, to - 1, to);
        Assert.InRange(Math.Sqrt(made.Average(s => (double)s * s)), 8_000 / Math.Sqrt(2) * 0.99, 8_000 / Math.Sqrt(2) * 1.01);
        Assert.InRange(Goertzel.Share(made, 1_000, to), 0.999, 1.01);
    }

    [Fact]
    public void What_the_lower_rate_cannot_carry_does_not_fold_back()
    {
        var made = PolyphaseResampler.Convert(Sounds.Sine(48_000, 6_000, 1), 48_000, 8_000);

        Assert.True(made[200..^200].Max(s => Math.Abs((int)s)) < 40);
    }

    [Fact]
    public void Frame_by_frame_gives_whole_frames_and_what_the_whole_gives()
    {
        var voice = Sounds.Voice(16_000, 1);
        var whole = new short[8_000];
        Assert.Equal(8_000, new PolyphaseResampler(16_000, 8_000, 16_000).Process(voice, whole));

        var resampler = new PolyphaseResampler(16_000, 8_000, 320);
        var parts = new short[8_000];
        for (var i = 0; i < 50; i++) Assert.Equal(160, resampler.Process(voice.AsSpan(i * 320, 320), parts.AsSpan(i * 160)));

        Assert.Equal(whole, parts);
    }
}
