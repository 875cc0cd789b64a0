namespace Switchhook.Media.Dtmf;

/// <summary>The two tones of each key (ITU-T Q.23).</summary>
internal static class DigitTone
{
    private const double Amplitude = 5_000;                 // of each tone: about −14 dBm0 with both

    public static ReadOnlySpan<double> Rows => [697, 770, 852, 941];

    public static ReadOnlySpan<double> Columns => [1209, 1336, 1477, 1633];

    /// <summary>Keys row by row.</summary>
    public const string Keys = "123A456B789C*0#D";

    /// <summary>Fills samples of a key's tone.</summary>
    /// <param name="code">Event code of the key (RFC 4733 §3.2), 0–15.</param>
    /// <param name="samples">Where to.</param>
    /// <param name="sampleRateHz">At which rate.</param>
    /// <param name="from">Samples since the key was pressed.</param>
    public static void Fill(byte code, Span<short> samples, int sampleRateHz, int from)
    {
        var at = Keys.IndexOf(new TelephoneEvent(code, false, 0).Digit ?? '0', StringComparison.Ordinal);
        var (row, column) = (Rows[at / 4], Columns[at % 4]);
        for (var i = 0; i < samples.Length; i++)
        {
            var angle = 2 * Math.PI * (from + i) / sampleRateHz;
            samples[i] = (short)(Amplitude * (Math.Sin(angle * row) + Math.Sin(angle * column)));
        }
    }
}
