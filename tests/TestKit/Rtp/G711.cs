namespace Switchhook.TestKit.Rtp;

/// <summary>G.711 by the definition in ITU-T G.711, bit by bit: slow, and not the product's tables.</summary>
public static class G711
{
    /// <summary>One µ-law octet to 16-bit linear.</summary>
    public static short DecodeMu(byte octet)
    {
        var code = ~octet & 0xFF;
        var magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
        return (short)((code & 0x80) != 0 ? -magnitude : magnitude);
    }

    /// <summary>One A-law octet to 16-bit linear.</summary>
    public static short DecodeA(byte octet)
    {
        var code = octet ^ 0x55;
        var (segment, mantissa) = ((code >> 4) & 7, code & 0x0F);
        var magnitude = segment == 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (segment - 1);
        return (short)((code & 0x80) != 0 ? magnitude : -magnitude);
    }

    /// <summary>16-bit linear to the nearest µ-law octet.</summary>
    public static byte EncodeMu(short sample) => Nearest(sample, DecodeMu);

    /// <summary>16-bit linear to the nearest A-law octet.</summary>
    public static byte EncodeA(short sample) => Nearest(sample, DecodeA);

    private static byte Nearest(short sample, Func<byte, short> decode)
    {
        var (best, distance) = (0, int.MaxValue);
        for (var octet = 0; octet < 256; octet++)
        {
            var d = Math.Abs(decode((byte)octet) - sample);
            if (d < distance)
                (best, distance) = (octet, d);
        }
        return (byte)best;
    }
}
