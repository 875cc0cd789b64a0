using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Auth;

/// <summary>One Digest challenge of a 401 or 407 (RFC 7616 §3.3); quoted values without their quotes, escapes left in.</summary>
public readonly ref struct DigestChallenge
{
    /// <summary>Whose users are asked for.</summary>
    public ReadOnlySpan<byte> Realm { get; private init; }

    /// <summary>What the digest is made with.</summary>
    public ReadOnlySpan<byte> Nonce { get; private init; }

    /// <summary>What the answer gives back unread; empty when absent.</summary>
    public ReadOnlySpan<byte> Opaque { get; private init; }

    /// <summary>The hash; MD5 when none is named.</summary>
    public DigestAlgorithm Algorithm { get; private init; }

    /// <summary>True when only the nonce was too old and the same password will do (§3.3).</summary>
    public bool IsStale { get; private init; }

    /// <summary>True when the challenge names qop at all.</summary>
    public bool HasQop { get; private init; }

    /// <summary>True when qop lists <c>auth</c>.</summary>
    public bool OffersAuth { get; private init; }

    /// <summary>Reads one row of WWW-Authenticate or Proxy-Authenticate; false for another scheme or without realm and nonce.</summary>
    public static bool TryParse(ReadOnlySpan<byte> row, out DigestChallenge challenge)
    {
        challenge = default;
        if (!AuthFields.TryParse(row, out var fields) || !SipText.EqualsIgnoreCase(fields.Scheme, "Digest"u8)) return false;
        var qop = fields.Get("qop"u8);
        challenge = new()
        {
            Realm = fields.Get("realm"u8),
            Nonce = fields.Get("nonce"u8),
            Opaque = fields.Get("opaque"u8),
            Algorithm = DigestAlgorithms.Parse(fields.Get("algorithm"u8)),
            IsStale = SipText.EqualsIgnoreCase(fields.Get("stale"u8), "true"u8),
            HasQop = !qop.IsEmpty,
            OffersAuth = Lists(qop, "auth"u8),
        };
        return !challenge.Realm.IsEmpty && !challenge.Nonce.IsEmpty;
    }

    private static bool Lists(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        while (!list.IsEmpty)
        {
            var comma = list.IndexOf((byte)',');
            if (SipText.EqualsIgnoreCase(SipText.Trim(comma < 0 ? list : list[..comma]), token)) return true;
            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return false;
    }
}

/// <summary>Digest credentials of a request (RFC 7616 §3.4); quoted values without their quotes, escapes left in.</summary>
public readonly ref struct DigestCredentials
{
    /// <summary>Who claims to ask.</summary>
    public ReadOnlySpan<byte> Username { get; private init; }

    /// <summary>The realm the digest was made for.</summary>
    public ReadOnlySpan<byte> Realm { get; private init; }

    /// <summary>The nonce of the challenge.</summary>
    public ReadOnlySpan<byte> Nonce { get; private init; }

    /// <summary>The URI the digest was made for.</summary>
    public ReadOnlySpan<byte> Uri { get; private init; }

    /// <summary>The digest in hex.</summary>
    public ReadOnlySpan<byte> Response { get; private init; }

    /// <summary>The nonce of the client; empty without qop.</summary>
    public ReadOnlySpan<byte> ClientNonce { get; private init; }

    /// <summary>The quality of protection chosen; empty for RFC 2069.</summary>
    public ReadOnlySpan<byte> Qop { get; private init; }

    /// <summary>The nonce count as written: eight hex digits.</summary>
    public ReadOnlySpan<byte> NonceCount { get; private init; }

    /// <summary>The hash; MD5 when none is named.</summary>
    public DigestAlgorithm Algorithm { get; private init; }

    /// <summary>The user name as text, escapes resolved.</summary>
    public string UsernameText => SipText.Unescape(Username);

    /// <summary>Reads one row of Authorization or Proxy-Authorization; false for another scheme.</summary>
    public static bool TryParse(ReadOnlySpan<byte> row, out DigestCredentials credentials)
    {
        credentials = default;
        if (!AuthFields.TryParse(row, out var fields) || !SipText.EqualsIgnoreCase(fields.Scheme, "Digest"u8)) return false;
        credentials = new()
        {
            Username = fields.Get("username"u8),
            Realm = fields.Get("realm"u8),
            Nonce = fields.Get("nonce"u8),
            Uri = fields.Get("uri"u8),
            Response = fields.Get("response"u8),
            ClientNonce = fields.Get("cnonce"u8),
            Qop = fields.Get("qop"u8),
            NonceCount = fields.Get("nc"u8),
            Algorithm = DigestAlgorithms.Parse(fields.Get("algorithm"u8)),
        };
        return true;
    }
}
