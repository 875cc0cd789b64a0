namespace Switchhook.Media.Tones;

/// <summary>Computes the samples of a tone at 8 kHz.</summary>
internal static class ToneGenerator
{
    private const double Amplitude = 8_000;                 // about −12 dB below full scale, shared by both frequencies
    private const int MostParts = 16;

    /// <summary>Fills <paramref name="samples"/> from the beginning of a period on.</summary>
    public static void Fill(Tone tone, Span<short> samples)
    {
        for (var at = 0; at < samples.Length;)
        {
            var begun = at;
            var parts = 0;
            for (var part = tone; part is not null && parts++ < MostParts && at < samples.Length; part = part.Then)
            {
                var on = (int)Math.Min(samples.Length - at, (long)(part.On.TotalSeconds * 8000));
                Sound(part, samples.Slice(at, on));
                at += on;
                var off = (int)Math.Min(samples.Length - at, (long)(part.Off.TotalSeconds * 8000));
                samples.Slice(at, off).Clear();
                at += off;
            }

            if (at > begun) continue;
            samples[at..].Clear();                          // a tone of no length
            return;
        }
    }

    private static void Sound(Tone part, Span<short> samples)
    {
        var isPair = part is { SecondHz: > 0, IsModulated: false };
        // At its loudest a tone that is modulated all the way is twice its carrier.
        var each = part.SecondHz > 0 ? Amplitude / 2 : Amplitude;
        for (var i = 0; i < samples.Length; i++)
        {
            var angle = 2 * Math.PI * i / 8000;
            var value = each * Math.Sin(angle * part.FirstHz);
            if (isPair) value += each * Math.Sin(angle * part.SecondHz);
            else if (part.SecondHz > 0) value *= 1 + Math.Sin(angle * part.SecondHz);
            samples[i] = (short)value;
        }
    }
}
