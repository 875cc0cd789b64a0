namespace Switchhook.Media.Tones;

/// <summary>Computes the samples of a tone at 8 kHz.</summary>
internal static class ToneGenerator
{
    private const double Amplitude = 8_000;                 // about −12 dB below full scale, shared by both frequencies

    /// <summary>Fills <paramref name="samples"/> from the beginning of a period on.</summary>
    public static void Fill(Tone tone, Span<short> samples)
    {
        var on = (long)(tone.On.TotalSeconds * 8000);
        var period = on + (long)(tone.Off.TotalSeconds * 8000);
        var each = tone.SecondHz > 0 ? Amplitude / 2 : Amplitude;
        for (var i = 0; i < samples.Length; i++)
        {
            if (period > 0 && i % period >= on) { samples[i] = 0; continue; }
            var angle = 2 * Math.PI * i / 8000;
            var value = each * Math.Sin(angle * tone.FirstHz);
            if (tone.SecondHz > 0) value += each * Math.Sin(angle * tone.SecondHz);
            samples[i] = (short)value;
        }
    }
}
