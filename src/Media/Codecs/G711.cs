namespace Switchhook.Media.Codecs;

/// <summary>G.711: 16-bit linear samples to and from A-law and µ-law octets, and the two laws to each other.</summary>
internal static class G711
{
    /// <summary>The quietest octet of each law: what silence is padded with.</summary>
    public const byte MuLawSilence = 0xFF;
    public const byte ALawSilence = 0xD5;

    private const int MuBias = 0x84;
    private const int MuClip = 32_635;

    private static readonly short[] MuLawLinear = Table(static octet => MuLawToLinear(octet));
    private static readonly short[] ALawLinear = Table(static octet => ALawToLinear(octet));
    private static readonly byte[] MuLawToA = Table(static octet => EncodeALaw(MuLawToLinear(octet)));
    private static readonly byte[] ALawToMu = Table(static octet => EncodeMuLaw(ALawToLinear(octet)));

    public static short DecodeMuLaw(byte octet) => MuLawLinear[octet];

    public static short DecodeALaw(byte octet) => ALawLinear[octet];

    public static byte EncodeMuLaw(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), MuClip) + MuBias;
        var exponent = 31 - int.LeadingZeroCount(magnitude) - 7;
        var mantissa = (magnitude >> (exponent + 3)) & 0x0F;
        return (byte)~(sign | (exponent << 4) | mantissa);
    }

    public static byte EncodeALaw(short sample)
    {
        var sign = sample >= 0 ? 0x80 : 0;
        var magnitude = (sample >= 0 ? sample : -sample - 1) >> 3;      // 12 bits; the negative half is one's complement
        var exponent = Math.Max(0, 31 - int.LeadingZeroCount(magnitude | 1) - 4);
        var mantissa = (magnitude >> (exponent == 0 ? 1 : exponent)) & 0x0F;
        return (byte)((sign | (exponent << 4) | mantissa) ^ 0x55);
    }

    /// <summary>Translates a payload in place from one law to the other.</summary>
    public static void Transcode(Span<byte> payload, AudioCodec from)
    {
        var table = from == AudioCodec.Pcmu ? MuLawToA : ALawToMu;
        for (var i = 0; i < payload.Length; i++) payload[i] = table[payload[i]];
    }

    private static short MuLawToLinear(int octet)
    {
        octet = ~octet & 0xFF;
        var magnitude = (((octet & 0x0F) << 3) + MuBias) << ((octet & 0x70) >> 4);
        return (short)((octet & 0x80) != 0 ? MuBias - magnitude : magnitude - MuBias);
    }

    private static short ALawToLinear(int octet)
    {
        octet ^= 0x55;
        var exponent = (octet & 0x70) >> 4;
        var magnitude = ((octet & 0x0F) << 4) + 8;
        if (exponent > 0) magnitude = (magnitude + 0x100) << (exponent - 1);
        return (short)((octet & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static T[] Table<T>(Func<int, T> of)
    {
        var table = new T[256];
        for (var octet = 0; octet < table.Length; octet++) table[octet] = of(octet);
        return table;
    }
}
