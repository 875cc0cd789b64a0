using System.Numerics;
using System.Runtime.InteropServices;

namespace Switchhook.Media.Codecs;

/// <summary>
/// Brings a stream of samples from one rate to another: a windowed-sinc low-pass at the lower of both bands, split into one
/// short filter for each of the positions an output sample can have between two input samples. Delay: half the filter, under 2 ms.
/// </summary>
internal sealed class PolyphaseResampler
{
    private const int HalfTaps = 16;                        // on each side, at the lower rate of both
    private const double Beta = 7.5;                        // Kaiser window: some 75 dB down outside the band
    private const double Passed = 0.92;                     // of the narrower band; what is left is for the slope

    private readonly int _up;
    private readonly int _down;
    private readonly int _taps;                             // of each phase
    private readonly float[] _filters;                      // phase by phase
    private readonly float[] _row;                          // the last taps − 1 samples and the present ones
    private readonly int _most;
    private int _phase;

    /// <param name="fromHz">Rate in.</param>
    /// <param name="toHz">Rate out.</param>
    /// <param name="mostSamples">Samples in one call at most.</param>
    public PolyphaseResampler(int fromHz, int toHz, int mostSamples)
    {
        var common = (int)BigInteger.GreatestCommonDivisor(fromHz, toHz);
        (_up, _down, _most) = (toHz / common, fromHz / common, mostSamples);
        var ratio = Math.Max(1.0, (double)fromHz / toHz);
        _taps = (2 * (int)Math.Ceiling(HalfTaps * ratio) + 7) & ~7;
        _filters = Design(_up, _taps, Passed / ratio);
        _row = new float[_taps - 1 + mostSamples];
    }

    /// <summary>Samples that come out for so many in, at most.</summary>
    public int MostOut(int samples) => (int)(((long)samples * _up + _up) / _down + 1);

    /// <summary>Takes samples in and gives what they make; returns how many. Whole frames of 20 ms give whole frames between 8, 16 and 48 kHz.</summary>
    public int Process(ReadOnlySpan<short> samples, Span<short> output)
    {
        var written = 0;
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, _most);
            for (var i = 0; i < count; i++) _row[_taps - 1 + i] = samples[i];
            var position = _phase;
            for (; position < count * _up; position += _down)
            {
                var value = Dot(_row.AsSpan(position / _up, _taps), _filters.AsSpan(position % _up * _taps, _taps));
                output[written++] = (short)Math.Clamp(MathF.Round(value), short.MinValue, short.MaxValue);
            }

            _phase = position - count * _up;
            _row.AsSpan(count, _taps - 1).CopyTo(_row);
            samples = samples[count..];
        }

        return written;
    }

    /// <summary>All of a recording at once, without the delay.</summary>
    public static short[] Convert(ReadOnlySpan<short> samples, int fromHz, int toHz)
    {
        if (fromHz == toHz) return samples.ToArray();
        var resampler = new PolyphaseResampler(fromHz, toHz, 4_096);
        var delay = (int)((long)resampler._taps / 2 * toHz / fromHz);
        var wanted = (int)Math.Max(1, (long)samples.Length * toHz / fromHz);
        var all = new short[resampler.MostOut(samples.Length + resampler._taps) + 1];
        var made = resampler.Process(samples, all);
        made += resampler.Process(new short[resampler._taps], all.AsSpan(made));
        return all.AsSpan(Math.Min(delay, made - 1), Math.Min(wanted, made - Math.Min(delay, made - 1))).ToArray();
    }

    private static float Dot(ReadOnlySpan<float> samples, ReadOnlySpan<float> filter)
    {
        var sum = Vector<float>.Zero;
        var these = MemoryMarshal.Cast<float, Vector<float>>(samples);
        var those = MemoryMarshal.Cast<float, Vector<float>>(filter);
        for (var i = 0; i < those.Length; i++) sum += these[i] * those[i];
        return Vector.Sum(sum);
    }

    private static float[] Design(int phases, int taps, double cutoff)
    {
        var length = phases * taps;
        var filters = new float[length];
        var middle = (length - 1) / 2.0;
        var top = Bessel(Beta);
        for (var i = 0; i < length; i++)
        {
            var at = (i - middle) / phases;                 // in input samples
            var edge = (i - middle) / (middle + 1);
            var window = Bessel(Beta * Math.Sqrt(Math.Max(0, 1 - edge * edge))) / top;
            var angle = Math.PI * at * cutoff;
            var sinc = Math.Abs(angle) < 1e-9 ? 1 : Math.Sin(angle) / angle;
            // Tap k of a phase meets the sample k places on from the oldest: the filter lies there backwards.
            filters[i % phases * taps + (taps - 1 - i / phases)] = (float)(cutoff * sinc * window);
        }

        return filters;
    }

    /// <summary>The modified Bessel function of order 0.</summary>
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; k < 40; k++)
        {
            term *= x / 2 / k;
            sum += term * term;
        }

        return sum;
    }
}
