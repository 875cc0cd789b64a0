namespace Switchhook.TestKit.Rtp;

/// <summary>How much of a sound is one tone (Goertzel's algorithm).</summary>
public static class Goertzel
{
    /// <summary>The part of the energy at that frequency: near 1 for the pure tone, near 0 for anything else or silence.</summary>
    public static double Share(ReadOnlySpan<short> samples, double frequencyHz, int sampleRateHz = 8000)
    {
        var coefficient = 2 * Math.Cos(2 * Math.PI * frequencyHz / sampleRateHz);
        double before = 0, last = 0, energy = 0;
        foreach (var sample in samples)
        {
            var now = sample + (coefficient * last) - before;
            (before, last) = (last, now);
            energy += (double)sample * sample;
        }
        // Below an average of some 30 steps there is nothing to hear.
        if (samples.IsEmpty || energy / samples.Length < 1000)
            return 0;
        var power = (last * last) + (before * before) - (coefficient * last * before);
        return power * 2 / (samples.Length * energy);
    }

    /// <summary>The best share of any stretch of 100 ms.</summary>
    public static double BestShare(ReadOnlySpan<short> samples, double frequencyHz, int sampleRateHz = 8000)
    {
        var window = sampleRateHz / 10;
        var best = 0.0;
        for (var start = 0; start + window <= samples.Length; start += window / 2)
            best = Math.Max(best, Share(samples.Slice(start, window), frequencyHz, sampleRateHz));
        return best;
    }
}
