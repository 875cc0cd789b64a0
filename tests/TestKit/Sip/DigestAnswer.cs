using System.Globalization;
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
        var answer = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["realm"] = chosen["realm"],
            ["nonce"] = chosen["nonce"],
            ["uri"] = uri,
            ["algorithm"] = chosen.GetValueOrDefault("algorithm", "MD5"),
        };
        if (chosen.TryGetValue("opaque", out var opaque))
            answer["opaque"] = opaque;
        if (chosen.TryGetValue("qop", out var qop) && qop.Split(',', StringSplitOptions.TrimEntries).Contains("auth"))
        {
            answer["qop"] = "auth";
            answer["nc"] = NonceCount.ToString("x8", CultureInfo.InvariantCulture);
            answer["cnonce"] = "5ca1ab1e";
        }
        answer["username"] = User;
        answer["response"] = Response(answer, User, Secret, method);
        return "Digest " + string.Join(", ", answer.Select(a => a.Key is "algorithm" or "qop" or "nc" ? $"{a.Key}={a.Value}" : $"{a.Key}=\"{a.Value}\""));
    }

    /// <summary>The response that belongs to the parameters of an answer.</summary>
    internal static string Response(Dictionary<string, string> answer, string user, string secret, string method)
    {
        var algorithm = answer.GetValueOrDefault("algorithm", "MD5");
        var ha1 = Hash(algorithm, $"{user}:{answer["realm"]}:{secret}");
        var ha2 = Hash(algorithm, $"{method}:{answer["uri"]}");
        return answer.TryGetValue("qop", out var qop)
            ? Hash(algorithm, $"{ha1}:{answer["nonce"]}:{answer["nc"]}:{answer["cnonce"]}:{qop}:{ha2}")
            : Hash(algorithm, $"{ha1}:{answer["nonce"]}:{ha2}");
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
