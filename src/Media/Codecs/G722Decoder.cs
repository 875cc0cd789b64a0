namespace Switchhook.Media.Codecs;

/// <summary>G.722 at 64 kbit/s to 16 kHz samples (ITU-T G.722 §4).</summary>
internal sealed class G722Decoder : IAudioDecoder
{
    private const int Chunk = 160;                          // octets decoded in one go

    private readonly short[] _history = new short[24];
    private G722Band _lower = G722Band.Lower;
    private G722Band _higher = G722Band.Higher;

    public int SampleRateHz => 16_000;

    public int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        Span<short> row = stackalloc short[22 + 2 * Chunk];
        var taps = G722Tables.Qmf;
        var written = 0;
        payload = payload[..Math.Min(payload.Length, samples.Length / 2)];
        while (!payload.IsEmpty)
        {
            var count = Math.Min(payload.Length, Chunk);
            _history.AsSpan(2).CopyTo(row);
            for (var i = 0; i < count; i++)
            {
                var (low, high) = (Lower(payload[i] & 0x3F), Higher(payload[i] >> 6));
                row[22 + 2 * i] = (short)(low + high);
                row[23 + 2 * i] = (short)(low - high);
                var window = row.Slice(2 * i, 24);
                int first = 0, second = 0;
                for (var tap = 0; tap < 12; tap++)
                {
                    second += window[2 * tap] * taps[tap];
                    first += window[2 * tap + 1] * taps[11 - tap];
                }

                samples[written++] = (short)G722Band.Saturate(first >> 11);
                samples[written++] = (short)G722Band.Saturate(second >> 11);
            }

            row.Slice(2 * count - 2, 24).CopyTo(_history);
            payload = payload[count..];
        }

        return written;
    }

    public bool TryConceal(ReadOnlySpan<byte> next, Span<short> samples) => false;

    public void Dispose() { }

    private int Lower(int code)
    {
        var heard = Math.Clamp(_lower.Predicted + (_lower.Scale * G722Tables.Inverse6[code] >> 15), -16_384, 16_383);
        var upper = code >> 2;
        var difference = _lower.Scale * G722Tables.Inverse4[upper] >> 15;
        _lower.Rescale(G722Tables.LowerSteps[upper], G722Tables.MostLower, G722Tables.LowerShift);
        _lower.Adapt(difference);
        return heard;
    }

    private int Higher(int code)
    {
        var difference = _higher.Scale * G722Tables.Inverse2[code] >> 15;
        var heard = Math.Clamp(_higher.Predicted + difference, -16_384, 16_383);
        _higher.Rescale(G722Tables.HigherSteps[code], G722Tables.MostHigher, G722Tables.HigherShift);
        _higher.Adapt(difference);
        return heard;
    }
}
