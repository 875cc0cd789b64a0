using System.Text;

namespace Switchhook.Sip.Auth;

/// <summary>
/// What a user proves to know: the hash of user, realm and password for each algorithm (A1 of RFC 7616 §3.4.2). Enough to
/// check a digest, so a password need not be stored.
/// </summary>
public sealed class DigestSecret
{
    private readonly byte[] _md5;
    private readonly byte[] _sha256;

    private DigestSecret(byte[] md5, byte[] sha256)
    {
        _md5 = md5;
        _sha256 = sha256;
    }

    /// <summary>Hashes a password.</summary>
    public static DigestSecret FromPassword(string user, string realm, string password)
    {
        var a1 = Encoding.UTF8.GetBytes($"{user}:{realm}:{password}");
        return new(Hash(DigestAlgorithm.Md5, a1), Hash(DigestAlgorithm.Sha256, a1));
    }

    /// <summary>Takes stored hashes: 32 and 64 hex digits, lower case.</summary>
    public static bool TryFromHex(string md5, string sha256, out DigestSecret? secret)
    {
        secret = md5.Length == 32 && sha256.Length == 64 && IsHex(md5) && IsHex(sha256)
            ? new(Encoding.ASCII.GetBytes(md5), Encoding.ASCII.GetBytes(sha256))
            : null;
        return secret is not null;
    }

    /// <summary>The hash in lower-case hex.</summary>
    internal ReadOnlySpan<byte> For(DigestAlgorithm algorithm) => algorithm == DigestAlgorithm.Sha256 ? _sha256 : _md5;

    internal static byte[] Hash(DigestAlgorithm algorithm, ReadOnlySpan<byte> text)
    {
        var hex = new byte[algorithm.HexLength()];
        _ = algorithm.Hash(text, hex);
        return hex;
    }

    private static bool IsHex(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c)) return false;
        }

        return true;
    }
}
