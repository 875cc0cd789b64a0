namespace Switchhook.Media.Wav;

/// <summary>Brings samples of any rate to 8 kHz.</summary>
internal static class Resampler
{
    /// <summary>Samples at 8 kHz that a file gives; at least one.</summary>
    public static long Length(in WavReader wav) => Math.Max(1, (long)wav.Frames * 8_000 / wav.SampleRateHz);

    /// <summary>
    /// Upwards samples are drawn on straight lines between neighbours; downwards each is the mean of those it stands for,
    /// which keeps most of what 8 kHz cannot carry from folding back into the speech band.
    /// </summary>
    public static void Fill(in WavReader wav, Span<short> samples)
    {
        var step = wav.SampleRateHz / 8_000.0;
        for (var i = 0; i < samples.Length; i++) samples[i] = step > 1 ? Mean(wav, i * step, (i + 1) * step) : Between(wav, i * step);
    }

    private static short Mean(in WavReader wav, double from, double to)
    {
        var first = Math.Min((int)from, wav.Frames - 1);
        var last = Math.Clamp((int)Math.Ceiling(to) - 1, first, wav.Frames - 1);
        double sum = 0, weight = 0;
        for (var i = first; i <= last; i++)
        {
            var share = Math.Min(to, i + 1) - Math.Max(from, i);
            if (share <= 0) continue;
            sum += wav.Sample(i) * share;
            weight += share;
        }

        return weight > 0 ? (short)Math.Round(sum / weight) : (short)wav.Sample(first);
    }

    private static short Between(in WavReader wav, double at)
    {
        var first = Math.Min((int)at, wav.Frames - 1);
        var next = Math.Min(first + 1, wav.Frames - 1);
        var share = at - (int)at;
        return (short)Math.Round(wav.Sample(first) * (1 - share) + wav.Sample(next) * share);
    }
}
