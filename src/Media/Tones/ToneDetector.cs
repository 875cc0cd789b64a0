namespace Switchhook.Media.Tones;

/// <summary>
/// Hears single tones in 8 kHz audio, such as the 1,400 and 2,300 Hz of an alarm receiver (SIA DC-05 §2): a tone is there after
/// 40 ms and gone after 40 ms without it. One object for each stream.
/// </summary>
public sealed class ToneDetector
{
    private const int Block = 160;
    private const double Share = 0.75;                      // of the block's energy is in the tone
    private const double LeastEnergy = 200.0 * 200.0;

    private readonly double[] _frequencies;
    private readonly short[] _samples = new short[Block];
    private int _have;
    private int _candidate = -1;
    private int _inARow;
    private int _blocks;
    private int _misses;

    /// <param name="frequenciesHz">What to listen for, 300–3,400 Hz, at least 50 Hz apart.</param>
    public ToneDetector(params ReadOnlySpan<double> frequenciesHz) => _frequencies = frequenciesHz.ToArray();

    /// <summary>The tone being heard, Hz, or null.</summary>
    public double? Sounding { get; private set; }

    /// <summary>Takes samples; returns the tone that ended within them and how long it was, milliseconds, or null.</summary>
    public (double Hz, int DurationMs)? Process(ReadOnlySpan<short> samples)
    {
        (double, int)? ended = null;
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, Block - _have);
            samples[..count].CopyTo(_samples.AsSpan(_have));
            samples = samples[count..];
            _have += count;
            if (_have < Block) break;
            _have = 0;
            ended = OnBlock(Which()) ?? ended;
        }

        return ended;
    }

    private (double, int)? OnBlock(int which)
    {
        if (Sounding is { } hz)
        {
            if (which >= 0 && _frequencies[which] == hz)
            {
                _blocks += _misses + 1;
                _misses = 0;
                return null;
            }

            if (++_misses < 2) return null;
            Sounding = null;
            (_candidate, _inARow) = (which, which < 0 ? 0 : 1);
            return (hz, _blocks * 20);
        }

        _inARow = which >= 0 && which == _candidate ? _inARow + 1 : 1;
        _candidate = which;
        if (which >= 0 && _inARow == 2) (Sounding, _blocks, _misses) = (_frequencies[which], 2, 0);
        return null;
    }

    private int Which()
    {
        double energy = 0;
        foreach (var sample in _samples) energy += (double)sample * sample;
        if (energy < LeastEnergy * Block) return -1;
        for (var i = 0; i < _frequencies.Length; i++)
        {
            var coefficient = 2 * Math.Cos(2 * Math.PI * _frequencies[i] / 8_000);
            double before = 0, last = 0;
            foreach (var sample in _samples) (before, last) = (last, sample + coefficient * last - before);
            var power = last * last + before * before - coefficient * last * before;
            if (power * 2 / Block > Share * energy) return i;
        }

        return -1;
    }
}
