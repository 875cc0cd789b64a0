using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Auth;

/// <summary>How a trunk or registrar knows us.</summary>
/// <param name="User">The user name.</param>
/// <param name="Password">The password.</param>
/// <param name="Realm">The only realm that gets an answer; null for any.</param>
public sealed record DigestLogin(string User, string Password, string? Realm = null);

/// <summary>Why a challenge was not answered.</summary>
public enum DigestAnswerFault : byte
{
    /// <summary>The challenge was answered.</summary>
    None,

    /// <summary>The response is neither 401 nor 407.</summary>
    NotAChallenge,

    /// <summary>No challenge of our realm with an algorithm and qop known here.</summary>
    NothingUsable,

    /// <summary>The request had an answer for this realm already and the challenge is not stale: the password is wrong (RFC 3261 §22.2).</summary>
    AlreadyRefused,
}

/// <summary>A header that answers a challenge.</summary>
/// <param name="Header">Authorization or Proxy-Authorization.</param>
/// <param name="Value">Its value.</param>
public sealed record DigestAnswer(HeaderName Header, string Value);

/// <summary>The client side of Digest (RFC 3261 §22.2, §22.3): answers a 401 or 407, preferring SHA-256 to MD5 (RFC 8760 §2.3).</summary>
public static class DigestClient
{
    /// <summary>Answers the challenge to a request; the header goes into the request when it is sent again with the next CSeq.</summary>
    /// <param name="request">The request that was challenged.</param>
    /// <param name="response">The 401 or 407.</param>
    /// <param name="login">Who we are.</param>
    /// <param name="clientNonce">Random text without quotes, new for every answer.</param>
    /// <param name="answer">The header to add; null on a fault.</param>
    public static DigestAnswerFault TryAnswer(
        SipRequest request, SipResponse response, DigestLogin login, string clientNonce, out DigestAnswer? answer)
    {
        answer = null;
        if (response.Status is not (401 or 407)) return DigestAnswerFault.NotAChallenge;
        var isProxy = response.Status == 407;
        var answerHeader = isProxy ? HeaderName.ProxyAuthorization : HeaderName.Authorization;
        if (!TryChoose(response, isProxy ? HeaderName.ProxyAuthenticate : HeaderName.WwwAuthenticate, login, out var challenge))
            return DigestAnswerFault.NothingUsable;
        if (!challenge.IsStale && HasAnswered(request, answerHeader, challenge.Realm)) return DigestAnswerFault.AlreadyRefused;
        answer = new(answerHeader, Write(request, challenge, login, clientNonce));
        return DigestAnswerFault.None;
    }

    private static bool TryChoose(SipResponse response, HeaderName header, DigestLogin login, out DigestChallenge best)
    {
        best = default;
        foreach (var row in response.Rows(header))
        {
            if (!DigestChallenge.TryParse(row, out var challenge) || challenge.Algorithm == DigestAlgorithm.Unknown) continue;
            if (challenge.HasQop && !challenge.OffersAuth) continue;
            if (login.Realm is not null && SipText.Unescape(challenge.Realm) != login.Realm) continue;
            if (challenge.Algorithm > best.Algorithm) best = challenge;
        }

        return best.Algorithm != DigestAlgorithm.Unknown;
    }

    private static bool HasAnswered(SipRequest request, HeaderName header, ReadOnlySpan<byte> realm)
    {
        foreach (var row in request.Rows(header))
        {
            if (DigestCredentials.TryParse(row, out var earlier) && earlier.Realm.SequenceEqual(realm)) return true;
        }

        return false;
    }

    private static string Write(SipRequest request, in DigestChallenge challenge, DigestLogin login, string clientNonce)
    {
        var realm = Encoding.UTF8.GetString(challenge.Realm);
        var a1 = Encoding.UTF8.GetBytes($"{login.User}:{SipText.Unescape(challenge.Realm)}:{login.Password}");
        var input = new DigestInput
        {
            Method = request.MethodName,
            Uri = request.RequestUri,
            Nonce = challenge.Nonce,
            Qop = challenge.OffersAuth ? "auth"u8 : default,
            NonceCount = "00000001"u8,
            ClientNonce = Encoding.UTF8.GetBytes(clientNonce),
        };
        Span<byte> hex = stackalloc byte[DigestAlgorithms.LongestHex];
        var response = DigestResponse.Compute(challenge.Algorithm, DigestSecret.Hash(challenge.Algorithm, a1), input, hex);

        var text = new StringBuilder(320)
            .Append("Digest username=\"").Append(Escape(login.User))
            .Append("\", realm=\"").Append(realm)
            .Append("\", nonce=\"").Append(Encoding.UTF8.GetString(challenge.Nonce))
            .Append("\", uri=\"").Append(Encoding.UTF8.GetString(request.RequestUri))
            .Append("\", response=\"").Append(Encoding.ASCII.GetString(response))
            .Append("\", algorithm=").Append(Encoding.ASCII.GetString(challenge.Algorithm.Name()));
        if (challenge.OffersAuth) text.Append(", qop=auth, nc=00000001, cnonce=\"").Append(clientNonce).Append('"');
        if (!challenge.Opaque.IsEmpty) text.Append(", opaque=\"").Append(Encoding.UTF8.GetString(challenge.Opaque)).Append('"');
        return text.ToString();
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
