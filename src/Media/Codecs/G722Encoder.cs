namespace Switchhook.Media.Codecs;

/// <summary>G.722 at 64 kbit/s: 16 kHz samples, two of them an octet (ITU-T G.722 §3).</summary>
internal sealed class G722Encoder : IAudioEncoder
{
    private readonly short[] _history = new short[24];
    private G722Band _lower = G722Band.Lower;
    private G722Band _higher = G722Band.Higher;

    public int SampleRateHz => 16_000;

    public int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        // The filter looks back over 24 samples: history and frame in one row.
        Span<short> row = stackalloc short[22 + 320];
        var octets = 0;
        while (samples.Length >= 2)
        {
            var count = Math.Min(samples.Length & ~1, 320);
            _history.AsSpan(2).CopyTo(row);
            samples[..count].CopyTo(row[22..]);
            for (var i = 0; i < count; i += 2) payload[octets++] = One(row.Slice(i, 24));
            row.Slice(count - 2, 24).CopyTo(_history);
            samples = samples[count..];
        }

        return octets;
    }

    private byte One(ReadOnlySpan<short> window)
    {
        int odd = 0, even = 0;
        var taps = G722Tables.Qmf;
        for (var i = 0; i < 12; i++)
        {
            odd += window[2 * i] * taps[i];
            even += window[2 * i + 1] * taps[11 - i];
        }

        return (byte)(Higher((even - odd) >> 14) << 6 | Lower((even + odd) >> 14));
    }

    private int Lower(int sample)
    {
        var error = G722Band.Saturate(sample - _lower.Predicted);
        var magnitude = error >= 0 ? error : -(error + 1);
        var levels = G722Tables.Levels6;

        // QUANTL: the levels rise, so half of them need not be looked at.
        int from = 1, to = 30;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (magnitude < levels[middle] * _lower.Scale >> 12) to = middle;
            else from = middle + 1;
        }

        var code = G722Tables.Code6(from, error < 0);
        var upper = code >> 2;
        var difference = _lower.Scale * G722Tables.Inverse4[upper] >> 15;
        _lower.Rescale(G722Tables.LowerSteps[upper], G722Tables.MostLower, G722Tables.LowerShift);
        _lower.Adapt(difference);
        return code;
    }

    private int Higher(int sample)
    {
        var error = G722Band.Saturate(sample - _higher.Predicted);
        var magnitude = error >= 0 ? error : -(error + 1);
        var isFar = magnitude >= 564 * _higher.Scale >> 12;
        var code = error < 0 ? (isFar ? 0 : 1) : (isFar ? 2 : 3);
        var difference = _higher.Scale * G722Tables.Inverse2[code] >> 15;
        _higher.Rescale(G722Tables.HigherSteps[code], G722Tables.MostHigher, G722Tables.HigherShift);
        _higher.Adapt(difference);
        return code;
    }

    public void Dispose() { }
}
