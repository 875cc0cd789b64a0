namespace Switchhook.Media.Dtmf;

/// <summary>
/// Hears keys in 8 kHz audio by Goertzel's algorithm: blocks of 12.75 ms, a key after two alike in a row (ITU-T Q.24: 40 ms are
/// a key, under 20 ms are none). Speech is kept out by what it has and keys have not: energy beside the two tones, one tone much
/// stronger than the other, overtones.
/// </summary>
internal sealed class DigitDetector
{
    private const int Block = 102;                          // samples; the usual choice for these eight frequencies
    private const int MsTimes4 = 51;                        // of a block
    private const double LeastEnergy = 400.0 * 400.0;       // mean square: some −38 dBm0
    private const double PairShare = 0.72;                  // of the block's energy is in the two tones
    private const double MostTwist = 8;                     // row over column, as power: 9 dB (Q.24 §5: 4 to 8)
    private const double MostReverseTwist = 6.3;            // column over row: 8 dB
    private const double OverOthers = 6.3;                  // the strongest over the next of its group: 8 dB
    private const int MissesToEnd = 2;                      // blocks without the key before it is let go

    private readonly short[] _samples = new short[Block];
    private readonly Queue<DigitHeard> _heard = new(16);
    private readonly double[] _powers = new double[8];
    private int _have;
    private char _candidate;
    private int _inARow;
    private char _pressed;
    private int _blocks;
    private int _misses;

    /// <summary>Takes samples of 8 kHz.</summary>
    public void Process(ReadOnlySpan<short> samples)
    {
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, Block - _have);
            samples[..count].CopyTo(_samples.AsSpan(_have));
            samples = samples[count..];
            _have += count;
            if (_have < Block) return;
            _have = 0;
            OnBlock(KeyOf(_samples));
        }
    }

    /// <summary>A key that was pressed and let go.</summary>
    public bool TryTake(out DigitHeard digit) => _heard.TryDequeue(out digit);

    private void OnBlock(char key)
    {
        if (_pressed != 0)
        {
            if (key == _pressed) (_blocks, _misses) = (_blocks + _misses + 1, 0);
            else if (++_misses >= MissesToEnd) Release();
            else return;
        }

        if (_pressed != 0) return;
        _inARow = key != 0 && key == _candidate ? _inARow + 1 : 1;
        _candidate = key;
        if (key != 0 && _inARow == 2) (_pressed, _blocks, _misses) = (key, 2, 0);
    }

    private void Release()
    {
        if (_heard.Count < 16) _heard.Enqueue(new DigitHeard(_pressed, _blocks * MsTimes4 / 4));
        (_pressed, _candidate, _inARow) = ('\0', '\0', 0);
    }

    private char KeyOf(ReadOnlySpan<short> block)
    {
        double energy = 0;
        foreach (var sample in block) energy += (double)sample * sample;
        if (energy < LeastEnergy * Block) return '\0';

        for (var i = 0; i < 4; i++) (_powers[i], _powers[4 + i]) = (Power(block, DigitTone.Rows[i]), Power(block, DigitTone.Columns[i]));
        var (row, column) = (Strongest(0), Strongest(4));
        var (low, high) = (_powers[row], _powers[column]);
        if ((low + high) * 2 < PairShare * energy) return '\0';
        if (low > high * MostTwist || high > low * MostReverseTwist) return '\0';
        for (var i = 0; i < 8; i++)
        {
            if (i != row && i != column && _powers[i] * OverOthers > (i < 4 ? low : high)) return '\0';
        }

        // A voice has overtones where keys have silence. Those of the rows lie among the columns and tell nothing.
        if (Power(block, 2 * DigitTone.Columns[column - 4]) * 10 > high) return '\0';
        return DigitTone.Keys[row * 4 + column - 4];
    }

    private int Strongest(int from)
    {
        var strongest = from;
        for (var i = from + 1; i < from + 4; i++)
            if (_powers[i] > _powers[strongest]) strongest = i;
        return strongest;
    }

    /// <summary>Half the energy a pure tone of that frequency would have in the block.</summary>
    private static double Power(ReadOnlySpan<short> block, double hz)
    {
        var coefficient = 2 * Math.Cos(2 * Math.PI * hz / 8_000);
        double before = 0, last = 0;
        foreach (var sample in block)
        {
            var now = sample + coefficient * last - before;
            (before, last) = (last, now);
        }

        return (last * last + before * before - coefficient * last * before) / Block;
    }
}
