using Switchhook.Media.Prompts;
using Switchhook.Media.Tones;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Media.Tests.Tones;

public sealed class ToneTests
{
    [Fact]
    public void Ringback_sounds_for_one_second_of_five()
    {
        var prompt = Prompt.FromTone("ringback", Tone.Ringback);

        var samples = prompt.MuLaw.Select(G711.DecodeMu).ToArray();

        Assert.Equal(TimeSpan.FromSeconds(5), prompt.Length);
        Assert.InRange(Goertzel.Share(samples.AsSpan(0, 8_000), 425), 0.97, 1.01);
        Assert.All(samples[8_000..], s => Assert.Equal(0, s));
    }

    [Fact]
    public void Two_frequencies_sound_together_for_as_long_as_asked()
    {
        var prompt = Prompt.FromTone("dial", new Tone(350, 440, TimeSpan.FromSeconds(1), TimeSpan.Zero), TimeSpan.FromSeconds(2));

        var samples = prompt.ALaw.Select(G711.DecodeA).ToArray();

        Assert.Equal(16_000, samples.Length);
        Assert.InRange(Goertzel.Share(samples, 350), 0.45, 0.55);
        Assert.InRange(Goertzel.Share(samples, 440), 0.45, 0.55);
    }
}
