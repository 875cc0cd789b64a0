using System.Runtime.CompilerServices;

namespace Switchhook.Media.Codecs;

/// <summary>The adaptive predictor and quantizer scale of one sub-band of G.722; names are those of ITU-T G.722 §6.2.</summary>
internal struct G722Band
{
    private static ReadOnlySpan<short> InverseLog =>
    [
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
    ];

    private int _nb;                                        // NBL, NBH: logarithm of the scale
    private int _szl;                                       // zero section's part of the prediction
    private int _a1, _a2;                                   // pole section
    private int _r1, _r2;                                   // reconstructed signal
    private int _p1, _p2;                                   // partially reconstructed signal
    private Six _b;                                         // zero section
    private Six _d;                                         // quantized difference signal

    /// <summary>DETL, DETH: the quantizer's scale.</summary>
    public int Scale { get; private set; }

    /// <summary>SL, SH: what the band is predicted to be.</summary>
    public int Predicted { get; private set; }

    public static G722Band Lower => new() { Scale = 32 };

    public static G722Band Higher => new() { Scale = 8 };

    /// <summary>LOGSCL and SCALEL, or LOGSCH and SCALEH: the next scale.</summary>
    public void Rescale(int step, int most, int shift)
    {
        _nb = Math.Clamp((_nb * 127 >> 7) + step, 0, most);
        var exponent = shift - (_nb >> 11);
        var mantissa = (int)InverseLog[(_nb >> 6) & 31];
        Scale = (exponent < 0 ? mantissa << -exponent : mantissa >> exponent) << 2;
    }

    /// <summary>Takes the quantized difference in and predicts the next value: blocks 4L and 4H.</summary>
    public void Adapt(int difference)
    {
        var reconstructed = Saturate(Predicted + difference);           // RECONS
        var partial = Saturate(_szl + difference);                      // PARREC

        // UPPOL2, UPPOL1
        var agree1 = (partial ^ _p1) >= 0;
        var agree2 = (partial ^ _p2) >= 0;
        var toward = Saturate(_a1 << 2);
        toward = agree1 ? Math.Min(-toward, short.MaxValue) : toward;
        var a2 = Math.Clamp((agree2 ? 128 : -128) + (toward >> 7) + (_a2 * 32_512 >> 15), -12_288, 12_288);
        var bound = 15_360 - a2;
        var a1 = Math.Clamp((agree1 ? 192 : -192) + (_a1 * 32_640 >> 15), -bound, bound);

        // UPZERO, DELAYA and FILTEZ in one pass from the oldest on
        var push = difference == 0 ? 0 : 128;
        var zero = 0;
        for (var i = 5; i >= 0; i--)
        {
            var b = ((_d[i] ^ difference) >= 0 ? push : -push) + (_b[i] * 32_640 >> 15);
            _b[i] = b;
            _d[i] = i == 0 ? difference : _d[i - 1];
            zero += b * Saturate(_d[i] << 1) >> 15;
        }

        (_a1, _a2) = (a1, a2);
        (_r1, _r2) = (reconstructed, _r1);
        (_p1, _p2) = (partial, _p1);

        // FILTEP, PREDIC
        var pole = Saturate((_a1 * Saturate(_r1 << 1) >> 15) + (_a2 * Saturate(_r2 << 1) >> 15));
        _szl = Saturate(zero);
        Predicted = Saturate(pole + _szl);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    [InlineArray(6)]
    private struct Six
    {
        private int _first;
    }
}
