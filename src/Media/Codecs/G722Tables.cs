namespace Switchhook.Media.Codecs;

/// <summary>The quantizers of G.722 (ITU-T G.722 §6.2, tables 14 to 21) and its band-splitting filter (table 11).</summary>
internal static class G722Tables
{
    /// <summary>Largest logarithm of the lower and the higher band's scale.</summary>
    public const int MostLower = 18_432;
    public const int MostHigher = 22_528;
    public const int LowerShift = 8;
    public const int HigherShift = 10;

    /// <summary>Half of the filter that splits and joins the bands: 24 taps, symmetric.</summary>
    public static ReadOnlySpan<short> Qmf => [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];

    /// <summary>Decision levels of the 6-bit quantizer.</summary>
    public static ReadOnlySpan<short> Levels6 =>
    [
        0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714,
        786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
    ];

    public static ReadOnlySpan<short> Inverse4 =>
        [0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0];

    public static ReadOnlySpan<short> Inverse6 =>
    [
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
        -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
        24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
        4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
    ];

    public static ReadOnlySpan<short> Inverse2 => [-7408, -1616, 7408, 1616];

    /// <summary>How the lower band's scale moves, by the upper four bits of its code.</summary>
    public static ReadOnlySpan<short> LowerSteps => [-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60];

    /// <summary>How the higher band's scale moves, by its code.</summary>
    public static ReadOnlySpan<short> HigherSteps => [798, -214, 798, -214];

    /// <summary>The 6-bit code of a quantizer level: 1–30, counted from the smallest.</summary>
    public static int Code6(int level, bool negative) =>
        negative ? (level <= 2 ? 64 - level : 34 - level) : 62 - level;
}
