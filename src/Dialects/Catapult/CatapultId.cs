using System.Security.Cryptography;
using Switchhook.Calls;

namespace Switchhook.Dialects.Catapult;

/// <summary>
/// Ids in the vendor's shape: a prefix, a hyphen and 24 letters and digits of base 32. What belongs to a call carries the call and a number
/// in it, so that nothing need be kept to find it again; the rest of the letters tell a right id from a wrong one.
/// </summary>
internal static class CatapultId
{
    public const string Call = "c";
    public const string Event = "ce";
    public const string Gather = "gtr";
    public const string Recording = "rec";
    public const string Transcription = "t";
    public const string Bridge = "brg";
    public const string Application = "a";
    public const string Error = "ue";
    public const string ErrorDetail = "ued";

    private const string Letters = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Length = 24;
    private const int NumberBits = 17;
    private const int CheckBits = 56;
    private const ulong Factor = 0x9E3779B97F4A7C15;
    private const ulong CheckFactor = 0xD1342543DE82EF95;

    private static readonly ulong Inverse = InverseOf(Factor);

    /// <summary>The id of a leg: this dialect's call. An attended transfer takes a leg to another call; its id stays.</summary>
    public static string Of(Leg leg) => Of(Call, leg.From ?? leg.Id);

    public static string Of(LegId leg) => Of(Call, leg);

    /// <summary>The id of something that has a number in a call.</summary>
    /// <param name="prefix">What it is.</param>
    /// <param name="number">The call, and the number up to 131,071.</param>
    public static string Of(string prefix, LegId number)
    {
        var value = ((ulong)number.Call.Value << NumberBits) | ((uint)number.Number & ((1u << NumberBits) - 1));
        var high = ulong.RotateLeft(value * Factor, 23);
        var whole = ((UInt128)high << CheckBits) | Check(prefix, value);
        return string.Create(prefix.Length + 1 + Length, (prefix, whole), static (text, id) =>
        {
            id.prefix.CopyTo(text);
            text[id.prefix.Length] = '-';
            for (var (i, left) = (text.Length - 1, id.whole); i > id.prefix.Length; i--, left >>= 5)
                text[i] = Letters[(int)(left & 31)];
        });
    }

    /// <summary>Reads what <see cref="Of(string, LegId)"/> writes; false for anything else.</summary>
    public static bool TryParse(string prefix, string text, out LegId number)
    {
        number = default;
        if (text.Length != prefix.Length + 1 + Length || !text.StartsWith(prefix, StringComparison.Ordinal) || text[prefix.Length] != '-')
            return false;
        UInt128 whole = 0;
        foreach (var letter in text.AsSpan(prefix.Length + 1))
        {
            var digit = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0)
                return false;
            whole = (whole << 5) | (uint)digit;
        }
        var value = ulong.RotateRight((ulong)(whole >> CheckBits), 23) * Inverse;
        if ((ulong)(whole & ((1ul << CheckBits) - 1)) != Check(prefix, value) || value >> NumberBits > CallId.MaxValue)
            return false;
        number = new LegId(new CallId((long)(value >> NumberBits)), (int)(value & ((1u << NumberBits) - 1)));
        return true;
    }

    /// <summary>An id nobody has had before.</summary>
    public static string New(string prefix) => $"{prefix}-{RandomNumberGenerator.GetString(Letters, Length)}";

    private static ulong Check(string prefix, ulong value)
    {
        foreach (var letter in prefix)
            value = (value + letter) * CheckFactor;
        return (value ^ (value >> 29)) * CheckFactor >> (64 - CheckBits);
    }

    /// <summary>What undoes a multiplication by an odd number, modulo 2^64: each round of Newton's doubles the bits that are right.</summary>
    private static ulong InverseOf(ulong odd)
    {
        var inverse = odd;
        for (var round = 0; round < 5; round++)
            inverse *= 2 - (odd * inverse);
        return inverse;
    }
}
