using System.Buffers.Binary;

namespace Switchhook.Media.Dtmf;

/// <summary>The payload of a telephone event (RFC 4733 §2.3).</summary>
/// <param name="Code">0–15 are the digits of a telephone.</param>
/// <param name="End">The event is over; its packet is sent three times.</param>
/// <param name="Duration">So far, in timestamp units of 1/8000 s.</param>
internal readonly record struct TelephoneEvent(byte Code, bool End, ushort Duration)
{
    /// <summary>Octets of a payload.</summary>
    public const int Size = 4;

    private const byte Volume = 10;                         // −10 dBm0, a usual level
    private const string Digits = "0123456789*#ABCD";

    /// <summary>The digit, or null for events that are none.</summary>
    public char? Digit => Code < Digits.Length ? Digits[Code] : null;

    /// <summary>The event of a digit, or −1.</summary>
    public static int CodeOf(char digit) => Digits.IndexOf(char.ToUpperInvariant(digit), StringComparison.Ordinal);

    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent parsed)
    {
        parsed = default;
        if (payload.Length < Size) return false;
        parsed = new TelephoneEvent(payload[0], (payload[1] & 0x80) != 0, BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
        return true;
    }

    public void Write(Span<byte> payload)
    {
        payload[0] = Code;
        payload[1] = (byte)(End ? 0x80 | Volume : Volume);
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Duration);
    }
}
