namespace Switchhook.Media.Codecs;

/// <summary>
/// Makes up lost audio by repeating the last pitch period, quieter and quieter, and fades back into what is heard next: the idea
/// of ITU-T G.711 appendix I without its delay. For codecs that have nothing of their own.
/// </summary>
internal sealed class Concealer
{
    private const int FullMs = 10;                          // repeated at full strength
    private const int GoneMs = 60;                          // silent from here on

    private readonly int _rate;                             // samples a millisecond
    private readonly short[] _history;
    private readonly short[] _cycle;
    private int _cycleLength;
    private int _made;                                      // samples since the loss began; 0 = none

    public Concealer(int sampleRateHz)
    {
        _rate = sampleRateHz / 1_000;
        _history = new short[40 * _rate];
        _cycle = new short[16 * _rate];
    }

    /// <summary>Takes what was decoded; the beginning is blended with the end of what was made up.</summary>
    public void OnHeard(Span<short> frame)
    {
        if (_made > 0)
        {
            var overlap = Math.Min(frame.Length, 5 * _rate);
            for (var i = 0; i < overlap; i++) frame[i] = (short)((frame[i] * i + Next() * (overlap - i)) / overlap);
            _made = 0;
        }

        Remember(frame);
    }

    /// <summary>Fills a frame that was lost.</summary>
    public void Conceal(Span<short> frame)
    {
        if (_made == 0) FindCycle();
        for (var i = 0; i < frame.Length; i++) frame[i] = Next();
    }

    /// <summary>Forgets the stream.</summary>
    public void Reset()
    {
        Array.Clear(_history);
        _made = 0;
    }

    private short Next()
    {
        var sample = _cycle[_made % _cycleLength];
        var faded = Math.Max(0, _made++ - FullMs * _rate);
        var whole = (GoneMs - FullMs) * _rate;
        if (_made > 1 << 29) _made = 1 << 28;
        return faded >= whole ? (short)0 : (short)(sample * (whole - faded) / whole);
    }

    /// <summary>The lag between 2.5 and 15 ms at which the last 10 ms are most like what came before.</summary>
    private void FindCycle()
    {
        var end = _history.Length;
        var window = 10 * _rate;
        var step = _rate / 8;                               // compared at 8 kHz
        var (bestLag, best) = (10 * _rate, 0.0);
        for (var lag = _rate * 5 / 2; lag <= 15 * _rate; lag += step)
        {
            long both = 0, energy = 1;
            for (var i = end - window; i < end; i += step)
            {
                both += _history[i] * _history[i - lag];
                energy += _history[i - lag] * _history[i - lag];
            }

            var likeness = both <= 0 ? 0 : (double)both * both / energy;
            if (likeness > best) (best, bestLag) = (likeness, lag);
        }

        _cycleLength = bestLag;
        _history.AsSpan(end - bestLag, bestLag).CopyTo(_cycle);
        // The end of the cycle is led over into what came before its beginning, so that it meets itself without a click.
        var seam = bestLag / 4;
        for (var i = 0; i < seam; i++)
        {
            var (old, earlier) = (_cycle[bestLag - seam + i], _history[end - bestLag - seam + i]);
            _cycle[bestLag - seam + i] = (short)((old * (seam - i) + earlier * i) / seam);
        }
    }

    private void Remember(ReadOnlySpan<short> frame)
    {
        if (frame.Length >= _history.Length)
        {
            frame[^_history.Length..].CopyTo(_history);
            return;
        }

        _history.AsSpan(frame.Length).CopyTo(_history);
        frame.CopyTo(_history.AsSpan(_history.Length - frame.Length));
    }
}
