using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Auth;

/// <summary>The hash of a digest (RFC 8760 §2).</summary>
public enum DigestAlgorithm : byte
{
    /// <summary>One this stack does not compute.</summary>
    Unknown,

    /// <summary>RFC 2617; what is meant when none is named.</summary>
    Md5,

    /// <summary>RFC 7616.</summary>
    Sha256,
}

/// <summary>Names and sizes of the hashes, and the hashing itself.</summary>
internal static class DigestAlgorithms
{
    public const int LongestHex = 64;

    public static ReadOnlySpan<byte> Name(this DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => "MD5"u8,
        DigestAlgorithm.Sha256 => "SHA-256"u8,
        DigestAlgorithm.Unknown => [],
    };

    public static DigestAlgorithm Parse(ReadOnlySpan<byte> name) =>
        name.IsEmpty || SipText.EqualsIgnoreCase(name, "MD5"u8) ? DigestAlgorithm.Md5
        : SipText.EqualsIgnoreCase(name, "SHA-256"u8) ? DigestAlgorithm.Sha256
        : DigestAlgorithm.Unknown;

    /// <summary>How many hex digits a hash has.</summary>
    public static int HexLength(this DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Sha256 ? 64 : 32;

    /// <summary>The hash of the text in lower-case hex; returns the part of <paramref name="hex"/> written.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "RFC 3261 §22.4 phones know nothing else; SHA-256 is offered first.")]
    public static ReadOnlySpan<byte> Hash(this DigestAlgorithm algorithm, scoped ReadOnlySpan<byte> text, Span<byte> hex)
    {
        Span<byte> hash = stackalloc byte[32];
        var length = algorithm == DigestAlgorithm.Sha256 ? SHA256.HashData(text, hash) : MD5.HashData(text, hash);
        for (var i = 0; i < length; i++)
        {
            hex[2 * i] = HexDigit(hash[i] >> 4);
            hex[(2 * i) + 1] = HexDigit(hash[i] & 15);
        }

        return hex[..(2 * length)];
    }

    private static byte HexDigit(int value) => "0123456789abcdef"u8[value];
}
