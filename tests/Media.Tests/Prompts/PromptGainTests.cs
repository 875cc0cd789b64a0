using Switchhook.Media.Prompts;

namespace Switchhook.Media.Tests.Prompts;

/// <summary>The same audio, louder and quieter.</summary>
public sealed class PromptGainTests
{
    [Theory]
    [InlineData(12, 1000, 3981)]
    [InlineData(-12, 1000, 251)]
    [InlineData(0, 1000, 1000)]
    [InlineData(12, 20_000, 32_767)]
    [InlineData(12, -20_000, -32_768)]
    public void Samples_are_multiplied_by_the_decibels_and_cut_off_where_they_get_too_loud(int gainDb, short made, short expected)
    {
        var prompt = Prompt.FromSamples("made", Enumerable.Repeat(made, 480).ToArray());

        var louder = prompt.Louder(gainDb);

        Assert.Equal((prompt.Name, prompt.Length, prompt.SampleRateHz), (louder.Name, louder.Length, louder.SampleRateHz));
        Assert.All(louder.Frame(1).ToArray(), sample => Assert.Equal(expected, sample));
        Assert.All(prompt.Frame(1).ToArray(), sample => Assert.Equal(made, sample));
    }
}
