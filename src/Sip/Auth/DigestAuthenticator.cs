using System.Security.Cryptography;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Auth;

/// <summary>What came of checking a request. Everything but <see cref="Accepted"/> is answered by the same challenge.</summary>
public enum DigestOutcome : byte
{
    /// <summary>The digest is right and its nonce and count are fresh.</summary>
    Accepted,

    /// <summary>No Digest credentials for our realm.</summary>
    Missing,

    /// <summary>A field is missing or is not what RFC 7616 §3.4 says.</summary>
    Malformed,

    /// <summary>An algorithm that was not offered.</summary>
    AlgorithmNotOffered,

    /// <summary>No qop, or another than <c>auth</c>; without it a digest can be replayed.</summary>
    QopNotOffered,

    /// <summary>The digest was made for another URI than the request has (RFC 7616 §3.4.6).</summary>
    OtherUri,

    /// <summary>The user is unknown or the password wrong; nobody outside can tell which.</summary>
    Refused,

    /// <summary>The digest is right, the nonce is too old or not ours: the challenge says <c>stale=true</c>.</summary>
    Stale,

    /// <summary>The digest is right, but its nonce count was used before; answered like <see cref="Stale"/>.</summary>
    Replayed,
}

/// <summary>How a <see cref="DigestAuthenticator"/> asks and how long its nonces live.</summary>
/// <param name="Realm">The realm; without quotes, backslashes and line ends.</param>
/// <param name="NonceLifetime">How long a nonce may be used.</param>
/// <param name="MaxNonces">How many used nonces are remembered; older ones become stale early.</param>
/// <param name="OfferMd5">Also offer MD5, after SHA-256 (RFC 8760 §2.4); many phones know nothing else.</param>
/// <param name="RequireSameUri">Refuse a digest made for another Request-URI; off behind a proxy that rewrites it.</param>
public sealed record DigestPolicy(
    string Realm, TimeSpan NonceLifetime, int MaxNonces = 16_384, bool OfferMd5 = true, bool RequireSameUri = true);

/// <summary>
/// The server side of Digest (RFC 3261 §22, RFC 7616, RFC 8760): challenges requests and checks their credentials, with
/// SHA-256 or MD5 and qop=auth. Belongs to one thread.
/// </summary>
public sealed class DigestAuthenticator
{
    private readonly DigestPolicy _policy;
    private readonly NonceLedger _nonces;
    private readonly byte[] _realm;
    private readonly DigestSecret _nobody;

    /// <summary>Makes an authenticator.</summary>
    /// <param name="policy">How to ask.</param>
    /// <param name="key">Secret bytes for signing nonces; new for every start, or old nonces could be replayed.</param>
    /// <param name="clock">Measures the age of nonces.</param>
    /// <exception cref="ArgumentException">The key is shorter than 16 bytes or the realm has characters that need escapes.</exception>
    public DigestAuthenticator(DigestPolicy policy, ReadOnlySpan<byte> key, TimeProvider clock)
    {
        if (key.Length < 16) throw new ArgumentException("At least 16 bytes.", nameof(key));
        if (policy.Realm.AsSpan().IndexOfAny("\"\\\r\n") >= 0 || policy.Realm.Length == 0)
            throw new ArgumentException("A realm is not empty and needs no escapes.", nameof(policy));
        _policy = policy;
        _realm = System.Text.Encoding.UTF8.GetBytes(policy.Realm);
        _nonces = new(key.ToArray(), clock, policy.NonceLifetime, Math.Max(1, policy.MaxNonces));
        _nobody = DigestSecret.FromPassword("", policy.Realm, Convert.ToHexString(SHA256.HashData(key)));
    }

    /// <summary>How many used nonces are remembered.</summary>
    public int RememberedNonces => _nonces.Remembered;

    /// <summary>
    /// Adds the challenges to a 401 (WWW-Authenticate) or 407 (Proxy-Authenticate): SHA-256 first, then MD5
    /// (RFC 8760 §2.4).
    /// </summary>
    /// <param name="response">The response being built.</param>
    /// <param name="header">WWW-Authenticate or Proxy-Authenticate.</param>
    /// <param name="outcome">Why; <c>stale=true</c> is said when the password was right.</param>
    /// <param name="md5Only">Leave SHA-256 out, for user agents that give up when they meet it; nothing where MD5 is not offered.</param>
    public void Challenge(SipResponseBuilder response, HeaderName header, DigestOutcome outcome, bool md5Only = false)
    {
        var stale = outcome is DigestOutcome.Stale or DigestOutcome.Replayed;
        if (!md5Only || !_policy.OfferMd5) response.Header(header, Challenge(DigestAlgorithm.Sha256, stale));
        if (_policy.OfferMd5) response.Header(header, Challenge(DigestAlgorithm.Md5, stale));
    }

    /// <summary>Checks the credentials of a request.</summary>
    /// <param name="request">The request; ACK and CANCEL are never challenged (RFC 3261 §22.1).</param>
    /// <param name="header">Authorization or Proxy-Authorization.</param>
    /// <param name="secrets">The secret of a user, null for an unknown one.</param>
    /// <param name="user">The proven user name when accepted, else null.</param>
    public DigestOutcome Check(SipRequest request, HeaderName header, Func<string, DigestSecret?> secrets, out string? user)
    {
        user = null;
        foreach (var row in request.Rows(header))
        {
            if (!DigestCredentials.TryParse(row, out var credentials) || !credentials.Realm.SequenceEqual(_realm)) continue;
            return Check(request, credentials, secrets, out user);
        }

        return DigestOutcome.Missing;
    }

    /// <summary>The user a request claims to be by its credentials for our realm, proven or not; null without such credentials.</summary>
    public string? ClaimedUser(SipRequest request, HeaderName header)
    {
        foreach (var row in request.Rows(header))
        {
            if (DigestCredentials.TryParse(row, out var credentials) && credentials.Realm.SequenceEqual(_realm)) return credentials.UsernameText;
        }

        return null;
    }

    private DigestOutcome Check(
        SipRequest request, in DigestCredentials given, Func<string, DigestSecret?> secrets, out string? user)
    {
        user = null;
        if (given.Algorithm == DigestAlgorithm.Unknown || (given.Algorithm == DigestAlgorithm.Md5 && !_policy.OfferMd5))
            return DigestOutcome.AlgorithmNotOffered;
        if (!SipText.EqualsIgnoreCase(given.Qop, "auth"u8)) return DigestOutcome.QopNotOffered;
        if (given.Username.IsEmpty || given.Uri.IsEmpty || given.ClientNonce.IsEmpty
            || given.Response.Length != given.Algorithm.HexLength() || !TryCount(given.NonceCount, out var count))
        {
            return DigestOutcome.Malformed;
        }

        if (_policy.RequireSameUri && !IsSameUri(given.Uri, request.RequestUri)) return DigestOutcome.OtherUri;

        // An unknown user goes the same way with a secret nobody has, so neither answer nor time tells the two apart.
        var name = given.UsernameText;
        var known = secrets(name);
        var isRight = HasRightResponse(request, given, known ?? _nobody) & known is not null;
        var state = _nonces.Judge(given.Algorithm, given.Nonce, count, out var serial);
        if (!isRight) return DigestOutcome.Refused;
        switch (state)
        {
            case NonceState.Foreign or NonceState.Expired: return DigestOutcome.Stale;
            case NonceState.Replayed: return DigestOutcome.Replayed;
            default:
                _nonces.MarkUsed(serial, count);
                user = name;
                return DigestOutcome.Accepted;
        }
    }

    private static bool HasRightResponse(SipRequest request, in DigestCredentials given, DigestSecret secret)
    {
        var input = new DigestInput
        {
            Method = request.MethodName,
            Uri = given.Uri,
            Nonce = given.Nonce,
            Qop = given.Qop,
            NonceCount = given.NonceCount,
            ClientNonce = given.ClientNonce,
        };
        Span<byte> hex = stackalloc byte[DigestAlgorithms.LongestHex];
        Span<byte> lower = stackalloc byte[DigestAlgorithms.LongestHex];
        var right = DigestResponse.Compute(given.Algorithm, secret.For(given.Algorithm), input, hex);
        _ = System.Text.Ascii.ToLower(given.Response, lower, out var length);
        return CryptographicOperations.FixedTimeEquals(right, lower[..length]);
    }

    /// <summary>nc is exactly eight hex digits (RFC 7616 §3.4) and counts from 1.</summary>
    private static bool TryCount(ReadOnlySpan<byte> text, out uint count)
    {
        count = 0;
        if (text.Length != 8) return false;
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit((char)digit)) return false;
            count = (count << 4) | (uint)(char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return count > 0;
    }

    private static bool IsSameUri(ReadOnlySpan<byte> given, ReadOnlySpan<byte> requestUri) =>
        given.SequenceEqual(requestUri)
        || (SipUri.TryParse(given, out var a) && SipUri.TryParse(requestUri, out var b) && a.IsEquivalentTo(b));

    private string Challenge(DigestAlgorithm algorithm, bool stale)
    {
        Span<byte> nonce = stackalloc byte[NonceLedger.TextLength];
        _nonces.Make(algorithm, nonce);
        var text = $"Digest realm=\"{_policy.Realm}\", nonce=\"{System.Text.Encoding.ASCII.GetString(nonce)}\", "
            + $"algorithm={System.Text.Encoding.ASCII.GetString(algorithm.Name())}, qop=\"auth\"";
        return stale ? text + ", stale=true" : text;
    }
}
