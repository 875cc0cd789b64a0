using System.Security.Cryptography;
using System.Text;

namespace Switchhook.TestKit.Sip;

/// <summary>Answers a digest challenge (RFC 3261 §22.4, RFC 8760), with MD5 or SHA-256 and <c>qop=auth</c> when offered.</summary>
public sealed record DigestAnswer(string User, string Secret)
{
    /// <summary>The algorithm to choose among the challenges; null takes the first one that is known.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Number of the request under this nonce.</summary>
    public int NonceCount { get; init; } = 1;

    /// <summary>The header's value for a request, answering the challenges of a 401 or 407.</summary>
    /// <exception cref="InvalidOperationException">No challenge fits.</exception>
    public string For(IReadOnlyList<string> challenges, string method, string uri)
    {
        var chosen = challenges.Select(Read).FirstOrDefault(Fits)
            ?? throw new InvalidOperationException($"No challenge fits: {string.Join(" | ", challenges)}");
        var algorithm = chosen.GetValueOrDefault("algorithm", "MD5");
        var (realm, nonce) = (chosen["realm"], chosen["nonce"]);
        var ha1 = Hash(algorithm, $"{User}:{realm}:{Secret}");
        var ha2 = Hash(algorithm, $"{method}:{uri}");
        var answer = $"Digest username=\"{User}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", algorithm={algorithm}";
        if (chosen.TryGetValue("opaque", out var opaque))
            answer += $", opaque=\"{opaque}\"";
        if (!chosen.TryGetValue("qop", out var qop) || !qop.Split(',', StringSplitOptions.TrimEntries).Contains("auth"))
            return $"{answer}, response=\"{Hash(algorithm, $"{ha1}:{nonce}:{ha2}")}\"";
        const string ClientNonce = "5ca1ab1e";
        var count = NonceCount.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        var response = Hash(algorithm, $"{ha1}:{nonce}:{count}:{ClientNonce}:auth:{ha2}");
        return $"{answer}, qop=auth, nc={count}, cnonce=\"{ClientNonce}\", response=\"{response}\"";
    }

    /// <summary>The parameters of a challenge, names in lower case.</summary>
    public static Dictionary<string, string> Read(string challenge)
    {
        var result = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rest = challenge["Digest ".Length..];
        while (rest.Length > 0)
        {
            var equals = rest.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                break;
            var name = rest[..equals].Trim(' ', ',');
            rest = rest[(equals + 1)..];
            var quoted = rest.StartsWith('"');
            var end = quoted ? rest.IndexOf('"', 1) : rest.IndexOf(',', StringComparison.Ordinal);
            if (end < 0)
                end = rest.Length;
            result[name] = quoted ? rest[1..end] : rest[..end].Trim();
            rest = end + 1 < rest.Length ? rest[(end + 1)..] : "";
        }
        return result;
    }

    private bool Fits(Dictionary<string, string> challenge)
    {
        var offered = challenge.GetValueOrDefault("algorithm", "MD5");
        return Algorithm is null ? offered is "MD5" or "SHA-256" : offered.Equals(Algorithm, StringComparison.OrdinalIgnoreCase);
    }

    private static string Hash(string algorithm, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5351 // The protocol under test asks for MD5.
        return Convert.ToHexStringLower(algorithm.Equals("SHA-256", StringComparison.OrdinalIgnoreCase) ? SHA256.HashData(bytes) : MD5.HashData(bytes));
#pragma warning restore CA5351
    }
}
